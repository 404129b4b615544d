/**
 * The log of one partition: whole record batches (magic 2) in segments, with an index of where each begins.
 *
 *   segment   | batch 0..4 | batch 5..5 | batch 6..25 | free |     one buffer, only appended to
 *   index       for each batch: first and last offset, position, newest timestamp
 *
 * What has been written never changes, so a read hands out a view and nothing is copied on the way to the socket. A buffer
 * that is full is replaced by a bigger copy; views of the old one stay good.
 *
 * Bytes of a batch that matter here (KIP-98):
 *
 *   0         8        12              16      17    21           23                27
 *   +---------+--------+---------------+-------+-----+------------+-----------------+--
 *   | base    | length | leader epoch  | magic | crc | attributes | last offset     |
 *   | offset  | of rest|               | 2     |     | bits       | delta           |
 *   +---------+--------+---------------+-------+-----+------------+-----------------+--
 *   27 base timestamp, 35 newest timestamp, 43 producer id, 51 producer epoch, 53 base sequence, 57 count, 61 records
 *
 * The CRC covers what follows it, so base offset and leader epoch are set here without a new one.
 */
export const batchHeaderBytes = 61
const lengthAt = 8
const leaderEpochAt = 12
const attributesAt = 21
const lastOffsetDeltaAt = 23
const newestTimestampAt = 35
const producerIdAt = 43
const transactionalBit = 0x10
const controlBit = 0x20
const firstSegmentBytes = 16 * 1024
const defaultSegmentBytes = 8 * 1024 * 1024

interface Segment {
  bytes: Buffer
  used: number
  readonly baseOffsets: number[]
  readonly lastOffsets: number[]
  readonly positions: number[]
  readonly newestTimestampsMs: number[]
}

export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
  readonly lastOffset: number
}

export interface Retention {
  /** A segment is closed when it holds this much. */
  readonly segmentBytes: number
  /** Old closed segments go when more than this is stored, and the start offset moves with them... */
  readonly bytes: number
  /** ...unless the first one stays, as what is left of a log after compaction: then the log has a hole behind it. */
  readonly keepFirstSegment: boolean
}

export class PartitionLog {
  startOffset = 0
  endOffset = 0
  retention: Retention = { segmentBytes: defaultSegmentBytes, bytes: Number.POSITIVE_INFINITY, keepFirstSegment: false }
  storedBytes = 0
  private segments: Segment[] = []
  private readonly openTransactions = new Map<number, number>()
  private readonly aborted: AbortedTransaction[] = []
  private readonly waiting = new Set<() => void>()

  /** Offset up to which no transaction is open: what a reader of committed records may see. */
  get lastStableOffset(): number {
    let lowest = this.endOffset
    for (const first of this.openTransactions.values()) lowest = Math.min(lowest, first)
    return lowest
  }

  /** Stores one whole batch at the end and gives it its offsets. Returns the base offset. */
  append(batch: Uint8Array, leaderEpoch = 0): number {
    const baseOffset = this.endOffset
    const stored = this.store(batch, baseOffset, baseOffset + lastOffsetDelta(batch))
    stored.writeBigInt64BE(BigInt(baseOffset))
    stored.writeInt32BE(leaderEpoch, leaderEpochAt)
    this.noteTransaction(stored, baseOffset)
    this.wake()
    return baseOffset
  }

  /** Stores whole batches with the offsets they carry (a compacted log has gaps). Throws when they do not go upwards. */
  appendKeepingOffsets(batches: Uint8Array): void {
    const all = Buffer.from(batches.buffer, batches.byteOffset, batches.byteLength)
    for (let at = 0; at < all.length; ) {
      const baseOffset = Number(all.readBigInt64BE(at))
      if (baseOffset < this.endOffset) throw new RangeError(`batch at ${baseOffset}, the log is at ${this.endOffset}`)
      const next = at + 12 + all.readInt32BE(at + lengthAt)
      const batch = all.subarray(at, next)
      const stored = this.store(batch, baseOffset, baseOffset + lastOffsetDelta(batch))
      this.noteTransaction(stored, baseOffset)
      at = next
    }
    this.wake()
  }

  /** Stores bytes that need not be a batch at all, as if they held `offsetCount` records. */
  appendGarbage(bytes: Uint8Array, offsetCount: number): number {
    const baseOffset = this.endOffset
    this.store(bytes, baseOffset, baseOffset + offsetCount - 1)
    this.wake()
    return baseOffset
  }

  /** A log without stored data that ends at `offset`: as if retention had removed all before. May go backwards. */
  moveTo(offset: number): void {
    this.segments = []
    this.storedBytes = 0
    this.openTransactions.clear()
    this.startOffset = offset
    this.endOffset = offset
  }

  /**
   * Stored bytes from the batch that holds `offset` (or the first after it), at most `maxBytes` and from one segment, so that
   * the last batch can be cut, as brokers do. With `atLeastOne` the first batch comes whole however big it is.
   */
  read(offset: number, maxBytes: number, atLeastOne: boolean, beforeOffset = this.endOffset): Buffer {
    const place = this.find(offset)
    if (!place) return Buffer.alloc(0)
    const { segment, index } = place
    if (segment.baseOffsets[index]! >= beforeOffset) return Buffer.alloc(0)
    const start = segment.positions[index]!
    const firstEnd = segment.positions[index + 1] ?? segment.used
    let end = segment.used
    if (beforeOffset < this.endOffset) end = segment.positions[firstAtLeast(segment.baseOffsets, beforeOffset)] ?? end
    const size = Math.max(maxBytes, atLeastOne ? firstEnd - start : 0)
    return segment.bytes.subarray(start, Math.min(end, start + Math.max(0, size)))
  }

