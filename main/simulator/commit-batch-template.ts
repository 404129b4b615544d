import { compress } from '../../shared/codec/compress.ts'
import { type RecordSink, walkRecordBatches } from '../../shared/codec/record-batch.ts'
import { encodeRecordBatch, fixBatchCrc } from '../../shared/codec/record-batch-writer.ts'
import { commitRecord } from './groups/group-store.ts'

const lengthAt = 8
const lengthCountsFrom = 12
const attributesAt = 21
const baseTimestampAt = 27
const newestTimestampAt = 35
const recordsAt = 61
/** Inside a value of version 3 with empty metadata: int16 version, int64 offset, int32 leader epoch, int16 length, int64 time. */
const offsetInValue = 2
const timestampInValue = 16

/**
 * One batch of commits of one group, written once and then changed in place: the offsets, the times and the CRC. That makes a
 * commit cost tens of nanoseconds, so that load can be made faster than it can be read.
 */
export class CommitBatchTemplate {
  readonly bytes: Buffer
  readonly count: number
  private readonly valuesAt: number[] = []

  constructor(group: string, topic: string, partitions: readonly number[]) {
    const records = partitions.map(partition => commitRecord({ group, topic, partition, offset: 0, timestampMs: 0 }))
    const batch = encodeRecordBatch({ baseOffset: 0, records })
    this.bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength)
    this.count = partitions.length
    const sink: RecordSink = {
      beginBatch: () => {},
      record: (_bytes, _view, _offset, _timestampMs, _keyAt, _keyLength, valueAt) => this.valuesAt.push(valueAt),
      marker: () => {},
      endBatch: () => {},
      refused: reason => {
        throw new Error(`template refused: ${reason}`)
      }
    }
    walkRecordBatches(this.bytes, 0, sink)
  }

  /** The same commits with another offset and time for all of them. Valid until the next call. */
  with(offset: number, timestampMs: number): Buffer {
    const { bytes } = this
    for (const valueAt of this.valuesAt) {
      writeInt64(bytes, valueAt + offsetInValue, offset)
      writeInt64(bytes, valueAt + timestampInValue, timestampMs)
    }
    writeInt64(bytes, baseTimestampAt, timestampMs)
    writeInt64(bytes, newestTimestampAt, timestampMs)
    fixBatchCrc(bytes)
    return bytes
  }

  /** The same, compressed (codecs 1..4), in memory of its own. Costs tens of microseconds. */
  compressed(codec: number, offset: number, timestampMs: number): Buffer {
    const plain = this.with(offset, timestampMs)
    const batch = Buffer.concat([plain.subarray(0, recordsAt), compress(codec, plain.subarray(recordsAt))])
    batch.writeInt32BE(batch.length - lengthCountsFrom, lengthAt)
    batch.writeInt16BE(codec, attributesAt)
    fixBatchCrc(batch)
    return batch
  }
}

function writeInt64(bytes: Buffer, at: number, value: number): void {
  const high = Math.floor(value / 4_294_967_296)
  bytes.writeInt32BE(high, at)
  bytes.writeUInt32BE(value - high * 4_294_967_296, at + 4)
}
