import { shardOf } from '../../shared/actor/shard.ts'
import { decodeGroupMetadata, type GroupMember } from '../../shared/codec/group-metadata.ts'
import type { OffsetCommitReader } from '../../shared/codec/offset-commit.ts'
import { type StorageCommand, StorageRequestConstant } from '../../shared/protocol/storage.ts'
import type { GroupRecord, GroupRecordsOptions } from './group-record.ts'
import { isMemberType, MemberRecords } from './member-records.ts'
import type { OffsetsPartition } from './offsets-partition.ts'
import type { TopicGate } from './topic-gate.ts'

const classicGroup = 2
/** Records whose tombstone says that a group is gone: classic, KIP-848, streams. Share groups commit no offsets. */
const groupLifeTypes: ReadonlySet<number> = new Set([classicGroup, 3, 17])

/**
 * Records about groups themselves: owners, deletions (spec 06 sections 2.5 and 5.4; spec 09 E3, E5, E6). Rare, so they may make
 * strings and objects. Kafka threads; one per reader.
 *
 * A tombstone deletes the group at the end of its batch, unless the batch shows that the group lives on: one that changes its
 * protocol writes the tombstone of the old kind first and then, in the same batch, records of the new. Where compaction has
 * removed what came right after it nobody knows, and the tombstone is ignored: of a group that was deleted the offsets have
 * tombstones too.
 */
export class GroupRecords {
  readonly #options: GroupRecordsOptions
  readonly #gate: TopicGate
  readonly #members: MemberRecords

  constructor(options: GroupRecordsOptions, gate: TopicGate) {
    this.#options = options
    this.#gate = gate
    this.#members = new MemberRecords(options, gate)
  }

  record(p: OffsetsPartition, reader: OffsetCommitReader, record: GroupRecord): void {
    const { type } = record
    if (p.tombstones.length > 0 && record.valueLength > 0) this.#showLife(p, reader, record)
    if (isMemberType(type)) this.#members.record(p, record)
    else if (groupLifeTypes.has(type)) this.#life(p, reader, record)
  }

  /** The batch says something of the group after its tombstone: it was not deleted. */
  isAlive(p: OffsetsPartition, group: string): void {
    for (let i = p.tombstones.length - 1; i >= 0; i--) if (p.tombstones[i]!.group === group) p.tombstones.splice(i, 1)
  }

  /** The next record of the batch is this one. If there was another one right after a tombstone once, it may have shown life. */
  next(p: OffsetsPartition, offset: number): void {
    const last = p.tombstones.at(-1)
    if (last && !last.isFollowed) {
      if (offset === last.offset + 1) last.isFollowed = true
      else p.tombstones.pop()
    }
  }

  endBatch(p: OffsetsPartition, lastOffset: number): void {
    this.next(p, lastOffset + 1)
    for (let tombstone = p.tombstones[0]; tombstone; tombstone = p.tombstones[0]) {
      const { group } = tombstone
      this.#send(p, group, lastOffset + 0.5, [
        { type: StorageRequestConstant.SetDeleteGroup, cluster: this.#options.cluster, group }
      ])
      p.tombstones.shift() // not before: until now reading would have to begin again at it
      p.members.forget(group)
    }
  }

  /** Nothing is left to read below `next`. */
  endWalk(p: OffsetsPartition, next: number): void {
    this.#members.endWalk(p, next)
  }

  #showLife(p: OffsetsPartition, reader: OffsetCommitReader, { bytes, view, keyAt, keyLength }: GroupRecord): void {
    if (reader.readGroup(bytes, view, keyAt, keyLength) === '') this.isAlive(p, groupOf(reader, bytes))
  }

  #life(p: OffsetsPartition, reader: OffsetCommitReader, record: GroupRecord): void {
    const { type, offset } = record
    const field = reader.readGroup(record.bytes, record.view, record.keyAt, record.keyLength)
    if (field !== '') {
      this.#undecodable(field, p, offset)
      return
    }
    const group = groupOf(reader, record.bytes)
    if (!this.#options.filter.accept(group)) {
      this.#options.counters.add('refused_filtered')
      return
    }
    if (type === classicGroup) p.members.forget(group) // if it was another kind: who owns what is up to this record now
    if (record.valueLength <= 0) this.#tombstone(p, type, group, offset)
    else if (type === classicGroup) this.#metadata(p, group, record)
  }

  #tombstone(p: OffsetsPartition, type: number, group: string, offset: number): void {
    this.#options.counters.add('group_tombstones')
    if (type === classicGroup) this.#send(p, group, offset, [this.#clearOwners(group)])
    if (!p.tombstones.some(tombstone => tombstone.group === group))
      p.tombstones.push({ group, offset, isFollowed: false })
  }

  #metadata(p: OffsetsPartition, group: string, record: GroupRecord): void {
    const { offset, timestampMs } = record
    if (!this.#isWanted(p, group, offset)) return
    const decoded = decodeGroupMetadata(record.bytes, record.valueAt, record.valueLength)
    const metadata = decoded.ok ? decoded.value : decoded.partial
    if (metadata) {
      const isConsumer = metadata.protocolType === 'consumer'
      if (!isConsumer && metadata.protocolType !== '' && metadata.members.length > 0) return // Kafka Connect and the like
      const members = isConsumer ? metadata.members : []
      this.#send(p, group, offset, [this.#clearOwners(group), ...this.#owners(group, members, timestampMs, offset)])
      this.#options.counters.add('group_metadata')
    }
    if (!decoded.ok) this.#undecodable(decoded.field, p, offset)
  }

  #owners(group: string, members: readonly GroupMember[], timestampMs: number, offset: number): StorageCommand[] {
    const { cluster, topics } = this.#options
    const type = StorageRequestConstant.SetConsumerOwner
    const commands: StorageCommand[] = []
    for (const { clientHost: owner, clientId, assignedPartitions } of members) {
      for (const { topic, partitions } of assignedPartitions) {
        const number = topics.numberOf(topic)
        for (const partition of partitions) {
          if (!this.#gate.passes(number, partition, timestampMs, offset)) continue
          commands.push({ type, cluster, group, topic, partition, owner, clientId })
        }
      }
    }
    return commands
  }

  #clearOwners(group: string): StorageCommand {
    return { type: StorageRequestConstant.ClearConsumerOwners, cluster: this.#options.cluster, group }
  }

  #shardOf(group: string): number {
    return shardOf(this.#options.cluster, group, this.#options.sender.shards)
  }

  #isWanted(p: OffsetsPartition, group: string, effective: number): boolean {
    return this.#options.outlet.wants(p, this.#shardOf(group), effective)
  }

  #send(p: OffsetsPartition, group: string, effective: number, commands: readonly StorageCommand[]): void {
    if (this.#isWanted(p, group, effective)) this.#options.outlet.commands(p, this.#shardOf(group), effective, commands)
  }

  #undecodable(field: string, p: OffsetsPartition, offset: number): void {
    this.#options.counters.add('refused_undecodable')
    this.#options.rareLog.warn(`failed to decode: ${field}`, { reason: field, partition: p.partition, offset })
  }
}

/** After `readGroup`. */
function groupOf(reader: OffsetCommitReader, { buffer, byteOffset }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset + reader.groupAt, reader.groupLength).toString('utf8')
}
