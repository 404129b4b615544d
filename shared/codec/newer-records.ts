import { ByteReader, type Decoded, decodeFields } from './byte-reader.ts'
import {
  type ConsumerGroupEpoch,
  type ConsumerGroupMember,
  type CurrentAssignment,
  type PartitionMetadata,
  type ResolvedRegularExpression,
  readConsumerGroupEpoch,
  readConsumerGroupMember,
  readCurrentAssignment,
  readPartitionMetadata,
  readResolvedRegularExpression,
  readTargetAssignment,
  readTargetAssignmentEpoch,
  type TargetAssignment,
  type TargetAssignmentEpoch
} from './consumer-group.ts'
import {
  readShareGroupCurrentAssignment,
  readShareGroupEpoch,
  readShareGroupMember,
  readShareGroupPartitionMetadata,
  readShareGroupState,
  type ShareGroupCurrentAssignment,
  type ShareGroupEpoch,
  type ShareGroupMember,
  type ShareGroupTopics
} from './share-group.ts'
import {
  readStreamsCurrentAssignment,
  readStreamsGroupEpoch,
  readStreamsGroupMember,
  readStreamsResolvedTopics,
  readStreamsTargetAssignment,
  readStreamsTopology,
  type StreamsCurrentAssignment,
  type StreamsGroupEpoch,
  type StreamsGroupMember,
  type StreamsResolvedTopics,
  type StreamsTasks,
  type StreamsTopology
} from './streams-group.ts'

/**
 * Records of the newer kinds of groups in `__consumer_offsets`, key types 3 to 24 (spec 06 section 5; Kafka's
 * group-coordinator record schemas). Their offsets are still commits of key type 1, so lag needs none of this; it tells owners and deletion.
 * Kafka adds types and versions: an unknown one is an outcome, not an error. Any thread.
 */
export interface NewerValues {
  3: ConsumerGroupEpoch
  4: PartitionMetadata
  5: ConsumerGroupMember
  6: TargetAssignmentEpoch
  7: TargetAssignment
  8: CurrentAssignment
  9: ShareGroupTopics | PartitionMetadata
  10: ShareGroupMember
  11: ShareGroupEpoch
  12: TargetAssignmentEpoch
  13: TargetAssignment
  14: ShareGroupCurrentAssignment
  15: ShareGroupTopics
  16: ResolvedRegularExpression
  17: StreamsGroupEpoch
  18: PartitionMetadata
  19: StreamsGroupMember
  20: TargetAssignmentEpoch
  21: StreamsTasks
  22: StreamsCurrentAssignment
  23: StreamsTopology
  24: StreamsResolvedTopics
}

export type NewerKeyType = keyof NewerValues

interface NewerRecord<T> {
  readonly name: string
  /** What follows the group in the key. */
  readonly keyField?: 'memberId' | 'regularExpression'
  readonly read: (reader: ByteReader) => T
}

const recordByType: { readonly [T in NewerKeyType]: NewerRecord<NewerValues[T]> } = {
  3: { name: 'consumer group epoch', read: readConsumerGroupEpoch },
  4: { name: 'consumer group partition metadata', read: readPartitionMetadata },
  5: { name: 'consumer group member', keyField: 'memberId', read: readConsumerGroupMember },
  6: { name: 'consumer group target assignment epoch', read: readTargetAssignmentEpoch },
  7: { name: 'consumer group target assignment', keyField: 'memberId', read: readTargetAssignment },
  8: { name: 'consumer group current assignment', keyField: 'memberId', read: readCurrentAssignment },
  9: { name: 'share group partition metadata', read: readShareGroupPartitionMetadata },
  10: { name: 'share group member', keyField: 'memberId', read: readShareGroupMember },
  11: { name: 'share group epoch', read: readShareGroupEpoch },
  12: { name: 'share group target assignment epoch', read: readTargetAssignmentEpoch },
  13: { name: 'share group target assignment', keyField: 'memberId', read: readTargetAssignment },
  14: { name: 'share group current assignment', keyField: 'memberId', read: readShareGroupCurrentAssignment },
  15: { name: 'share group state partitions', read: readShareGroupState },
  16: {
    name: 'consumer group regular expression',
    keyField: 'regularExpression',
    read: readResolvedRegularExpression
  },
  17: { name: 'streams group epoch', read: readStreamsGroupEpoch },
  18: { name: 'streams group partition metadata', read: readPartitionMetadata },
  19: { name: 'streams group member', keyField: 'memberId', read: readStreamsGroupMember },
  20: { name: 'streams group target assignment epoch', read: readTargetAssignmentEpoch },
  21: { name: 'streams group target assignment', keyField: 'memberId', read: readStreamsTargetAssignment },
  22: { name: 'streams group current assignment', keyField: 'memberId', read: readStreamsCurrentAssignment },
  23: { name: 'streams group topology', read: readStreamsTopology },
  24: { name: 'streams group resolved topics', read: readStreamsResolvedTopics }
}

const classicNames = ['legacy offset commit', 'offset commit', 'classic group metadata'] as const

/** Name of any key type, for logs: 'unknown' if we do not know it. */
export function keyTypeName(keyType: number): string {
  return isNewerKeyType(keyType) ? recordByType[keyType].name : (classicNames[keyType] ?? 'unknown')
}

export function isNewerKeyType(keyType: number): keyType is NewerKeyType {
  return Object.hasOwn(recordByType, keyType)
}

export interface NewerKey {
  readonly keyType: NewerKeyType
  readonly group: string
  readonly memberId?: string
  readonly regularExpression?: string
}

export type Outcome<T> =
  | { readonly kind: 'decoded'; readonly value: T }
  /** A key type or value version that we do not know; `number` says which. */
  | { readonly kind: 'unknown'; readonly what: 'key type' | 'value version'; readonly number: number }
  | { readonly kind: 'broken'; readonly field: string }

/** type int16 | group string16 | member id or regular expression string16, where the type has one. */
export function decodeNewerKey(bytes: Uint8Array, at: number, length: number): Outcome<NewerKey> {
  const reader = new ByteReader(bytes, at, length)
  const type = decodeFields(() => reader.int16('key version'))
  if (!type.ok) return { kind: 'broken', field: type.field }
  const keyType = type.value
  if (!isNewerKeyType(keyType)) return { kind: 'unknown', what: 'key type', number: keyType }
  return outcome(
    decodeFields(() => {
      const group = reader.string16('group')
      switch (recordByType[keyType].keyField) {
        case 'memberId':
          return { keyType, group, memberId: reader.string16('member_id') }
        case 'regularExpression':
          return { keyType, group, regularExpression: reader.string16('regular_expression') }
        default:
          return { keyType, group }
      }
    })
  )
}

/** A null value is a tombstone: ask before. Only version 0 exists so far. Bytes after what we know are ignored. */
export function decodeNewerValue<T extends NewerKeyType>(
  keyType: T,
  bytes: Uint8Array,
  at: number,
  length: number
): Outcome<NewerValues[T]> {
  const reader = new ByteReader(bytes, at, length)
  const version = decodeFields(() => reader.int16('value version'))
  if (!version.ok) return { kind: 'broken', field: version.field }
  if (version.value !== 0) return { kind: 'unknown', what: 'value version', number: version.value }
  return outcome(decodeFields(() => recordByType[keyType].read(reader)))
}

function outcome<T>(decoded: Decoded<T>): Outcome<T> {
  return decoded.ok ? { kind: 'decoded', value: decoded.value } : { kind: 'broken', field: decoded.field }
}
