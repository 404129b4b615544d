import { randomBytes } from 'node:crypto'
import { encodeRecordBatch, type RecordToWrite } from '../../shared/codec/record-batch-writer.ts'
import { offsetsPartitionOf } from '../../shared/kafka-api/offsets-partition.ts'
import { KafkaError } from './error-codes.ts'
import {
  type BatchOptions,
  type Commit,
  type CommitOptions,
  type GroupDescription,
  GroupStore
} from './groups/group-store.ts'
import { PartitionLog, type Retention } from './partition-log.ts'

export const offsetsTopic = '__consumer_offsets'

export interface BrokerState {
  readonly id: number
  readonly host: string
  port: number
  live: boolean
}
export interface Partition {
  readonly index: number
  /** Broker id, -1 = leaderless. */
  leader: number
  leaderEpoch: number
  readonly log: PartitionLog
}
export interface Topic {
  readonly name: string
  /** 16 bytes as hex. A topic that is created again has another. */
  readonly id: string
  readonly internal: boolean
  readonly partitions: Partition[]
}
export interface ClusterOptions {
  readonly name: string
  readonly offsetsPartitions: number
}

/**
 * What the cluster is at this moment: brokers, topics, logs. All APIs read and change it here and nowhere else; one thread.
 * Methods that name a topic or partition that is not there throw a RangeError: a mistake in a test, not a Kafka error.
 */
export class ClusterState {
  readonly id: string
  readonly offsetsPartitions: number
  readonly brokers: BrokerState[] = []
  readonly groups = new GroupStore(this)
  /** What clients may do with the cluster: a bit for each operation, by Kafka's number of it. Without an authorizer, all. */
  operations = [5, 7, 8, 9, 10, 11, 12].reduce((bits, operation) => bits | (1 << operation), 0)
  private readonly topicsByName = new Map<string, Topic>()
  private readonly topicsById = new Map<string, Topic>()

  constructor(options: ClusterOptions) {
    this.id = options.name
    this.offsetsPartitions = options.offsetsPartitions
  }

  liveBrokers(): BrokerState[] {
    return this.brokers.filter(broker => broker.live)
  }
  isLive(brokerId: number): boolean {
    return this.brokers[brokerId - 1]?.live ?? false
  }
  controllerId(): number {
    return this.liveBrokers()[0]?.id ?? -1
  }
  replicas(partition: Partition): number[] {
    const others = this.brokers.map(broker => broker.id).filter(id => id !== partition.leader)
    return partition.leader > 0 ? [partition.leader, ...others] : others
  }

  allTopics(): Topic[] {
    return [...this.topicsByName.values()]
  }
  topic(name: string): Topic | undefined {
    return this.topicsByName.get(name)
  }
  topicById(id: string): Topic | undefined {
    return this.topicsById.get(id)
  }
  partition(topic: string, index: number): Partition {
    const found = this.topicsByName.get(topic)?.partitions[index]
    if (!found) throw new RangeError(`no partition ${topic}/${index}`)
    return found
  }
  /** Why this broker may not serve the partition, 0 = it may. `leaderEpoch` is what the client believes, -1 = it does not say (KIP-320). */
  leaderError(topic: string, index: number, brokerId: number, leaderEpoch = -1): number {
    const found = this.topicsByName.get(topic)?.partitions[index]
    if (!found) return KafkaError.unknownTopicOrPartition
    if (found.leader !== brokerId) return KafkaError.notLeaderOrFollower
    if (leaderEpoch < 0 || leaderEpoch === found.leaderEpoch) return KafkaError.none
    return leaderEpoch < found.leaderEpoch ? KafkaError.fencedLeaderEpoch : KafkaError.unknownLeaderEpoch
  }

  createTopic(name: string, partitions: number): Topic {
    if (this.topicsByName.has(name)) throw new RangeError(`topic ${name} is there already`)
    const topic: Topic = {
      name,
      id: randomBytes(16).toString('hex'),
      internal: name === offsetsTopic,
      partitions: []
    }
    this.topicsByName.set(name, topic)
    this.topicsById.set(topic.id, topic)
    if (partitions > 0) this.addPartitions(name, partitions)
    return topic
  }
  /** Up to `total` partitions, leaders in turn over the brokers. */
  addPartitions(name: string, total: number): void {
    const topic = this.topicsByName.get(name)
    if (!topic || total <= topic.partitions.length) throw new RangeError(`cannot grow ${name} to ${total} partitions`)
    for (let index = topic.partitions.length; index < total; index++) {
      const leader = this.brokers[index % this.brokers.length]!.id
      topic.partitions.push({ index, leader, leaderEpoch: 0, log: new PartitionLog() })
    }
  }
  /** Groups lose their offsets in it: tombstones, as in Kafka. */
  deleteTopic(name: string): void {
    const topic = this.topicsByName.get(name)
    if (!topic) throw new RangeError(`no topic ${name}`)
    this.topicsByName.delete(name)
    this.topicsById.delete(topic.id)
    this.groups.forgetTopic(name)
  }

