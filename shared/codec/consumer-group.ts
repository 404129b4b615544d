import type { ByteReader } from './byte-reader.ts'
import { strings, type TopicIdPartitions, topicIdPartitions } from './flexible.ts'

/** Values of the records of KIP-848 consumer groups, key types 3 to 8 and 16, version 0 (spec 06 section 5.3). */

/** Key type 3. */
export interface ConsumerGroupEpoch {
  readonly epoch: number
  /** From 4.1, left out when 0; decimal digits beyond ±(2^53 - 1). */
  readonly metadataHash?: number | string
  /** Later than 4.2.0, ms since the epoch. */
  readonly creationTimeMs?: number
}

export function readConsumerGroupEpoch(reader: ByteReader): ConsumerGroupEpoch {
  const epoch = reader.int32('epoch')
  let metadataHash: number | string | undefined
  let creationTimeMs: number | undefined
  reader.taggedFields('tagged_fields', (tag, inside) => {
    if (tag === 0) metadataHash = inside.wideInt64('metadata_hash')
    if (tag === 1) creationTimeMs = inside.int64('creation_time')
  })
  return {
    epoch,
    ...(metadataHash !== undefined && { metadataHash }),
    ...(creationTimeMs !== undefined && { creationTimeMs })
  }
}

/** Key types 4, 9 and 18 (written up to 4.0). */
export interface PartitionMetadata {
  readonly topics: {
    readonly topicId: string
    readonly topicName: string
    readonly numPartitions: number
    readonly partitionMetadata: { readonly partition: number; readonly racks: string[] }[]
  }[]
}

export function readPartitionMetadata(reader: ByteReader): PartitionMetadata {
  const topics = reader.compactArray('topics', () => {
    const topic = {
      topicId: reader.uuid('topic_id'),
      topicName: reader.compactString('topic_name'),
      numPartitions: reader.int32('partition_count'),
      partitionMetadata: reader.compactArray('partition_metadata', () => {
        const metadata = { partition: reader.int32('partition'), racks: strings(reader, 'racks') }
        reader.taggedFields('tagged_fields')
        return metadata
      })
    }
    reader.taggedFields('tagged_fields')
    return topic
  })
  reader.taggedFields('tagged_fields')
  return { topics }
}

/** Key type 5: who a member is. Its partitions are in key type 8. */
export interface ConsumerGroupMember {
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly subscribedTopicNames: string[]
  readonly subscribedTopicRegex: string | null
  readonly rebalanceTimeoutMs: number
  readonly serverAssignor: string | null
  /** Set while the member still speaks the classic protocol. Left out if the record has no such field. */
  readonly classicMemberMetadata?: ClassicMember | null
}

export interface ClassicMember {
  readonly sessionTimeoutMs: number
  readonly supportedProtocols: { readonly name: string; readonly metadata: Uint8Array }[]
}

export function readConsumerGroupMember(reader: ByteReader): ConsumerGroupMember {
  const member = {
    instanceId: reader.compactNullableString('instance_id'),
    rackId: reader.compactNullableString('rack_id'),
    clientId: reader.compactString('client_id'),
    clientHost: reader.compactString('client_host'),
    subscribedTopicNames: strings(reader, 'subscribed_topic_names'),
    subscribedTopicRegex: reader.compactNullableString('subscribed_topic_regex'),
    rebalanceTimeoutMs: reader.int32('rebalance_timeout'),
    serverAssignor: reader.compactNullableString('server_assignor')
  }
  let classic: ClassicMember | null | undefined
  reader.taggedFields('tagged_fields', (tag, inside) => {
    if (tag === 0) classic = readClassicMember(inside)
  })
  return { ...member, ...(classic !== undefined && { classicMemberMetadata: classic }) }
}

/** A nullable struct inside a tagged field is marked by a varint: 0 null, 1 present. (As a plain field by an int8: -1, 1.) */
function readClassicMember(reader: ByteReader): ClassicMember | null {
  if (reader.unsignedVarint('classic_member') === 0) return null
  const classic = {
    sessionTimeoutMs: reader.int32('session_timeout'),
    supportedProtocols: reader.compactArray('supported_protocols', () => {
      const protocol = {
        name: reader.compactString('protocol_name'),
        metadata: reader.compactBytes('protocol_metadata') ?? new Uint8Array(0)
      }
      reader.taggedFields('tagged_fields')
      return protocol
    })
  }
  reader.taggedFields('tagged_fields')
  return classic
}

/** Key types 6, 12 and 20. */
export interface TargetAssignmentEpoch {
  readonly assignmentEpoch: number
  /** Later than 4.2.0, ms since the epoch. */
  readonly assignmentTimestamp?: number
}

export function readTargetAssignmentEpoch(reader: ByteReader): TargetAssignmentEpoch {
  const assignmentEpoch = reader.int32('assignment_epoch')
  let assignmentTimestamp: number | undefined
  reader.taggedFields('tagged_fields', (tag, inside) => {
    if (tag === 0 && inside.remaining >= 8) assignmentTimestamp = inside.int64('assignment_timestamp')
  })
  return { assignmentEpoch, ...(assignmentTimestamp !== undefined && { assignmentTimestamp }) }
}

/** Key types 7 and 13. */
export interface TargetAssignment {
  readonly topicPartitions: TopicIdPartitions[]
}

export function readTargetAssignment(reader: ByteReader): TargetAssignment {
  const assignment = { topicPartitions: topicIdPartitions(reader, 'topic_partitions') }
  reader.taggedFields('tagged_fields')
  return assignment
}

/** Key type 8: what a member of a consumer group has now. */
export interface CurrentAssignment {
  readonly memberEpoch: number
  readonly previousMemberEpoch: number
  readonly state: number
  readonly assignedPartitions: TopicIdPartitions[]
  readonly partitionsPendingRevocation: TopicIdPartitions[]
}

export function readCurrentAssignment(reader: ByteReader): CurrentAssignment {
  const assignment = {
    memberEpoch: reader.int32('member_epoch'),
    previousMemberEpoch: reader.int32('previous_member_epoch'),
    state: reader.int8('state'),
    assignedPartitions: topicIdPartitions(reader, 'assigned_partitions'),
    partitionsPendingRevocation: topicIdPartitions(reader, 'partitions_pending_revocation')
  }
  reader.taggedFields('tagged_fields')
  return assignment
}

/** Key type 16: what a regular expression was found to match. */
export interface ResolvedRegularExpression {
  readonly topics: string[]
  readonly version: number | string
  readonly timestamp: number
}

export function readResolvedRegularExpression(reader: ByteReader): ResolvedRegularExpression {
  const resolved = {
    topics: strings(reader, 'topics'),
    version: reader.wideInt64('version'),
    timestamp: reader.int64('timestamp')
  }
  reader.taggedFields('tagged_fields')
  return resolved
}
