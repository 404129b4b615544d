import { ByteWriter } from '../../../shared/codec/byte-writer.ts'
import type { Group } from './group.ts'

/**
 * Value of a group metadata record, version 3 (layout: spec 06 section 3.4). Unlike the codec's writer it takes subscriptions and
 * assignments as the bytes that clients sent: a broker does not look into them.
 */
export function groupRecordValue(group: Group, timestampMs: number): Uint8Array {
  const writer = new ByteWriter(256).int16(3)
  writer.string16(group.protocolType).int32(group.generation)
  writer.string16(group.protocol).string16(group.leader)
  writer.int64(timestampMs).int32(group.members.size)
  for (const member of group.members.values()) {
    writer.string16(member.id).string16(member.instanceId)
    writer.string16(member.clientId).string16(member.clientHost)
    writer.int32(member.rebalanceTimeoutMs).int32(member.sessionTimeoutMs)
    writer.bytes32(member.metadataFor(group.protocol ?? '')).bytes32(member.assignment)
  }
  return writer.finish()
}
