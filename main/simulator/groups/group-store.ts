import {
  encodeGroupMetadataKey,
  encodeMemberAssignment,
  encodeMemberSubscription
} from '../../../shared/codec/group-metadata-writer.ts'
import { encodeOffsetCommitKey, encodeOffsetCommitValue } from '../../../shared/codec/offset-commit-writer.ts'
import { encodeRecordBatch, type RecordToWrite, transactionMarker } from '../../../shared/codec/record-batch-writer.ts'
import { Group } from './group.ts'
import { GroupMember } from './group-member.ts'
import { groupRecordValue } from './group-record.ts'

/** How a commit is written; what is left out is as a current broker writes it. */
export interface CommitOptions {
  /** Default: now. */
  readonly timestampMs?: number
  readonly metadata?: string | null
  readonly leaderEpoch?: number
  /** Version of the value, default 3. */
  readonly version?: 0 | 1 | 2 | 3 | 4
  /** Value version 4 only: 16 bytes. */
  readonly topicId?: Uint8Array
}
export interface Commit extends CommitOptions {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
}
export interface BatchOptions {
  /** Compression 0..4, default none. */
  readonly codec?: number
  readonly producerId?: number
  readonly producerEpoch?: number
}
export interface GroupDescription {
  readonly protocolType?: string
  readonly protocol?: string | null
  readonly generation?: number
  readonly timestampMs?: number
  readonly members: readonly {
    readonly id: string
    readonly clientId: string
    /** With a leading slash, as brokers keep it. */
    readonly clientHost: string
    readonly assignment: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
  }[]
}

/** Where the store writes: one batch into the log of an offsets partition. */
export interface OffsetsTopicWriter {
  offsetsPartitionOf(group: string): number
  appendOffsets(offsetsPartition: number, batch: Uint8Array): void
}

/** Kafka's limit of an offsets batch is in bytes (offsets.load.buffer.size); this keeps one well below what a fetch takes. */
const recordsPerBatchMax = 5000

/** All groups of the cluster, and the records that they leave in __consumer_offsets. One thread. */
export class GroupStore {
  /** Wait for more members before the first generation of a group; Kafka's group.initial.rebalance.delay.ms. */
  initialRebalanceDelayMs = 50
  private readonly groups = new Map<string, Group>()
  private readonly writer: OffsetsTopicWriter
  private nextProducerId = 1

  constructor(writer: OffsetsTopicWriter) {
    this.writer = writer
  }

  all(): Group[] {
    return [...this.groups.values()]
  }
  find(name: string): Group | undefined {
    return this.groups.get(name)
  }
  findOrCreate(name: string): Group {
    let group = this.groups.get(name)
    if (!group) {
      group = new Group(name, this.initialRebalanceDelayMs, changed => this.writeMetadata(changed, Date.now()))
      this.groups.set(name, group)
    }
    return group
  }

  /** One batch for each offsets partition that the groups live in; all of one group: one batch. */
  commit(commits: readonly Commit[], options: BatchOptions = {}): void {
    for (const commit of commits) this.remember(commit)
    const records = commits.map(commit => ({ group: commit.group, record: commitRecord(commit) }))
    this.append(records, { ...options, isTransactional: options.producerId !== undefined })
  }

  /** The marker that ends a transaction, into the offsets partitions of these groups. */
  endTransaction(groups: readonly string[], type: 'COMMIT' | 'ABORT', producerId: number, producerEpoch: number): void {
    for (const partition of new Set(groups.map(group => this.writer.offsetsPartitionOf(group)))) {
      const records = [transactionMarker(type, 0, Date.now())]
      const batch = { baseOffset: 0, records, isTransactional: true, isControl: true, producerId, producerEpoch }
      this.writer.appendOffsets(partition, encodeRecordBatch(batch))
    }
  }
  newProducerId(): number {
    return this.nextProducerId++
  }

