import { messageOf } from '../errors.ts'
import {
  areOffsetsInRange,
  batchAt,
  batchBits,
  batchPrefixBytes,
  emptyBatchHeader,
  isRestInRange,
  readBatchHeader
} from './batch-header.ts'
import { decompress } from './compression.ts'
import { crc32c } from './crc32c.ts'
import { int64At } from './int64.ts'
import { readRecords, readUpTo, smallestRecordBytes } from './record-reader.ts'
import type { BatchRefusal, RecordSink } from './record-sink.ts'

export type { BatchHeader, BatchRefusal, RecordSink } from './record-sink.ts'

/** Biggest batch that is believed: Kafka's default for the biggest request (socket.request.max.bytes), in which batches arrive. */
export const batchBytesMax = 100 * 1024 * 1024

/** Smallest thing that carries a length: a message of format 0 (crc, magic, attributes, two lengths). */
const messageBytesMin = batchPrefixBytes + 14

/**
 * A batch may begin this far after the offset we want (compaction leaves holes, the first one can span years) and still be
 * believed without other proof: 10,000 commits a second for three years.
 */
const holeMax = 2 ** 40

/**
 * Walks the batches in the `records` bytes of a Fetch answer, oldest first. Records below `fromOffset` are not given: a fetch
 * may begin in the middle of a batch. No offset is given twice in a walk.
 *
 * Answers the next offset to fetch. It is `fromOffset` only if the bytes hold no whole batch: nothing new (no bytes), or the
 * first batch is cut (`firstBatchBytes(bytes) > bytes.length`): fetch again with room for that many bytes, and if the batch is
 * still cut then, its length lies: `refuseCutBatch`. In all other cases the answer is greater, so the same offset is never
 * fetched for ever. A batch that is cut at the end, after others, is simply not there yet.
 *
 * A bad batch is told to `sink.refused` and stepped over by its length. Where its header cannot be trusted and no good
 * batch follows, the answer goes one offset on: a transient fault then costs one record, not the batch, and a lying header
 * cannot make us jump over records that exist. Such steps are cheap for one batch but not for ever: a caller that sees walks with
 * refusals only should fetch slower.
 *
 * Time is linear in the bytes, plus what decompression may take (bounded by `decompressedBytesMax`). Never throws by itself.
 */
export function walkRecordBatches(bytes: Uint8Array, fromOffset: number, sink: RecordSink): number {
  return new BatchWalk(bytes, fromOffset, sink).run()
}

/** Bytes of the first batch as its header says, whether or not they are all there; 0 if there is no believable length. */
export function firstBatchBytes(bytes: Uint8Array): number {
  if (bytes.length < batchPrefixBytes) return 0
  const size = batchPrefixBytes + new DataView(bytes.buffer, bytes.byteOffset).getInt32(batchAt.length)
  return size >= messageBytesMin && size <= batchBytesMax ? size : 0
}

/**
 * For a first batch that is still cut although `firstBatchBytes` were asked for (Kafka sends at least one whole batch since
 * Fetch version 3): tells the sink and answers the offset to go on at.
 */
export function refuseCutBatch(bytes: Uint8Array, fromOffset: number, sink: RecordSink): number {
  const next = Math.min(fromOffset + 1, Number.MAX_SAFE_INTEGER)
  sink.refused('length', -1, next, `${bytes.length} bytes of ${firstBatchBytes(bytes)}`)
  return next
}

class BatchWalk {
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private readonly sink: RecordSink
  private readonly fromOffset: number
  private readonly header = emptyBatchHeader()
  /** Next offset as far as it is proven. */
  private next: number
  /** Next offset if nothing better is proven by what follows. */
  private nextAtLeast: number
  private hasRefused = false
  /** Whether the place we are at is where a batch begins: false after a batch whose length is in doubt. */
  private inStep = true