  /** Aborted transactions that touch [from, to): KIP-98's list for readers of committed records. */
  abortedBetween(from: number, to: number): AbortedTransaction[] {
    return this.aborted.filter(each => each.lastOffset >= from && each.firstOffset < to)
  }

  /** First batch whose newest timestamp is at or after `timestampMs`. */
  firstBatchSince(timestampMs: number): Buffer | undefined {
    for (const segment of this.segments) {
      const index = segment.newestTimestampsMs.findIndex(newest => newest >= timestampMs)
      if (index < 0) continue
      return segment.bytes.subarray(segment.positions[index], segment.positions[index + 1] ?? segment.used)
    }
    return undefined
  }

  /** Of all records stored; 0 when there are none. */
  newestTimestampMs(): number {
    let newest = 0
    for (const { newestTimestampsMs } of this.segments) {
      for (const each of newestTimestampsMs) newest = Math.max(newest, each)
    }
    return newest
  }

  /** Calls `waiter` at each append until the returned function is called. */
  onAppend(waiter: () => void): () => void {
    this.waiting.add(waiter)
    return () => this.waiting.delete(waiter)
  }

  private store(bytes: Uint8Array, baseOffset: number, lastOffset: number): Buffer {
    const segment = this.segmentFor(bytes.length)
    const position = segment.used
    segment.bytes.set(bytes, position)
    segment.used += bytes.length
    this.storedBytes += bytes.length
    const stored = segment.bytes.subarray(position, segment.used)
    this.endOffset = lastOffset + 1
    segment.baseOffsets.push(baseOffset)
    segment.lastOffsets.push(lastOffset)
    segment.positions.push(position)
    segment.newestTimestampsMs.push(
      stored.length >= batchHeaderBytes ? Number(stored.readBigInt64BE(newestTimestampAt)) : -1
    )
    this.dropOld()
    return stored
  }

  private segmentFor(length: number): Segment {
    const last = this.segments.at(-1)
    if (last && last.used + length <= last.bytes.length) return last
    if (last && last.used + length <= this.retention.segmentBytes) {
      const bigger = Buffer.allocUnsafeSlow(
        Math.min(this.retention.segmentBytes, Math.max(last.bytes.length * 2, last.used + length))
      )
      bigger.set(last.bytes.subarray(0, last.used))
      last.bytes = bigger
      return last
    }
    const bytes = Buffer.allocUnsafeSlow(Math.max(length, last ? this.retention.segmentBytes : firstSegmentBytes))
    const segment: Segment = { bytes, used: 0, baseOffsets: [], lastOffsets: [], positions: [], newestTimestampsMs: [] }
    this.segments.push(segment)
    return segment
  }

  private dropOld(): void {
    const kept = this.retention.keepFirstSegment ? 1 : 0
    while (this.storedBytes > this.retention.bytes && this.segments.length > kept + 1) {
      this.storedBytes -= this.segments.splice(kept, 1)[0]!.used
      this.startOffset = this.segments[0]!.baseOffsets[0]!
    }
  }

  private find(offset: number): { segment: Segment; index: number } | undefined {
    if (offset >= this.endOffset) return undefined
    const segment = this.segments[firstAtLeast(this.segments, offset, each => each.lastOffsets.at(-1)!)]
    return segment && { segment, index: firstAtLeast(segment.lastOffsets, offset) }
  }

  private noteTransaction(batch: Buffer, baseOffset: number): void {
    const attributes = batch.readInt16BE(attributesAt)
    if (!(attributes & transactionalBit)) return
    const producerId = Number(batch.readBigInt64BE(producerIdAt))
    const firstOffset = this.openTransactions.get(producerId)
    if (!(attributes & controlBit)) {
      if (firstOffset === undefined) this.openTransactions.set(producerId, baseOffset)
      return
    }
    if (firstOffset === undefined) return
    this.openTransactions.delete(producerId)
    if (!isCommitMarker(batch)) this.aborted.push({ producerId, firstOffset, lastOffset: baseOffset })
  }

  private wake(): void {
    for (const waiter of this.waiting) waiter()
  }
}

/** The one record of a control batch has a key of int16 version, int16 type; 1 = COMMIT (KIP-98). Its lengths take one byte each. */
function isCommitMarker(batch: Buffer): boolean {
  const keyAt = batchHeaderBytes + 5 // record length, attributes, timestamp delta, offset delta, key length
  return batch.readInt16BE(keyAt + 2) === 1
}

function lastOffsetDelta(batch: Uint8Array): number {
  return new DataView(batch.buffer, batch.byteOffset).getInt32(lastOffsetDeltaAt)
}

function firstAtLeast(values: readonly number[], wanted: number): number
function firstAtLeast<T>(values: readonly T[], wanted: number, of: (value: T) => number): number
function firstAtLeast<T>(values: readonly T[], wanted: number, of: (value: T) => number = Number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (of(values[middle]!) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
