import { int64At } from './int64.ts'
import type { BatchHeader } from './record-sink.ts'

/**
 * Header of a record batch, format 2 (Kafka's message format; KIP-98, KIP-534). Big-endian, bytes from its first:
 *
 *    0            8        12       16      17    21           23
 *   +------------+--------+--------+-------+-----+------------+-------------------+
 *   | baseOffset | length | leader | magic | crc | attributes | last offset delta |
 *   | int64      | int32  | epoch  | int8  | u32 | int16      | int32             |
 *   +------------+--------+--------+-------+-----+------------+-------------------+
 *    27               35              43           51         53         57      61
 *   +----------------+---------------+------------+----------+----------+-------+---------
 *   | base timestamp | max timestamp | producerId | producer | base     | count | records
 *   | int64          | int64         | int64      | epoch i16| seq. i32 | int32 |
 *   +----------------+---------------+------------+----------+----------+-------+---------
 *
 *   length       bytes after the length field; a batch has 12 + length
 *   crc          CRC-32C of everything from `attributes` to the end; so baseOffset and length are not covered
 *   attributes   bits 0-2 codec, 3 log append time, 4 transactional, 5 control, 6 base timestamp is the delete horizon
 *
 * Old message sets (magic 0 and 1) begin the same way: offset int64, size int32, crc, magic at 16.
 */
export const batchAt = {
  baseOffset: 0,
  length: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
  records: 61
} as const

/** baseOffset and length, which `length` does not count. */
export const batchPrefixBytes = 12

export const batchBits = { codec: 7, logAppendTime: 8, transactional: 16, control: 32, deleteHorizon: 64 } as const

export function emptyBatchHeader(): BatchHeader {
  return {
    baseOffset: 0,
    lastOffset: 0,
    nextOffset: 0,
    count: 0,
    codec: 0,
    isTransactional: false,
    isControl: false,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    partitionLeaderEpoch: -1,
    maxTimestampMs: -1,
    hasDeleteHorizon: false,
    baseTimestampMs: -1,
    position: 0,
    sizeBytes: 0
  }
}

/** Overwrites `header` with the one at `at`. 64-bit fields beyond ±(2^53 - 1) become NaN. */
export function readBatchHeader(view: DataView, at: number, sizeBytes: number, header: BatchHeader): void {
  const attributes = view.getInt16(at + batchAt.attributes)
  header.baseOffset = int64At(view, at + batchAt.baseOffset)
  header.lastOffset = header.baseOffset + view.getInt32(at + batchAt.lastOffsetDelta)
  header.nextOffset = header.lastOffset + 1
  header.count = view.getInt32(at + batchAt.count)
  header.codec = attributes & batchBits.codec
  header.isTransactional = (attributes & batchBits.transactional) !== 0
  header.isControl = (attributes & batchBits.control) !== 0
  header.producerId = int64At(view, at + batchAt.producerId)
  header.producerEpoch = view.getInt16(at + batchAt.producerEpoch)
  header.baseSequence = view.getInt32(at + batchAt.baseSequence)
  header.partitionLeaderEpoch = view.getInt32(at + batchAt.partitionLeaderEpoch)
  header.maxTimestampMs = int64At(view, at + batchAt.maxTimestamp)
  header.hasDeleteHorizon = (attributes & batchBits.deleteHorizon) !== 0
  header.baseTimestampMs = int64At(view, at + batchAt.baseTimestamp)
  header.position = at
  header.sizeBytes = sizeBytes
}

/** Whether the offsets, the next one included, are exact and such as Kafka gives. */
export function areOffsetsInRange(header: BatchHeader): boolean {
  return header.baseOffset >= 0 && header.nextOffset <= Number.MAX_SAFE_INTEGER
}

/** Whether the other 64-bit fields are exact. */
export function isRestInRange(header: BatchHeader): boolean {
  return !(
    Number.isNaN(header.producerId) ||
    Number.isNaN(header.maxTimestampMs) ||
    Number.isNaN(header.baseTimestampMs)
  )
}
