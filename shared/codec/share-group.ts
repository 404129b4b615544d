import { type ByteReader, decodeFields } from './byte-reader.ts'
import { type PartitionMetadata, readPartitionMetadata } from './consumer-group.ts'
import { int32s, strings, type TopicIdPartitions, topicIdPartitions } from './flexible.ts'

/** Values of the records of share groups (KIP-932), key types 9 to 15, version 0 (spec 06 section 5.3). */

export interface TopicWithPartitions {
  readonly topicId: string
  readonly topicName: string
  readonly partitions: number[]
  /** Later than 4.2.0, ms since the epoch. */
  readonly createTimestamp?: number
}

export interface TopicName {
  readonly topicId: string
  readonly topicName: string
}

/** Key types 9 (3.9.1) and 15 (initializing from 4.1). */
export interface ShareGroupTopics {
  readonly initializingTopics?: TopicWithPartitions[]
  readonly initializedTopics: TopicWithPartitions[]
  readonly deletingTopics: TopicName[]
}

/** Key type 9. One version number, two layouts: 3.9.1 wrote topics as in type 15 without initializing, 4.0.0 as in type 4. */
export function readShareGroupPartitionMetadata(reader: ByteReader): ShareGroupTopics | PartitionMetadata {
  return firstThatFits<ShareGroupTopics | PartitionMetadata>(reader, [readInitializedTopics, readPartitionMetadata])
}

/** Key type 15. From 4.1 there are three lists, in 4.0.0 two; later than 4.2.0 topics carry a time. */
export function readShareGroupState(reader: ByteReader): ShareGroupTopics {
  return firstThatFits(reader, [readInitializingTopics, readInitializedTopics, readTimedTopics])
}

/** Key type 10. */
export interface ShareGroupMember {
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly subscribedTopicNames: string[]
}

export function readShareGroupMember(reader: ByteReader): ShareGroupMember {
  const member = {
    rackId: reader.compactNullableString('rack_id'),
    clientId: reader.compactString('client_id'),
    clientHost: reader.compactString('client_host'),
    subscribedTopicNames: strings(reader, 'subscribed_topic_names')
  }
  reader.taggedFields('tagged_fields')
  return member
}

/** Key type 11. */
export interface ShareGroupEpoch {
  readonly epoch: number
  /** From 4.1; decimal digits beyond ±(2^53 - 1). */
  readonly metadataHash?: number | string
}

/** The hash is a plain field, so only the size tells whether it is there: eight bytes and at least a tag count. */
export function readShareGroupEpoch(reader: ByteReader): ShareGroupEpoch {
  const epoch = reader.int32('epoch')
  const group = reader.remaining > 8 ? { epoch, metadataHash: reader.wideInt64('metadata_hash') } : { epoch }
  reader.taggedFields('tagged_fields')
  return group
}

/** Key type 14. */
export interface ShareGroupCurrentAssignment {
  readonly memberEpoch: number
  readonly previousMemberEpoch: number
  readonly state: number
  readonly assignedPartitions: TopicIdPartitions[]
}

export function readShareGroupCurrentAssignment(reader: ByteReader): ShareGroupCurrentAssignment {
  const assignment = {
    memberEpoch: reader.int32('member_epoch'),
    previousMemberEpoch: reader.int32('previous_member_epoch'),
    state: reader.int8('state'),
    assignedPartitions: topicIdPartitions(reader, 'assigned_partitions')
  }
  reader.taggedFields('tagged_fields')
  return assignment
}

function readInitializingTopics(reader: ByteReader): ShareGroupTopics {
  return {
    initializingTopics: topicsWithPartitions(reader, false),
    ...readInitializedTopics(reader)
  }
}

function readInitializedTopics(reader: ByteReader): ShareGroupTopics {
  const topics = { initializedTopics: topicsWithPartitions(reader, false), deletingTopics: topicNames(reader) }
  reader.taggedFields('tagged_fields')
  return topics
}

function readTimedTopics(reader: ByteReader): ShareGroupTopics {
  const topics = {
    initializingTopics: topicsWithPartitions(reader, true),
    initializedTopics: topicsWithPartitions(reader, true),
    deletingTopics: topicNames(reader)
  }
  reader.taggedFields('tagged_fields')
  return topics
}

function topicsWithPartitions(reader: ByteReader, hasTime: boolean): TopicWithPartitions[] {
  return reader.compactArray('topics', () => {
    const topic = {
      topicId: reader.uuid('topic_id'),
      topicName: reader.compactString('topic_name'),
      partitions: int32s(reader, 'partitions'),
      ...(hasTime && { createTimestamp: reader.int64('create_timestamp') })
    }
    reader.taggedFields('tagged_fields')
    return topic
  })
}

function topicNames(reader: ByteReader): TopicName[] {
  return reader.compactArray('deleting_topics', () => {
    const topic = { topicId: reader.uuid('topic_id'), topicName: reader.compactString('topic_name') }
    reader.taggedFields('tagged_fields')
    return topic
  })
}

/** The first layout that uses up all the bytes; if none does, the first one says where it stopped. */
function firstThatFits<T>(
  reader: ByteReader,
  layouts: readonly [(reader: ByteReader) => T, ...((reader: ByteReader) => T)[]]
): T {
  for (const layout of layouts) {
    const attempt = reader.fork()
    const decoded = decodeFields(() => layout(attempt))
    if (decoded.ok && attempt.remaining === 0) return decoded.value
  }
  return layouts[0](reader)
}
