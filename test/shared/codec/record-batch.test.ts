import { expect } from 'chai'
import { batchAt } from '../../../shared/codec/batch-header.ts'
import { setInt64 } from '../../../shared/codec/int64.ts'
import { encodeOffsetCommitKey, encodeOffsetCommitValue } from '../../../shared/codec/offset-commit-writer.ts'
import { batchBytesMax, firstBatchBytes, refuseCutBatch } from '../../../shared/codec/record-batch.ts'
import {
  type BatchToWrite,
  encodeRecordBatch,
  fixBatchCrc,
  type RecordToWrite,
  transactionMarker
} from '../../../shared/codec/record-batch-writer.ts'
import { LineSink, walkLines } from './expected-lines.ts'

const timestampMs = 1_700_000_000_000

function commit(partition: number): RecordToWrite {
  return {
    key: encodeOffsetCommitKey('billing', 'orders', partition),
    value: encodeOffsetCommitValue({ version: 3, offset: 100 + partition, metadata: '', timestampMs }),
    timestampMs
  }
}

/** A batch of `count` commits from `baseOffset` on. */
function batch(baseOffset: number, count = 3, more: Partial<BatchToWrite> = {}): Uint8Array {
  return encodeRecordBatch({ baseOffset, records: Array.from({ length: count }, (_, index) => commit(index)), ...more })
}

/** `bytes` with something bent, and a right CRC over it unless told otherwise. */
function bent(bytes: Uint8Array, bend: (view: DataView, bytes: Uint8Array) => void, isCrcFixed = true): Uint8Array {
  const copy = Uint8Array.from(bytes)
  bend(new DataView(copy.buffer), copy)
  if (isCrcFixed) fixBatchCrc(copy)
  return copy
}

/** A whole batch around a body that is given byte by byte. */
function batchOf(body: readonly number[], count = 1, lastDelta = count - 1): Uint8Array {
  const bytes = Buffer.concat([batch(0, 1).subarray(0, batchAt.records), Uint8Array.from(body)])
  return bent(bytes, view => {
    view.setInt32(batchAt.length, bytes.length - 12)
    view.setInt32(batchAt.count, count)
    view.setInt32(batchAt.lastOffsetDelta, lastDelta)
  })
}

const concat = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts)
const reasons = (sink: LineSink) => sink.refusals.map(refusal => refusal.reason)

