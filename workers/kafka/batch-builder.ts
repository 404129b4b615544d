import {
  packedBytesMax,
  packedF64,
  packedI32,
  packedRecordBytes,
  packedRecordsMax
} from '../../shared/actor/packed-batch.ts'
import type { Positions } from '../../shared/actor/storage-messages.ts'
import type { ShardLane } from './shard-lane.ts'

/** Records a buffer has room for at first: most batches are small, and small buffers do not come back. */
const recordsAtFirst = 64

/**
 * Packs records for one shard and sends them in batches, each with the positions that hold once it is applied. One owner: a
 * reader (with positions) or a sweeper (without); so a batch belongs to one consumer module or to none.
 */
export class BatchBuilder {
  readonly #lane: ShardLane
  readonly #consumer: number
  #buffer = new ArrayBuffer(recordsAtFirst * packedRecordBytes)
  #i32 = new Int32Array(this.#buffer)
  #f64 = new Float64Array(this.#buffer)
  #roomForRecords = recordsAtFirst
  #count = 0
  /** Positions to say with the next batch, by partition. */
  #appliedTo = new Map<number, number>()
  #resumeFrom = new Map<number, number>()

  /** `consumer` -1: a sweeper. */
  constructor(lane: ShardLane, consumer: number) {
    this.#lane = lane
    this.#consumer = consumer
  }

  /** Whoever adds looks first, and flushes where a batch may end. */
  hasRoomFor(records: number): boolean {
    return this.#count + records <= packedRecordsMax
  }

  add(
    type: number,
    key: number,
    partition: number,
    topicPartitionCount: number,
    offset: number,
    order: number,
    timestampMs: number
  ): void {
    if (this.#count === this.#roomForRecords) this.#grow()
    const record = this.#count++
    const i = record * packedI32.words
    this.#i32[i + packedI32.type] = type
    this.#i32[i + packedI32.key] = key
    this.#i32[i + packedI32.partition] = partition
    this.#i32[i + packedI32.topicPartitionCount] = topicPartitionCount
    const f = record * packedF64.words
    this.#f64[f + packedF64.offset] = offset
    this.#f64[f + packedF64.order] = order
    this.#f64[f + packedF64.timestampMs] = timestampMs
  }

  /** With all that was added so far applied, the shard has applied everything of the partition below `appliedTo`. */
  position(partition: number, appliedTo: number, resumeFrom: number): void {
    this.#appliedTo.set(partition, appliedTo)
    this.#resumeFrom.set(partition, resumeFrom)
  }

  flush(): void {
    if (this.#count === 0 && this.#appliedTo.size === 0) return
    const positions: Positions | null =
      this.#appliedTo.size === 0
        ? null
        : {
            consumer: this.#consumer,
            partitions: [...this.#appliedTo.keys()],
            appliedTo: [...this.#appliedTo.values()],
            resumeFrom: [...this.#resumeFrom.values()]
          }
    const count = this.#count
    this.#lane.batch(count === 0 ? null : this.#buffer, count, positions)
    if (count > 0) this.#use(new ArrayBuffer(recordsAtFirst * packedRecordBytes))
    this.#count = 0
    this.#appliedTo.clear()
    this.#resumeFrom.clear()
  }

  /** Throws away what was not sent. */
  forget(): void {
    this.#count = 0
    this.#appliedTo.clear()
    this.#resumeFrom.clear()
  }

  #grow(): void {
    const from = this.#i32
    const spare = this.#lane.takeSpare()
    if (spare) this.#use(spare)
    else this.#use(new ArrayBuffer(Math.min(this.#roomForRecords * 4 * packedRecordBytes, packedBytesMax)))
    this.#i32.set(from)
  }

  #use(buffer: ArrayBuffer): void {
    this.#roomForRecords = buffer.byteLength / packedRecordBytes
    this.#buffer = buffer
    this.#i32 = new Int32Array(this.#buffer)
    this.#f64 = new Float64Array(this.#buffer)
  }
}
