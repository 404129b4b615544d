import { shardOf } from '../../shared/actor/shard.ts'
import type { TopicIdPartitions } from '../../shared/codec/flexible.ts'
import { decodeNewerKey, decodeNewerValue, type Outcome } from '../../shared/codec/newer-records.ts'
import { type StorageCommand, StorageRequestConstant } from '../../shared/protocol/storage.ts'
import type { AssignedById } from './group-members.ts'
import type { GroupRecord, GroupRecordsOptions } from './group-record.ts'
import { endStep, type OffsetsPartition } from './offsets-partition.ts'
import type { TopicGate } from './topic-gate.ts'

const memberType = 5
const assignmentType = 8
type MemberType = typeof memberType | typeof assignmentType

export function isMemberType(type: number): type is MemberType {
  return type === memberType || type === assignmentType
}

/**
 * Owners of KIP-848 groups (spec 06 section 5.4; spec 09 E3, E6): who a member is and what it has come in records of their own, so
 * what they said is remembered (group-members.ts) and all owners of a group are told together, when the walk in which
 * something changed is at its end. Kafka threads; one per reader.
 */
export class MemberRecords {
  readonly #options: GroupRecordsOptions
  readonly #gate: TopicGate

  constructor(options: GroupRecordsOptions, gate: TopicGate) {
    this.#options = options
    this.#gate = gate
  }

  /** Of a type that `isMemberType`. */
  record(p: OffsetsPartition, record: GroupRecord): void {
    const { bytes, offset } = record
    const key = this.#used(p, offset, decodeNewerKey(bytes, record.keyAt, record.keyLength))
    if (!key || key.memberId === undefined) return
    const { group, memberId } = key
    if (!this.#options.filter.accept(group)) {
      this.#options.counters.add('refused_filtered')
      return
    }
    this.#options.counters.add('group_members')
    // Of both kinds of record only the newest counts, and without one of them the member is gone.
    if (record.valueLength <= 0) p.members.left(group, memberId, offset)
    else if (record.type === memberType) this.#joined(p, group, memberId, record)
    else this.#assigned(p, group, memberId, record)
  }

  /** A shard that is ahead of this walk has been told already, or will be when the reader has come to where the shard is. */
  endWalk(p: OffsetsPartition, next: number): void {
    const { outlet, sender, cluster } = this.#options
    const effective = next - endStep
    for (const group of p.members.changed.keys()) {
      const shard = shardOf(cluster, group, sender.shards)
      if (!outlet.wants(p, shard, effective)) continue
      outlet.commands(p, shard, effective, this.#owners(p, group))
      p.members.changed.delete(group) // not before: until now reading would have to begin again at the change
    }
  }

  #joined(p: OffsetsPartition, group: string, memberId: string, record: GroupRecord): void {
    const { bytes, offset } = record
    const member = this.#used(p, offset, decodeNewerValue(memberType, bytes, record.valueAt, record.valueLength))
    if (!member) return
    this.#keep(p, offset, p.members.joined(group, memberId, offset, member.clientId, member.clientHost))
  }

  #assigned(p: OffsetsPartition, group: string, memberId: string, record: GroupRecord): void {
    const { bytes, offset, timestampMs } = record
    const { topics } = this.#options
    const value = this.#used(p, offset, decodeNewerValue(assignmentType, bytes, record.valueAt, record.valueLength))
    if (!value) return
    // What it has been asked to give back is its own until it says that it has: nobody else can have it before.
    const assigned = [...value.assignedPartitions, ...value.partitionsPendingRevocation].map(byHexId)
    for (const { topicId, partitions } of assigned) {
      const topic = topics.numberOfId(topicId)
      for (const partition of partitions) this.#gate.await(topic, partition, timestampMs, offset)
    }
    this.#keep(p, offset, p.members.assigned(group, memberId, offset, assigned))
  }

  #owners(p: OffsetsPartition, group: string): StorageCommand[] {
    const { cluster, topics, counters } = this.#options
    const commands: StorageCommand[] = [{ type: StorageRequestConstant.ClearConsumerOwners, cluster, group }]
    const type = StorageRequestConstant.SetConsumerOwner
    for (const { joined, topics: assigned } of p.members.owners(group)) {
      const { clientHost: owner, clientId } = joined
      for (const { topicId, partitions } of assigned) {
        const number = topics.numberOfId(topicId)
        const topic = topics.nameOf(number)
        for (const partition of partitions) {
          if (topics.isKnown(number, partition)) {
            commands.push({ type, cluster, group, topic, partition, owner, clientId })
          } else counters.add('refused_unknown_topic')
        }
      }
    }
    return commands
  }

  #keep(p: OffsetsPartition, offset: number, hadRoom: boolean): void {
    if (hadRoom) return
    this.#options.counters.add('refused_member_overflow')
    this.#options.rareLog.warn('too many members of groups to remember', { partition: p.partition, offset })
  }

  /** Null: it cannot be used; that was counted. */
  #used<T>(p: OffsetsPartition, offset: number, outcome: Outcome<T>): T | null {
    if (outcome.kind === 'decoded') return outcome.value
    const reason = outcome.kind === 'broken' ? outcome.field : outcome.what
    this.#options.counters.add('refused_undecodable')
    this.#options.rareLog.warn(`failed to decode: ${reason}`, { reason, partition: p.partition, offset })
    return null
  }
}

/** Metadata has ids in hex. */
function byHexId({ topicId, partitions }: TopicIdPartitions): AssignedById {
  return { topicId: Buffer.from(topicId, 'base64url').toString('hex'), partitions }
}