  constructor(bytes: Uint8Array, fromOffset: number, sink: RecordSink) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.sink = sink
    this.fromOffset = fromOffset
    this.next = fromOffset
    this.nextAtLeast = fromOffset
  }

  run(): number {
    let position = 0
    while (this.bytes.length - position >= batchPrefixBytes) {
      const size = batchPrefixBytes + this.view.getInt32(position + batchAt.length)
      if (size < messageBytesMin || size > batchBytesMax) {
        this.refuseUnproven('length', position, `batch of ${size} bytes`)
        break
      }
      if (size > this.bytes.length - position) break
      this.walkBatch(position, size)
      position += size
    }
    if (position > 0 && this.next === this.fromOffset && !this.hasRefused) this.refuseOldBatches(position)
    const next = Math.max(this.next, this.nextAtLeast, this.hasRefused ? this.fromOffset + 1 : 0)
    return Math.min(next, Number.MAX_SAFE_INTEGER)
  }

  private walkBatch(position: number, size: number): void {
    const { header, view } = this
    const magic = view.getInt8(position + batchAt.magic)
    if (magic !== 2) {
      this.refuseMagic(position, magic)
      return
    }
    if (size < batchAt.records) {
      this.refuseUnproven('length', position, `batch of ${size} bytes`)
      return
    }

    readBatchHeader(view, position, size, header)
    const crc = crc32c(view, position + batchAt.attributes, position + size)
    if (crc !== view.getUint32(position + batchAt.crc)) {
      this.refuseCrc(position)
      return
    }
    this.inStep = true

    if (!areOffsetsInRange(header)) {
      this.refuseUnproven('range', position, 'offset')

      return
    }
    const lastDelta = header.lastOffset - header.baseOffset
    if (lastDelta < 0) {
      this.refuseUnproven('records', position, `last offset delta ${lastDelta}`)
      return
    }
    if (!isRestInRange(header)) {
      this.refuseProven('range', 'time or producer id')
      return
    }
    if (header.count < 0 || header.count > lastDelta + 1) {
      this.refuseProven('records', `${header.count} records in ${lastDelta + 1} offsets`)
      return
    }
    if (header.lastOffset < this.next) return // all of it was wanted before
    this.walkRecords(position + batchAt.records, position + size)
  }

  private walkRecords(from: number, end: number): void {
    const { header, sink } = this
    let { bytes, view } = this
    if (header.codec !== 0 && header.count > 0) {
      try {
        bytes = decompress(header.codec, bytes.subarray(from, end))
      } catch (error) {
        this.refuseProven('codec', messageOf(error))
        return
      }
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      from = 0
      end = bytes.length
    }
    if (header.count > (end - from) / smallestRecordBytes) {
      this.refuseProven('records', `${header.count} records in ${end - from} bytes`)
      return
    }

    const attributes = this.view.getInt16(header.position + batchAt.attributes)
    const isLogAppendTime = (attributes & batchBits.logAppendTime) !== 0
    sink.beginBatch(header)
    const stopped =
      header.count === 0 ? '' : readRecords(bytes, view, from, end, header, isLogAppendTime, this.next, sink)
    if (stopped !== '') this.refuseProven('records', stopped, Math.max(readUpTo, this.next))
    this.next = header.nextOffset
    sink.endBatch(header)
  }

  /** The CRC was right, so the header tells where reading goes on. */
  private refuseProven(reason: BatchRefusal, detail: string, baseOffset = this.header.baseOffset): void {
    this.hasRefused = true
    this.next = Math.max(this.next, this.header.nextOffset)
    this.sink.refused(reason, baseOffset, this.next, detail)
  }

  /**
   * The header is in doubt too. It is believed if two of its fields agree that the batch is whole: as many records as
   * offsets, which no single fault brings about. A compacted batch cannot prove itself in this way.
   */
  private refuseCrc(position: number): void {
    const { header } = this
    const agrees = header.count > 0 && header.baseOffset + header.count === header.nextOffset
    if (this.inStep && agrees && areOffsetsInRange(header) && this.isNear(header.baseOffset)) {
      this.refuseProven('crc', `batch of ${header.sizeBytes} bytes`)
    } else {
      this.refuseUnproven('crc', position, `batch of ${header.sizeBytes} bytes`)
    }
  }

  /** Messages of formats 0 and 1 are one offset each, or a compressed set that carries its last offset: go on after it. */
  private refuseMagic(position: number, magic: number): void {
    const offset = int64At(this.view, position + batchAt.baseOffset)
    const isOldFormat = magic === 0 || magic === 1
    if (!(this.inStep && isOldFormat && this.isNear(offset))) {
      this.refuseUnproven('magic', position, `format ${magic}`)
      return
    }
    this.hasRefused = true
    this.next = Math.max(this.next, offset + 1)
    this.sink.refused('magic', offset, this.next, `format ${magic}`)
  }

  /**
   * Whole batches, and each of them before the wanted offset. A broker does not send that; a fault in a base offset, which no
   * CRC covers, looks like that, and asking for the same offset again would not end.
   */
  private refuseOldBatches(bytes: number): void {
    this.hasRefused = true
    this.nextAtLeast = this.fromOffset + 1
    this.sink.refused('range', -1, this.nextAtLeast, `${bytes} bytes of batches before the wanted offset`)
  }

  private refuseUnproven(reason: BatchRefusal, position: number, detail: string): void {
    this.hasRefused = true
    const baseOffset = int64At(this.view, position + batchAt.baseOffset)
    const isNear = this.inStep && this.isNear(baseOffset)
    if (this.inStep) this.nextAtLeast = Math.max(this.nextAtLeast, this.next + 1, isNear ? baseOffset + 1 : 0)
    this.inStep = false
    this.sink.refused(reason, isNear ? baseOffset : -1, Math.max(this.next, this.nextAtLeast), detail)
  }

  private isNear(offset: number): boolean {
    return offset >= 0 && offset <= this.next + holeMax
  }
}
