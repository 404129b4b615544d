import { batchAt, batchBits, batchPrefixBytes } from './batch-header.ts'
import { ByteWriter } from './byte-writer.ts'
import { compress } from './compress.ts'
import { crc32c } from './crc32c.ts'
import { setInt64 } from './int64.ts'

/** Writes record batches of format 2 (layout: batch-header.ts, record-reader.ts). For the simulator, load and tests. Any thread. */
export interface RecordToWrite {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestampMs: number
  /** Default: one after the record before it, from baseOffset on. Leave holes to write what compaction leaves. */
  readonly offset?: number
  readonly headers?: readonly (readonly [key: string, value: Uint8Array | null])[]
}

export interface BatchToWrite {
  readonly baseOffset: number
  readonly records: readonly RecordToWrite[]
  /** 0..4, default 0. */
  readonly codec?: number
  readonly isTransactional?: boolean
  readonly isControl?: boolean
  readonly producerId?: number
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly partitionLeaderEpoch?: number
  /** Default: that of the last record. Say more for a batch whose last records were compacted away. */
  readonly lastOffset?: number
  /** Log append time instead of the records' own; it is the time of every record. */
  readonly logAppendTimeMs?: number
  readonly deleteHorizonMs?: number
}

/** A whole batch with right lengths and CRC. An empty list of records makes the empty batch that compaction retains. */
export function encodeRecordBatch(batch: BatchToWrite): Uint8Array {
  const { baseOffset, records, codec = 0 } = batch
  const firstTimestampMs = records[0]?.timestampMs ?? -1
  const baseTimestampMs = batch.deleteHorizonMs ?? firstTimestampMs
  const body = encodeRecords(batch, baseTimestampMs)
  const data = records.length > 0 ? compress(codec, body) : body
  const bytes = new Uint8Array(batchAt.records + data.length)
  const view = new DataView(bytes.buffer)
  const lastOffset = batch.lastOffset ?? lastOffsetOf(batch)

  setInt64(view, batchAt.baseOffset, baseOffset)
  view.setInt32(batchAt.length, bytes.length - batchPrefixBytes)
  view.setInt32(batchAt.partitionLeaderEpoch, batch.partitionLeaderEpoch ?? 0)
  view.setInt8(batchAt.magic, 2)
  view.setInt16(batchAt.attributes, attributesOf(batch))
  view.setInt32(batchAt.lastOffsetDelta, lastOffset - baseOffset)
  setInt64(view, batchAt.baseTimestamp, baseTimestampMs)
  setInt64(view, batchAt.maxTimestamp, batch.logAppendTimeMs ?? newestOf(records))
  setInt64(view, batchAt.producerId, batch.producerId ?? -1)
  view.setInt16(batchAt.producerEpoch, batch.producerEpoch ?? -1)
  view.setInt32(batchAt.baseSequence, batch.baseSequence ?? -1)
  view.setInt32(batchAt.count, records.length)
  bytes.set(data, batchAt.records)
  fixBatchCrc(bytes)
  return bytes
}

/** Puts the right CRC over a batch (also one that a test has bent). */
export function fixBatchCrc(batch: Uint8Array): void {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength)
  view.setUint32(batchAt.crc, crc32c(view, batchAt.attributes, batch.length))
}

/** The record of a control batch that ends a transaction (KIP-98). */
export function transactionMarker(
  type: 'COMMIT' | 'ABORT',
  coordinatorEpoch: number,
  timestampMs: number
): RecordToWrite {
  const key = new ByteWriter(4).int16(0).int16(type === 'COMMIT' ? 1 : 0)
  const value = new ByteWriter(6).int16(0).int32(coordinatorEpoch)
  return { key: key.finish(), value: value.finish(), timestampMs }
}

function encodeRecords(batch: BatchToWrite, baseTimestampMs: number): Uint8Array {
  const writer = new ByteWriter(64 + batch.records.length * 128)
  let offset = batch.baseOffset
  for (const record of batch.records) {
    offset = record.offset ?? offset
    const one = new ByteWriter(128)
    one.int8(0)
    one.varint(record.timestampMs - baseTimestampMs)
    one.varint(offset - batch.baseOffset)
    writeNullable(one, record.key)
    writeNullable(one, record.value)
    one.varint(record.headers?.length ?? 0)
    for (const [key, value] of record.headers ?? []) {
      writeNullable(one, new TextEncoder().encode(key))
      writeNullable(one, value)
    }
    writer.varint(one.length).raw(one.finish())
    offset++
  }
  return writer.finish()
}

function writeNullable(writer: ByteWriter, bytes: Uint8Array | null): void {
  if (bytes === null) writer.varint(-1)
  else writer.varint(bytes.length).raw(bytes)
}

function attributesOf(batch: BatchToWrite): number {
  // an empty batch says codec none, as Kafka's cleaner writes it
  let bits = batch.records.length > 0 ? (batch.codec ?? 0) : 0
  if (batch.logAppendTimeMs !== undefined) bits |= batchBits.logAppendTime
  if (batch.isTransactional) bits |= batchBits.transactional
  if (batch.isControl) bits |= batchBits.control
  if (batch.deleteHorizonMs !== undefined) bits |= batchBits.deleteHorizon
  return bits
}

function lastOffsetOf(batch: BatchToWrite): number {
  let next = batch.baseOffset
  for (const record of batch.records) next = (record.offset ?? next) + 1
  return Math.max(next - 1, batch.baseOffset)
}

function newestOf(records: readonly RecordToWrite[]): number {
  return records.reduce((newest, record) => Math.max(newest, record.timestampMs), -1)
}
