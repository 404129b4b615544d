import { ByteReader, type Decoded, decodeFields } from './byte-reader.ts'

/**
 * What members of protocol type `consumer` put into the opaque bytes of group metadata (Kafka's ConsumerProtocolAssignment and
 * ConsumerProtocolSubscription; spec 06 sections 3.5 and 3.6). Not for other protocol types: their bytes are their own.
 * Any thread.
 */
export interface AssignedPartitions {
  readonly topic: string
  readonly partitions: number[]
}

export interface MemberAssignment {
  readonly assignedPartitions: AssignedPartitions[]
  readonly userData: Uint8Array | null
}

export interface MemberSubscription {
  readonly topics: string[]
  readonly userData: Uint8Array | null
  /** From version 1. */
  readonly ownedPartitions?: AssignedPartitions[]
  /** From version 2. */
  readonly generationId?: number
  /** From version 3. */
  readonly rackId?: string | null
}

/**
 * version int16 | topics: int32 count of { name string16 | partitions: int32 count of int32 } | user data bytes32
 *
 * All versions (0..3) share this layout; bytes after it are ignored. No bytes = nothing
 * assigned. Fields of errors: consumer_protocol_version, assignment_topic_count, topic_name, assignment_partition_count,
 * assignment_partition_id, user_bytes.
 */
export function decodeMemberAssignment(bytes: Uint8Array | null): Decoded<MemberAssignment> {
  if (bytes === null || bytes.length === 0) return { ok: true, value: { assignedPartitions: [], userData: null } }
  return decodeFields(() => {
    const reader = new ByteReader(bytes)
    reader.version('consumer_protocol_version')
    const assignedPartitions = topicPartitions(reader, 'assignment_')
    return { assignedPartitions, userData: reader.bytes32('user_bytes') }
  })
}

/**
 * version int16 | topics: int32 count of string16 | user data bytes32 | v1: owned partitions, as in the assignment |
 * v2: generation int32 | v3: rack string16
 */
export function decodeMemberSubscription(bytes: Uint8Array | null): Decoded<MemberSubscription> {
  if (bytes === null || bytes.length === 0) return { ok: true, value: { topics: [], userData: null } }
  return decodeFields(() => {
    const reader = new ByteReader(bytes)
    const version = reader.version('consumer_protocol_version')
    return {
      topics: reader.array32('subscription_topic_count', () => reader.string16('topic_name')),
      userData: reader.bytes32('user_bytes'),
      ...(version >= 1 && { ownedPartitions: topicPartitions(reader, 'owned_') }),
      ...(version >= 2 && { generationId: reader.int32('generation') }),
      ...(version >= 3 && { rackId: reader.nullableString16('rack') })
    }
  })
}

function topicPartitions(reader: ByteReader, prefix: string): AssignedPartitions[] {
  return reader.array32(`${prefix}topic_count`, () => ({
    topic: reader.string16('topic_name'),
    partitions: reader.array32(`${prefix}partition_count`, () => reader.int32(`${prefix}partition_id`))
  }))
}
