import { ByteWriter } from './byte-writer.ts'
import type { AssignedPartitions } from './consumer-protocol.ts'

/** Writes classic group metadata, value version 3 (layout: group-metadata.ts). For the simulator, load and tests. Any thread. */
export interface MemberToWrite {
  readonly memberId: string
  readonly groupInstanceId?: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs?: number
  readonly sessionTimeoutMs?: number
  readonly topics?: readonly string[]
  readonly assignedPartitions?: readonly AssignedPartitions[]
}

export interface GroupMetadataToWrite {
  readonly protocolType: string
  readonly generation: number
  readonly protocol: string | null
  readonly leader: string | null
  readonly currentStateTimestampMs: number
  readonly members: readonly MemberToWrite[]
}

export function encodeGroupMetadataKey(group: string): Uint8Array {
  return new ByteWriter(64).int16(2).string16(group).finish()
}

export function encodeGroupMetadataValue(group: GroupMetadataToWrite): Uint8Array {
  const writer = new ByteWriter(256).int16(3)
  writer.string16(group.protocolType).int32(group.generation)
  writer.string16(group.protocol).string16(group.leader)
  writer.int64(group.currentStateTimestampMs).int32(group.members.length)
  for (const member of group.members) {
    writer.string16(member.memberId).string16(member.groupInstanceId ?? null)
    writer.string16(member.clientId).string16(member.clientHost)
    writer.int32(member.rebalanceTimeoutMs ?? 300_000).int32(member.sessionTimeoutMs ?? 45_000)
    writer.bytes32(encodeMemberSubscription(member.topics ?? []))
    writer.bytes32(encodeMemberAssignment(member.assignedPartitions ?? []))
  }
  return writer.finish()
}

/** Version 0 of the consumer protocol, no user data. */
export function encodeMemberAssignment(assigned: readonly AssignedPartitions[]): Uint8Array {
  const writer = new ByteWriter(64).int16(0).int32(assigned.length)
  for (const { topic, partitions } of assigned) {
    writer.string16(topic).int32(partitions.length)
    for (const partition of partitions) writer.int32(partition)
  }
  return writer.bytes32(null).finish()
}

/** Version 0 of the consumer protocol, no user data. */
export function encodeMemberSubscription(topics: readonly string[]): Uint8Array {
  const writer = new ByteWriter(64).int16(0).int32(topics.length)
  for (const topic of topics) writer.string16(topic)
  return writer.bytes32(null).finish()
}
