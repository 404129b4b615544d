import { PackedType } from '../../shared/actor/packed-batch.ts'
import type { Clock } from '../../shared/clock.ts'
import { OffsetCommitReader, outOfRange } from '../../shared/codec/offset-commit.ts'
import {
  type BatchHeader,
  type BatchRefusal,
  type RecordSink,
  refuseCutBatch,
  walkRecordBatches
} from '../../shared/codec/record-batch.ts'
import type { Counters } from '../../shared/counters.ts'
import type { CommitKeys } from './commit-keys.ts'
import type { GroupRecordsOptions } from './group-record.ts'
import { GroupRecords } from './group-records.ts'
import { KeyRun } from './key-run.ts'
import type { KnownTopicTable } from './known-topics.ts'
import type { OffsetsPartition } from './offsets-partition.ts'
import type { RareLog } from './rare-log.ts'
import type { ReaderOutlet } from './reader-outlet.ts'
import { RecordCounts } from './record-counts.ts'
import type { SelfReport } from './self-report.ts'
import { TopicGate } from './topic-gate.ts'
import type { HeldCommits } from './transactions.ts'

export interface CommitDecoderOptions extends GroupRecordsOptions {
  readonly offsetsTopic: string
  readonly keys: CommitKeys
  readonly selfReport: SelfReport
  readonly clock: Clock
}

/** Commits of a transaction that take effect together; a batch holds no more (offsets-partition.ts). */
const chunkCommits = 4096
const chunkStep = 1 / 128

/**
 * From the bytes of the offsets topic to packed records: the sink of the record walker. Kafka threads; one per reader.
 *
 * No string, object or promise per commit. A commit that must wait ends the walk: its partition is read again from there.
 */
export class CommitDecoder implements RecordSink {
  readonly #reader = new OffsetCommitReader()
  readonly #run = new KeyRun()
  readonly #options: CommitDecoderOptions
  readonly #keys: CommitKeys
  readonly #topics: KnownTopicTable
  readonly #outlet: ReaderOutlet
  readonly #gate: TopicGate
  readonly #groups: GroupRecords
  readonly #recordCounts: RecordCounts
  readonly #counters: Counters
  readonly #counts: Float64Array
  readonly #at: Readonly<Record<'records' | 'commits' | 'filtered' | 'batches', number>>
  readonly #rareLog: RareLog
  #p!: OffsetsPartition
  #transactionOf = -1
  #refused = 0
  #lastOffset = -1