describe('walkRecordBatches', () => {
  it('tells no whole batch from a cut one', () => {
    const bytes = batch(10)
    for (const length of [0, 1, 11, 12, 60, bytes.length - 1]) {
      const { sink, next } = walkLines(bytes.subarray(0, length), 10)
      expect(next).to.equal(10)
      expect(sink.lines).to.deep.equal([])
      expect(sink.refusals).to.deep.equal([])
      expect(firstBatchBytes(bytes.subarray(0, length))).to.equal(length < 12 ? 0 : bytes.length)
    }
    const sink = new LineSink()
    expect(refuseCutBatch(bytes.subarray(0, 40), 10, sink)).to.equal(11)
    expect(reasons(sink)).to.deep.equal(['length'])
  })

  it('goes past an empty batch, which compaction retains for its producer', () => {
    const empty = encodeRecordBatch({ baseOffset: 5, lastOffset: 9, records: [], codec: 1, producerId: 4 })
    expect(empty).to.have.length(61)
    const { sink, next } = walkLines(empty, 5)
    expect(next).to.equal(10)
    expect(sink.lines).to.have.length(1)
    expect(sink.lines[0]).to.include({ count: 0, baseOffset: 5, lastOffset: 9, codec: 'none', producerId: 4 })
    expect(walkLines(concat(empty, batch(10)), 5).sink.offsets).to.deep.equal([10, 11, 12])
  })

  it('gives what compaction left, and goes on after what it removed', () => {
    const holes = encodeRecordBatch({
      baseOffset: 20,
      lastOffset: 30,
      records: [
        { ...commit(1), offset: 22 },
        { ...commit(2), offset: 27 }
      ]
    })
    const { sink, next } = walkLines(concat(holes, batch(2 ** 33)), 0)
    expect(sink.offsets).to.deep.equal([22, 27, 2 ** 33, 2 ** 33 + 1, 2 ** 33 + 2])
    expect(next).to.equal(2 ** 33 + 3)
    expect(walkLines(holes, 28).next).to.equal(31)
  })

  it('gives no offset twice, however batches overlap', () => {
    const { sink, next } = walkLines(concat(batch(0), batch(1), batch(0)), 0)
    expect(sink.offsets).to.deep.equal([0, 1, 2, 3])
    expect(next).to.equal(4)
  })

  it('tells transaction markers', () => {
    const control = (baseOffset: number, type: 'COMMIT' | 'ABORT') =>
      encodeRecordBatch({
        baseOffset,
        records: [transactionMarker(type, 7, timestampMs)],
        isControl: true,
        isTransactional: true,
        producerId: 2 ** 40,
        producerEpoch: 3
      })
    const other = bent(control(2, 'ABORT'), view => view.setInt8(batchAt.records + 8, 9))
    const { sink, next } = walkLines(concat(control(0, 'COMMIT'), control(1, 'ABORT'), other), 0)
    expect(sink.records.map(line => [line.offset, line.control, line.coordinatorEpoch])).to.deep.equal([
      [0, 'COMMIT', 7],
      [1, 'ABORT', 7],
      [2, 'OTHER', 7]
    ])
    expect(sink.lines[0]).to.include({ isControl: true, isTransactional: true, producerId: 2 ** 40, producerEpoch: 3 })
    expect(next).to.equal(3)
  })

  it('takes the time of the batch where the broker set it, and headers as they are', () => {
    const headers = [
      ['trace', Uint8Array.of(1, 2)],
      ['none', null]
    ] as const
    const bytes = encodeRecordBatch({
      baseOffset: 0,
      records: [{ ...commit(0), headers }, commit(1)],
      logAppendTimeMs: 5_000
    })
    const { sink } = walkLines(bytes)
    expect(sink.records.map(line => line.timestamp)).to.deep.equal([5_000, 5_000])
    expect(sink.refusals).to.deep.equal([])
  })

  it('reads offsets up to the last exact one', () => {
    const last = Number.MAX_SAFE_INTEGER - 1
    const { sink, next } = walkLines(batch(last, 1), last)
    expect(sink.offsets).to.deep.equal([last])
    expect(next).to.equal(Number.MAX_SAFE_INTEGER)
    const beyond = bent(batch(0), view => setInt64(view, 0, Number.MAX_SAFE_INTEGER - 1), false)
    expect(reasons(walkLines(beyond, 0).sink)).to.deep.equal(['range'])
  })

  describe('refuses, and goes on', () => {
    const good = batch(3, 2)

    const cases: [name: string, reason: string, bad: Uint8Array][] = [
      ['a flipped bit in the records', 'crc', bent(batch(0), (_, bytes) => bytes.set([0xff], 80), false)],
      ['a flipped bit in the attributes', 'crc', bent(batch(0), (_, bytes) => bytes.set([1], 22), false)],
      ['a last offset that lies under a wrong CRC', 'crc', bent(batch(0), v => v.setInt32(23, 2 ** 31 - 1), false)],
      ['an old message', 'magic', bent(batch(0, 1), (_, bytes) => bytes.set([1], 16), false)],
      ['a format that we do not know', 'magic', bent(batch(0), (_, bytes) => bytes.set([3], 16), false)],
      ['codec 5', 'codec', bent(batch(0), v => v.setInt16(21, 5))],
      ['gzip that is not gzip', 'codec', bent(batch(0), v => v.setInt16(21, 1))],
      ['snappy that is not snappy', 'codec', bent(batch(0), v => v.setInt16(21, 2))],
      ['lz4 that is not lz4', 'codec', bent(batch(0), v => v.setInt16(21, 3))],
      ['zstd that is not zstd', 'codec', bent(batch(0), v => v.setInt16(21, 4))],
      ['a count that is too big', 'records', bent(batch(0), v => v.setInt32(57, 4))],
      ['a huge count', 'records', bent(batch(0, 3, { lastOffset: 2 ** 31 - 1 }), v => v.setInt32(57, 2 ** 31 - 1))],
      ['a negative count', 'records', bent(batch(0), v => v.setInt32(57, -1))],
      ['a count that is too small', 'records', bent(batch(0), v => v.setInt32(57, 2))],
      ['a negative last offset', 'records', bent(batch(0), v => v.setInt32(23, -2))],
      ['a base offset beyond 2^53', 'range', bent(batch(0), v => v.setBigInt64(0, 2n ** 53n))],
      ['a negative base offset', 'range', bent(batch(0), v => v.setBigInt64(0, -1n))],
      ['a time beyond 2^53', 'range', bent(batch(0), v => v.setBigInt64(27, 2n ** 60n))],
      ['a producer id beyond 2^53', 'range', bent(batch(0), v => v.setBigInt64(43, 2n ** 60n))]
    ]
    for (const [name, reason, bad] of cases) {
      it(name, () => {
        const alone = walkLines(bad, 0)
        expect(reasons(alone.sink)).to.deep.equal([reason])
        expect(alone.next).to.be.greaterThan(0)
        const believed = reason === 'records' || reason === 'codec' ? 2 ** 31 : 3
        expect(alone.next).to.be.at.most(believed)
        if (name === 'a huge count') return // it covers all that follows
        const { sink, next } = walkLines(concat(bad, good), 0)
        expect(sink.offsets.slice(-2)).to.deep.equal([3, 4])
        expect(next).to.equal(5)
      })
    }

    // one record of 7 bytes: length, attributes, time, offset, key -1, value -1, no headers
    const bodies: [name: string, body: number[], detail: string, count?: number][] = [
      ['a record length of 0', [0, 0, 0, 0, 1, 1, 0], 'record length'],
      ['a negative record length', [1, 0, 0, 0, 1, 1, 0], 'record length'],
      ['a record longer than the batch', [0x7e, 0, 0, 0, 1, 1, 0], 'record length'],
      ['a record length of five bytes and more', [0xff, 0xff, 0xff, 0xff, 0xff, 1, 1, 0], 'record length'],
      ['a time that is cut', [12, 0, 0x80, 0x80, 0x80, 0x80, 0x80], 'timestamp delta'],
      ['a time that is too far', [28, 0, ...Array(7).fill(0xff), 0x7f, 0, 1, 1, 0, 0], 'timestamp'],
      ['an offset beyond the last', [12, 0, 0, 2, 1, 1, 0], 'offset delta'],
      ['a negative offset', [12, 0, 0, 1, 1, 1, 0], 'offset delta'],
      ['a key that is too long', [12, 0, 0, 0, 8, 1, 0], 'key length'],
      ['a key length below -1', [12, 0, 0, 0, 3, 1, 0], 'key length'],
      ['a value that is too long', [12, 0, 0, 0, 1, 8, 0], 'value length'],
      ['a value length below -1', [12, 0, 0, 0, 1, 3, 0], 'value length'],
      ['headers that are not there', [12, 0, 0, 0, 1, 1, 2], 'headers'],
      ['a negative count of headers', [12, 0, 0, 0, 1, 1, 1], 'headers'],
      ['a huge count of headers', [20, 0, 0, 0, 1, 1, 0xfe, 0xff, 0xff, 0xff, 0x0f], 'headers'],
      ['a null header key', [16, 0, 0, 0, 1, 1, 2, 1, 1], 'headers'],
      ['a header value that is too long', [16, 0, 0, 0, 1, 1, 2, 0, 4], 'headers'],
      ['bytes after the headers', [14, 0, 0, 0, 1, 1, 0, 0], 'headers'],
      ['offsets that do not rise', [12, 0, 0, 0, 1, 1, 0, 12, 0, 0, 0, 1, 1, 0], 'offset delta', 2],
      ['bytes after the last record', [12, 0, 0, 0, 1, 1, 0, 0], 'bytes after the last record'],
      ['fewer records than it says', [12, 0, 0, 0, 1, 1, 0, 12, 0, 0, 2, 1, 1], 'records in', 2]
    ]
    for (const [name, body, detail, count] of bodies) {
      it(name, () => {
        const { sink, next } = walkLines(batchOf(body, count), 0)
        expect(reasons(sink)).to.deep.equal(['records'])
        expect(sink.refusals[0]!.detail).to.contain(detail)
        expect(next).to.equal(count ?? 1)
      })
    }

    it('a whole record as a check on the cases above', () => {
      const { sink } = walkLines(batchOf([12, 0, 0, 0, 1, 1, 0]), 0)
      expect(sink.refusals).to.deep.equal([])
      expect(sink.records).to.have.length(1)
      expect(sink.records[0]).to.include({ offset: 0, keySize: -1, valueSize: -1 })
    })

    it('the rest of a batch, after the records that were good', () => {
      const first = batch(0, 1)
      const body = [...first.subarray(batchAt.records), 0x7e, 0, 0, 2, 1, 1, 0]
      const { sink, next } = walkLines(concat(batchOf(body, 2), batch(2)), 0)
      expect(sink.offsets).to.deep.equal([0, 2, 3, 4])
      expect(sink.refusals).to.deep.equal([
        { reason: 'records', baseOffset: 1, nextOffset: 2, detail: 'record length' }
      ])
      expect(next).to.equal(5)
    })

    it('a marker without its type', () => {
      const marker = { ...transactionMarker('COMMIT', 1, timestampMs), key: Uint8Array.of(0, 0) }
      const { sink } = walkLines(encodeRecordBatch({ baseOffset: 0, records: [marker], isControl: true }))
      expect(sink.refusals.map(refusal => refusal.detail)).to.deep.equal(['control key'])
    })

    it('lengths that cannot be: nothing after them can be found, one offset is given up', () => {
      for (const length of [0, -1, 13, -(2 ** 31), 2 ** 31 - 1, batchBytesMax]) {
        const bad = bent(batch(7), view => view.setInt32(batchAt.length, length), false)
        const { sink, next } = walkLines(concat(bad, batch(10)), 7)
        expect(reasons(sink)).to.deep.equal(['length'])
        expect(next).to.equal(8)
        expect(firstBatchBytes(bad)).to.equal(0)
        const later = walkLines(concat(batch(4), bad), 4)
        expect(later.sink.offsets).to.deep.equal([4, 5, 6])
        expect(later.next).to.equal(8)
      }
    })

    it('a batch too short for its format, which it steps over', () => {
      const short = bent(batch(0).subarray(0, 40), view => view.setInt32(batchAt.length, 28), false)
      const { sink, next } = walkLines(concat(short, batch(3)), 0)
      expect(reasons(sink)).to.deep.equal(['length'])
      expect(sink.offsets).to.deep.equal([3, 4, 5])
      expect(next).to.equal(6)
    })

    it('a run of old messages without losing its place', () => {
      const old = (offset: number) =>
        bent(batch(offset, 1), (_, bytes) => bytes.set([offset % 2], batchAt.magic), false)
      const { sink, next } = walkLines(concat(old(0), old(1), old(2), old(9)), 0)
      expect(sink.refusals.map(refusal => refusal.nextOffset)).to.deep.equal([1, 2, 3, 10])
      expect(next).to.equal(10)
    })

    it('a compacted batch with a wrong CRC: one offset if it is alone, all of it if a good one follows', () => {
      const compacted = batch(50, 2, { lastOffset: 90 })
      const bad = bent(compacted, (_, bytes) => bytes.set([0xff], 80), false)
      expect(walkLines(bad, 40).next).to.equal(51)
      expect(walkLines(bad, 60).next).to.equal(61)
      expect(walkLines(concat(bad, batch(91)), 40).next).to.equal(94)
    })

    it('batches that are all from before the wanted offset, which would be fetched for ever', () => {
      const { sink, next } = walkLines(concat(batch(0), batch(3)), 6)
      expect(sink.lines).to.deep.equal([])
      expect(reasons(sink)).to.deep.equal(['range'])
      expect(next).to.equal(7)
      expect(reasons(walkLines(concat(batch(0), batch(6)), 6).sink)).to.deep.equal([])
    })

    it('a good batch after a bad one makes the next header believable again', () => {
      const flip = (bytes: Uint8Array) => bent(bytes, (_, copy) => copy.set([0xff], 80), false)
      const lost = flip(batch(0, 2, { lastOffset: 5 }))
      expect(walkLines(concat(lost, batch(6), flip(batch(9))), 0).next).to.equal(12)
      expect(walkLines(concat(lost, flip(batch(6))), 0).next).to.equal(1)
    })

    it('garbage after a bad batch moves nothing', () => {
      const bad = bent(batch(0, 2, { lastOffset: 5 }), (_, bytes) => bytes.set([0xff], 80), false)
      const lying = bent(batch(2 ** 35), (_, bytes) => bytes.set([0xff], 80), false)
      expect(walkLines(concat(bad, lying), 0).next).to.equal(1)
    })
  })

  it('a caller that follows the answers comes to the end, whatever is broken', () => {
    const flip = (bytes: Uint8Array) => bent(bytes, (_, copy) => copy.set([copy[90]! ^ 0x10], 90), false)
    const log = [
      batch(0),
      flip(batch(3, 4)),
      batch(7, 1),
      bent(batch(8), view => view.setInt16(batchAt.attributes, 5)),
      flip(batch(11, 2, { lastOffset: 14 })),
      batch(15)
    ]
    const lastOffsets = [2, 6, 7, 10, 14, 17]
    for (const batchesInFetch of [1, 2, 6]) {
      const offsets: unknown[] = []
      const refused = new Set<string>()
      let next = 0
      for (let fetches = 0; next < 18; fetches++) {
        expect(fetches).to.be.lessThan(12)
        const first = lastOffsets.findIndex(last => last >= next)
        const walked = walkLines(concat(...log.slice(first, first + batchesInFetch)), next)
        offsets.push(...walked.sink.offsets)
        for (const reason of reasons(walked.sink)) refused.add(reason)
        next = walked.next
      }
      expect(next).to.equal(18)
      expect(offsets).to.deep.equal([0, 1, 2, 7, 15, 16, 17])
      expect([...refused].sort()).to.deep.equal(['codec', 'crc'])
    }
  })
})