  describe(name: string, description: GroupDescription): void {
    const { protocolType = 'consumer', protocol = 'range', generation = 1, timestampMs = Date.now() } = description
    const members = description.members.map(({ id, clientId, clientHost, assignment }) => {
      const metadata = Buffer.from(encodeMemberSubscription(assignment.map(({ topic }) => topic)))
      const protocols = [{ name: protocol ?? '', metadata }]
      const times = { sessionTimeoutMs: 45_000, rebalanceTimeoutMs: 300_000 }
      const member = new GroupMember(id, { instanceId: null, clientId, clientHost, protocols, ...times })
      member.assignment = Buffer.from(
        encodeMemberAssignment(assignment.map(each => ({ ...each, partitions: [...each.partitions] })))
      )
      return member
    })
    const group = this.findOrCreate(name)
    group.describeAs({ protocolType, protocol, generation, members })
    this.writeMetadata(group, timestampMs)
  }

  /** Tombstones of its offsets, then of the group, as Kafka writes them. */
  delete(name: string): boolean {
    const group = this.groups.get(name)
    if (!group) return false
    const keys = offsetKeys(group)
    group.stop()
    this.groups.delete(name)
    this.append([...keys, encodeGroupMetadataKey(name)].map(key => ({ group: name, record: tombstone(key) })))
    return true
  }
  /** Tombstones of the group's offsets in this topic. */
  deleteOffsets(name: string, topic: string): void {
    const group = this.groups.get(name)
    if (!group) return
    const keys = offsetKeys(group, topic)
    group.offsetsByTopic.delete(topic)
    this.append(keys.map(key => ({ group: name, record: tombstone(key) })))
  }
  forgetTopic(topic: string): void {
    for (const name of this.groups.keys()) this.deleteOffsets(name, topic)
  }
  stop(): void {
    for (const group of this.groups.values()) group.stop()
  }

  private remember({ group, topic, partition, offset, leaderEpoch = -1, metadata }: Commit): void {
    const { offsetsByTopic } = this.findOrCreate(group)
    let byPartition = offsetsByTopic.get(topic)
    if (!byPartition) {
      byPartition = new Map()
      offsetsByTopic.set(topic, byPartition)
    }
    byPartition.set(partition, { offset, leaderEpoch, metadata: metadata ?? '' })
  }

  private writeMetadata(group: Group, timestampMs: number): void {
    const key = encodeGroupMetadataKey(group.name)
    this.append([{ group: group.name, record: { key, value: groupRecordValue(group, timestampMs), timestampMs } }])
  }

  private append(
    items: readonly { readonly group: string; readonly record: RecordToWrite }[],
    options: BatchOptions & { readonly isTransactional?: boolean } = {}
  ): void {
    const recordsByPartition = new Map<number, RecordToWrite[]>()
    for (const { group, record } of items) {
      const partition = this.writer.offsetsPartitionOf(group)
      const records = recordsByPartition.get(partition)
      if (records) records.push(record)
      else recordsByPartition.set(partition, [record])
    }
    for (const [partition, all] of recordsByPartition) {
      for (let at = 0; at < all.length; at += recordsPerBatchMax) {
        const records = all.slice(at, at + recordsPerBatchMax)
        this.writer.appendOffsets(partition, encodeRecordBatch({ baseOffset: 0, records, ...options }))
      }
    }
  }
}

/** What a broker writes for one commit: key version 1, value version 3 unless asked otherwise. */
export function commitRecord(commit: Commit): RecordToWrite {
  const { group, topic, partition, offset, version = 3, metadata = '', leaderEpoch = -1 } = commit
  const timestampMs = commit.timestampMs ?? Date.now()
  const value = { version, offset, metadata, leaderEpoch, timestampMs }
  return {
    key: encodeOffsetCommitKey(group, topic, partition),
    value: encodeOffsetCommitValue(commit.topicId ? { ...value, topicId: commit.topicId } : value),
    timestampMs
  }
}

function offsetKeys(group: Group, onlyTopic?: string): Uint8Array[] {
  return [...group.offsetsByTopic].flatMap(([topic, byPartition]) =>
    (onlyTopic ?? topic) === topic
      ? [...byPartition.keys()].map(partition => encodeOffsetCommitKey(group.name, topic, partition))
      : []
  )
}

function tombstone(key: Uint8Array): RecordToWrite {
  return { key, value: null, timestampMs: Date.now() }
}