  /** -1 leaves the partition without a leader. */
  moveLeader(topic: string, index: number, brokerId: number): void {
    const partition = this.partition(topic, index)
    partition.leader = brokerId
    partition.leaderEpoch++
  }

  endOffset(topic: string, index: number): number {
    return this.partition(topic, index).log.endOffset
  }
  /** A virtual log: it ends there and holds nothing, as if retention had removed all. May go backwards. */
  setEndOffset(topic: string, index: number, offset: number): void {
    this.partition(topic, index).log.moveTo(offset)
  }
  /** What the topic's present partitions keep. Default: all. */
  setRetention(topic: string, retention: Retention): void {
    for (const { log } of this.topicsByName.get(topic)?.partitions ?? []) log.retention = retention
  }
  /** Records with keys and values, as one batch. Returns the base offset. */
  produce(topic: string, index: number, records: readonly RecordToWrite[], options: BatchOptions = {}): number {
    return this.appendBatch(topic, index, encodeRecordBatch({ baseOffset: 0, records, ...options }))
  }
  /** One whole record batch (magic 2) at the end, with new offsets. Returns its base offset. */
  appendBatch(topic: string, index: number, batch: Uint8Array): number {
    const partition = this.partition(topic, index)
    return partition.log.append(batch, partition.leaderEpoch)
  }
  /** Whole batches with the offsets they carry, such as a captured log. */
  appendCaptured(topic: string, index: number, batches: Uint8Array): void {
    this.partition(topic, index).log.appendKeepingOffsets(batches)
  }
  /** Bytes that need not be a batch, as if they held `offsetCount` records. */
  appendGarbage(topic: string, index: number, bytes: Uint8Array, offsetCount = 1): number {
    return this.partition(topic, index).log.appendGarbage(bytes, offsetCount)
  }

  commit(group: string, topic: string, partition: number, offset: number, options: CommitOptions = {}): void {
    this.groups.commit([{ group, topic, partition, offset, ...options }])
  }
  /** One batch for each offsets partition that the groups live in. */
  commitMany(commits: readonly Commit[], options: BatchOptions = {}): void {
    this.groups.commit(commits, options)
  }
  /** Offset commits of one producer that count when `end('COMMIT')` has been called, never after `end('ABORT')`. */
  beginTransaction(): Transaction {
    return new Transaction(this.groups)
  }
  /** Writes the group metadata record, owners and client ids included; the group is then described so. */
  groupMetadata(group: string, description: GroupDescription): void {
    this.groups.describe(group, description)
  }
  /** Tombstones for its offsets and for itself. False: there is no such group. */
  deleteGroup(group: string): boolean {
    return this.groups.delete(group)
  }
  appendOffsets(offsetsPartition: number, batch: Uint8Array): void {
    this.appendBatch(offsetsTopic, offsetsPartition, batch)
  }

  offsetsPartitionOf(group: string): number {
    return offsetsPartitionOf(group, this.offsetsPartitions)
  }
  /** Broker that coordinates the group, undefined when its offsets partition has no live leader. */
  coordinatorOf(group: string): BrokerState | undefined {
    const { leader } = this.partition(offsetsTopic, this.offsetsPartitionOf(group))
    return this.isLive(leader) ? this.brokers[leader - 1] : undefined
  }
}

export class Transaction {
  readonly producerId: number
  private readonly groups: GroupStore
  private readonly touched = new Set<string>()

  constructor(groups: GroupStore) {
    this.groups = groups
    this.producerId = groups.newProducerId()
  }
  commit(group: string, topic: string, partition: number, offset: number, options: CommitOptions = {}): void {
    this.touched.add(group)
    const producer = { producerId: this.producerId, producerEpoch: 0 }
    this.groups.commit([{ group, topic, partition, offset, ...options }], producer)
  }
  end(type: 'COMMIT' | 'ABORT'): void {
    this.groups.endTransaction([...this.touched], type, this.producerId, 0)
    this.touched.clear()
  }
}
