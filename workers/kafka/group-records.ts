import { shardOf } from '../../shared/actor/shard.ts'
import { decodeGroupMetadata, type GroupMember } from '../../shared/codec/group-metadata.ts'
import type { OffsetCommitReader } from '../../shared/codec/offset-commit.ts'
import type { Counters } from '../../shared/counters.ts'
import { type StorageCommand, StorageRequestConstant } from '../../shared/protocol/storage.ts'
import type { GroupFilter } from '../../shared/rules/group-filter.ts'
import type { KnownTopicTable } from './known-topics.ts'
import type { OffsetsPartition } from './offsets-partition.ts'
import type { RareLog } from './rare-log.ts'
import type { ReaderOutlet } from './reader-outlet.ts'
import type { StorageSender } from './storage-sender.ts'

export interface GroupRecordsOptions {
  readonly cluster: string
  readonly filter: GroupFilter
  readonly topics: KnownTopicTable
  readonly outlet: ReaderOutlet
  readonly sender: StorageSender
  readonly counters: Counters
  readonly rareLog: RareLog
}

/** May something be sent for a partition that is not known? False: no, that was counted. Throws to make the walk wait at `at`. */
type Passes = (topic: number, partition: number, timestampMs: number, at: number) => boolean

const classicGroup = 2
/** Records whose tombstone says that a group is gone: classic, KIP-848, streams. Share groups commit no offsets. */
const groupLifeTypes: ReadonlySet<number> = new Set([classicGroup, 3, 17])
const highestKnownType = 24

/**
 * Records about groups themselves: owners, deletions (spec 06 sections 2.5 and 5.4; spec 09 E3, E5, E6). Rare, so they may make
 * strings and objects. Kafka threads; one per reader.
 *
 * A tombstone deletes the group at the end of its batch, unless the batch shows that the group lives on: one that changes its
 * protocol writes the tombstone of the old kind and the record of the new in one batch, in either order.
 */
export class GroupRecords {
  readonly #options: GroupRecordsOptions
  readonly #passes: Passes

  constructor(options: GroupRecordsOptions, passes: Passes) {
    this.#options = options
    this.#passes = passes
  }

  /** A record that is no offset commit; `reader` has read the type of its key. */
  record(
    p: OffsetsPartition,
    reader: OffsetCommitReader,
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    timestampMs: number,
    keyAt: number,
    keyLength: number,
    valueAt: number,
    valueLength: number
  ): void {
    const { counters, filter } = this.#options
    const type = reader.keyType
    if (type !== classicGroup) counters.add('newer_record_types')
    if (type > highestKnownType) {
      this.#options.rareLog.warn(`record type ${type} is newer than we are`, { partition: p.partition, offset })
      return
    }
    if (!groupLifeTypes.has(type)) return
    const field = reader.readGroup(bytes, view, keyAt, keyLength)
    if (field !== '') {
      this.#undecodable(field, p, offset)
      return
    }
    const group = Buffer.from(bytes.buffer, bytes.byteOffset + reader.groupAt, reader.groupLength).toString('utf8')
    if (valueLength > 0) this.isAlive(p, group)
    if (!filter.accept(group)) {
      counters.add('refused_filtered')
      return
    }
    if (valueLength <= 0) this.#tombstone(p, type, group, offset)
    else if (type === classicGroup) this.#metadata(p, group, bytes, offset, timestampMs, valueAt, valueLength)
  }

  /** The batch says something of the group after its tombstone: it was not deleted. */
  isAlive(p: OffsetsPartition, group: string): void {
    for (let i = p.tombstones.length - 1; i >= 0; i--) if (p.tombstones[i]!.group === group) p.tombstones.splice(i, 1)
  }

  endBatch(p: OffsetsPartition, lastOffset: number): void {
    for (let tombstone = p.tombstones[0]; tombstone; tombstone = p.tombstones[0]) {
      const { group } = tombstone
      this.#send(p, group, lastOffset + 0.5, [
        { type: StorageRequestConstant.SetDeleteGroup, cluster: this.#options.cluster, group }
      ])
      p.tombstones.shift() // not before: until now reading would have to begin again at it
    }
  }

  #tombstone(p: OffsetsPartition, type: number, group: string, offset: number): void {
    this.#options.counters.add('group_tombstones')
    if (type === classicGroup) this.#send(p, group, offset, [this.#clearOwners(group)])
    if (!p.tombstones.some(tombstone => tombstone.group === group)) p.tombstones.push({ group, offset })
  }

  #metadata(
    p: OffsetsPartition,
    group: string,
    bytes: Uint8Array,
    offset: number,
    timestampMs: number,
    valueAt: number,
    valueLength: number
  ): void {
    if (!this.#isWanted(p, group, offset)) return
    const decoded = decodeGroupMetadata(bytes, valueAt, valueLength)
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
    const commands: StorageCommand[] = []
    for (const { clientHost: owner, clientId, assignedPartitions } of members) {
      for (const { topic, partitions } of assignedPartitions) {
        const number = topics.numberOf(topic)
        for (const partition of partitions) {
          if (!topics.isKnown(number, partition) && !this.#passes(number, partition, timestampMs, offset)) continue
          commands.push({
            type: StorageRequestConstant.SetConsumerOwner,
            cluster,
            group,
            topic,
            partition,
            owner,
            clientId
          })
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