  constructor(options: CommitDecoderOptions) {
    const { counters } = options
    this.#options = options
    this.#keys = options.keys
    this.#topics = options.topics
    this.#outlet = options.outlet
    this.#gate = new TopicGate(options.topics, counters, options.clock)
    this.#groups = new GroupRecords(options, this.#gate)
    this.#recordCounts = new RecordCounts(counters, options.rareLog)
    this.#counters = counters
    this.#counts = counters.values
    this.#at = {
      records: counters.at('records'),
      commits: counters.at('commits'),
      filtered: counters.at('refused_filtered'),
      batches: counters.at('record_batches')
    }
    this.#rareLog = options.rareLog
  }

  /** Batches refused in the last walk. */
  get refusedBatches(): number {
    return this.#refused
  }

  /** The last walk gave records. */
  get sawRecords(): boolean {
    return this.#lastOffset >= 0
  }

  /**
   * Walks what was fetched for `p` and moves its position on. Afterwards the outlet is to be flushed. True: a commit waits
   * (`p.waitingAt`), and nothing of this partition should be fetched until something was learnt about its topic.
   */
  walk(p: OffsetsPartition, records: Uint8Array): boolean {
    return this.#walk(p, () => walkRecordBatches(records, p.position, this))
  }

  /** For a first batch that never comes whole, whatever is asked for: steps over it. */
  refuseCut(p: OffsetsPartition, records: Uint8Array): boolean {
    return this.#walk(p, () => refuseCutBatch(records, p.position, this))
  }

  #walk(p: OffsetsPartition, walk: () => number): boolean {
    this.#p = p
    this.#refused = 0
    this.#lastOffset = -1
    const next = this.#gate.walk(p, walk)
    this.#run.end()
    if (!this.#gate.isWaiting) this.#groups.endWalk(p, next)
    this.#options.selfReport.say(p, next, this.#lastOffset)
    p.position = next
    this.#outlet.finish(p, next)
    return this.#gate.isWaiting
  }

  beginBatch(batch: BatchHeader): void {
    this.#counts[this.#at.batches]!++
    this.#transactionOf = batch.isTransactional ? batch.producerId : -1
  }

  record(
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    timestampMs: number,
    keyAt: number,
    keyLength: number,
    valueAt: number,
    valueLength: number
  ): void {
    this.#counts[this.#at.records]!++
    this.#lastOffset = offset
    if (this.#p.tombstones.length > 0) this.#groups.next(this.#p, offset)
    const reader = this.#reader
    const run = this.#run
    const partitionAt = run.partitionAt(view, keyAt, keyLength)
    if (partitionAt >= 0) reader.partition = view.getInt32(partitionAt)
    else if (!this.#readKey(bytes, view, offset, timestampMs, keyAt, keyLength, valueAt, valueLength)) return
    this.#recordCounts.add(run.type, this.#p.partition, offset)

    const { entry } = run
    if (!this.#keys.accepted[entry]) {
      this.#counts[this.#at.filtered]!++
      return
    }
    if (valueLength <= 0) {
      this.#tombstone(entry, offset, timestampMs)
      return
    }
    const wrong = reader.readValue(bytes, view, valueAt, valueLength)
    if (wrong !== '') {
      this.#refuseValue(wrong, offset)
      return
    }
    if (this.#p.tombstones.length > 0) this.#groups.isAlive(this.#p, this.#keys.groups[entry]!)
    if (this.#transactionOf >= 0) this.#hold(entry, offset)
    else this.#commit(entry, reader.partition, reader.offset, offset, reader.timestampMs)
  }

  /** Begins a run of keys; false if the record is no commit: then it was dealt with. */
  #readKey(
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    timestampMs: number,
    keyAt: number,
    keyLength: number,
    valueAt: number,
    valueLength: number
  ): boolean {
    const reader = this.#reader
    const field = reader.readKey(bytes, view, keyAt, keyLength)
    const type = reader.keyType
    if (field !== '' || type < 0) {
      this.#undecodable(field !== '' ? field : 'key version', offset)
      return false
    }
    if (type > 1) {
      this.#recordCounts.add(type, this.#p.partition, offset)
      const place = { type, bytes, view, offset, timestampMs, keyAt, keyLength, valueAt, valueLength }
      this.#groups.record(this.#p, reader, place)
      return false
    }
    const namesEnd = reader.topicAt + reader.topicLength
    const entry = this.#keys.entryOf(bytes, view, reader.groupAt - 2, namesEnd)
    this.#run.begin(view, keyAt, keyLength, namesEnd - keyAt, type, entry)
    return true
  }

  marker(batch: BatchHeader, offset: number, type: 'COMMIT' | 'ABORT' | 'OTHER'): void {
    const { transactions } = this.#p
    const held = transactions.held(batch.producerId)
    if (!held || type === 'OTHER') return
    if (type === 'COMMIT') this.#release(held, offset)
    else this.#counters.add('refused_transaction_aborted', held.count)
    transactions.end(batch.producerId)
  }

  endBatch(batch: BatchHeader): void {
    if (this.#p.tombstones.length > 0) this.#groups.endBatch(this.#p, batch.lastOffset)
  }

  refused(reason: BatchRefusal, baseOffset: number, nextOffset: number, detail: string): void {
    this.#refused++
    this.#counters.add('refused_bad_batch')
    const { offsetsTopic } = this.#options
    const { partition } = this.#p
    this.#rareLog.warn(`bad batch: ${reason}`, { topic: offsetsTopic, partition, baseOffset, nextOffset, detail })
  }

  #commit(entry: number, partition: number, offset: number, order: number, timestampMs: number): void {
    const shard = this.#keys.shards[entry]!
    if (!this.#outlet.wants(this.#p, shard, order)) return
    if (!this.#gate.passes(this.#keys.topics[entry]!, partition, timestampMs, order)) return
    this.#outlet.room(this.#p, shard, order, 1)
    this.#outlet.add(
      shard,
      PackedType.SetConsumerOffset,
      this.#keys.keys[entry]!,
      partition,
      0,
      offset,
      order,
      timestampMs
    )
    this.#counts[this.#at.commits]!++
  }

  /** The window of that partition goes (spec 09, E7). Where there is no end offset there is no window either. */
  #tombstone(entry: number, offset: number, timestampMs: number): void {
    const { partition } = this.#reader
    const shard = this.#keys.shards[entry]!
    if (!this.#outlet.wants(this.#p, shard, offset)) return
    this.#counters.add('offset_tombstones')
    if (!this.#topics.isKnown(this.#keys.topics[entry]!, partition)) return
    this.#outlet.room(this.#p, shard, offset, 1)
    this.#outlet.add(shard, PackedType.DeleteWindow, this.#keys.keys[entry]!, partition, 0, 0, offset, timestampMs)
  }

  #hold(entry: number, order: number): void {
    const { partition, offset, timestampMs } = this.#reader
    const { transactions } = this.#p
    if (transactions.hold(this.#transactionOf, order, entry, partition, offset, timestampMs)) return
    this.#counters.add('refused_transaction_overflow')
    this.#rareLog.warn('too many commits in open transactions', { partition: this.#p.partition, order })
  }

  /** First looks whether any of them must wait: they take effect together. */
  #release(held: HeldCommits, markerOffset: number): void {
    for (let i = 0; i < held.count; i++) this.#waitForHeld(held, i, markerOffset)
    for (let from = 0; from < held.count; from += chunkCommits) {
      this.#releaseChunk(held, from, Math.min(from + chunkCommits, held.count), markerOffset)
    }
  }

  #waitForHeld(held: HeldCommits, i: number, markerOffset: number): void {
    const entry = held.entry(i)
    const effective = markerOffset + Math.floor(i / chunkCommits) * chunkStep
    if (!this.#outlet.wants(this.#p, this.#keys.shards[entry]!, effective)) return
    this.#gate.await(this.#keys.topics[entry]!, held.partition(i), held.timestampMs(i), markerOffset)
  }

  #releaseChunk(held: HeldCommits, from: number, end: number, markerOffset: number): void {
    const effective = markerOffset + (from / chunkCommits) * chunkStep
    for (let shard = 0; shard < this.#p.sentTo.length; shard++) {
      if (this.#outlet.wants(this.#p, shard, effective)) this.#outlet.room(this.#p, shard, effective, end - from)
    }
    for (let i = from; i < end; i++) {
      const entry = held.entry(i)
      const partition = held.partition(i)
      const shard = this.#keys.shards[entry]!
      if (!this.#outlet.wants(this.#p, shard, effective)) continue
      if (!this.#topics.isKnown(this.#keys.topics[entry]!, partition)) {
        this.#counters.add('refused_unknown_topic')
        continue
      }
      const key = this.#keys.keys[entry]!
      const order = held.order(i)
      this.#outlet.add(
        shard,
        PackedType.SetConsumerOffset,
        key,
        partition,
        0,
        held.offset(i),
        order,
        held.timestampMs(i)
      )
      this.#counts[this.#at.commits]!++
    }
  }

  #refuseValue(field: string, offset: number): void {
    if (field !== outOfRange) {
      this.#undecodable(field, offset)
      return
    }
    this.#counters.add('refused_out_of_range')
    this.#rareLog.warn('commit out of range', { partition: this.#p.partition, offset })
  }

  #undecodable(field: string, offset: number): void {
    this.#counters.add('refused_undecodable')
    this.#rareLog.warn(`failed to decode: ${field}`, { reason: field, partition: this.#p.partition, offset })
  }
}
