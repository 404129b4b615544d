import { expect } from 'chai'
import { firstOffsetSince } from '../../../main/simulator/first-offset-since.ts'
import { PartitionLog } from '../../../main/simulator/partition-log.ts'
import { type RecordSink, walkRecordBatches } from '../../../shared/codec/record-batch.ts'
import { encodeRecordBatch, transactionMarker } from '../../../shared/codec/record-batch-writer.ts'

const unlimited = 1 << 30

function batch(count: number, timestampMs = 1000, transaction?: { producerId: number }): Uint8Array {
  const records = Array.from({ length: count }, (_, index) => ({
    key: null,
    value: Buffer.alloc(20, index),
    timestampMs: timestampMs + index
  }))
  return encodeRecordBatch({ baseOffset: 0, records, isTransactional: transaction !== undefined, ...transaction })
}

function marker(type: 'COMMIT' | 'ABORT', producerId: number): Uint8Array {
  const records = [transactionMarker(type, 0, 1000)]
  return encodeRecordBatch({ baseOffset: 0, records, isTransactional: true, isControl: true, producerId })
}

/** Offsets of the records in fetched bytes; a refused batch fails the test. */
function offsetsIn(bytes: Buffer, from = 0): number[] {
  const offsets: number[] = []
  const sink: RecordSink = {
    beginBatch: () => {},
    record: (_bytes, _view, offset) => offsets.push(offset),
    marker: (_batch, offset) => offsets.push(offset),
    endBatch: () => {},
    refused: reason => expect.fail(`refused: ${reason}`)
  }
  walkRecordBatches(bytes, from, sink)
  return offsets
}

describe('simulator: partition log', () => {
  it('gives batches their offsets and keeps their CRC good', () => {
    const log = new PartitionLog()
    expect([log.append(batch(3)), log.append(batch(1)), log.append(batch(2), 9)]).to.deep.equal([0, 3, 4])
    expect(log.endOffset).to.equal(6)
    expect(offsetsIn(log.read(0, unlimited, true))).to.deep.equal([0, 1, 2, 3, 4, 5])
    expect(log.read(4, unlimited, true).readInt32BE(12)).to.equal(9) // leader epoch
  })

  it('reads from the batch that holds the offset', () => {
    const log = new PartitionLog()
    log.append(batch(3))
    log.append(batch(3))
    expect(log.read(1, unlimited, true).readBigInt64BE(0)).to.equal(0n)
    expect(log.read(3, unlimited, true).readBigInt64BE(0)).to.equal(3n)
    expect(log.read(6, unlimited, true)).to.have.length(0)
  })

  it('cuts at the limit, but gives one whole batch where it must', () => {
    const log = new PartitionLog()
    const one = batch(3)
    log.append(one)
    log.append(batch(3))
    expect(log.read(0, one.length + 10, true)).to.have.length(one.length + 10)
    expect(log.read(0, 5, true)).to.have.length(one.length)
    expect(log.read(0, 5, false)).to.have.length(5)
    expect(log.read(0, 0, false)).to.have.length(0)
  })

  it('gives every record once over many segments, and what was read never changes', () => {
    const log = new PartitionLog()
    log.retention = { ...log.retention, segmentBytes: 40_000 }
    log.append(batch(1))
    const early = log.read(0, unlimited, true)
    const before = Buffer.from(early)
    for (let index = 1; index < 2000; index++) log.append(batch(1 + (index % 3)))
    const offsets: number[] = []
    let from = 0
    while (from < log.endOffset) {
      const bytes = log.read(from, 10_000, true)
      offsets.push(...offsetsIn(bytes, from))
      from = offsets.at(-1)! + 1
    }
    expect(offsets).to.deep.equal(Array.from({ length: log.endOffset }, (_, index) => index))
    expect(early.equals(before)).to.equal(true)
  })

  it('drops old segments, or all but the first', () => {
    const filled = (keepFirstSegment: boolean) => {
      const log = new PartitionLog()
      log.retention = { segmentBytes: 20_000, bytes: 60_000, keepFirstSegment }
      for (let index = 0; index < 2000; index++) log.append(batch(2))
      expect(log.storedBytes).to.be.within(30_000, 80_000)
      return log
    }
    const moved = filled(false)
    expect(moved.startOffset).to.be.greaterThan(3000)
    expect(offsetsIn(moved.read(moved.startOffset, unlimited, true))[0]).to.equal(moved.startOffset)

    const holed = filled(true)
    expect(holed.startOffset).to.equal(0)
    const last = offsetsIn(holed.read(0, unlimited, true)).at(-1)!
    const next = offsetsIn(holed.read(last + 1, unlimited, true), last + 1)[0]!
    expect(next).to.be.greaterThan(last + 1000) // the first batch after the hole, not the one before it again
  })

  it('keeps the offsets of a captured log and reads over its holes', () => {
    const log = new PartitionLog()
    const captured = [10, 20].map(baseOffset =>
      encodeRecordBatch({ baseOffset, records: [{ key: null, value: null, timestampMs: 5 }] })
    )
    log.appendKeepingOffsets(Buffer.concat(captured))
    expect(log.endOffset).to.equal(21)
    expect(offsetsIn(log.read(0, unlimited, true))).to.deep.equal([10, 20])
    expect(offsetsIn(log.read(11, unlimited, true), 11)).to.deep.equal([20])
    expect(() => log.appendKeepingOffsets(captured[0]!)).to.throw(RangeError)
  })

  it('stores what is no batch at all', () => {
    const log = new PartitionLog()
    log.append(batch(1))
    log.appendGarbage(Buffer.from('nonsense'), 2)
    log.append(batch(1))
    expect(log.read(1, 8, true).toString()).to.equal('nonsense')
    expect(log.endOffset).to.equal(4)
    expect(offsetsIn(log.read(3, unlimited, true), 3)).to.deep.equal([3])
  })

  it('holds readers of committed records at the first open transaction', () => {
    const log = new PartitionLog()
    log.append(batch(2))
    log.append(batch(2, 1000, { producerId: 5 }))
    log.append(batch(1, 1000, { producerId: 6 }))
    expect(log.lastStableOffset).to.equal(2)
    expect(offsetsIn(log.read(0, unlimited, true, log.lastStableOffset))).to.deep.equal([0, 1])
    log.append(marker('ABORT', 5))
    expect(log.lastStableOffset).to.equal(4)
    log.append(marker('COMMIT', 6))
    expect(log.lastStableOffset).to.equal(log.endOffset)
    expect(log.abortedBetween(0, log.endOffset)).to.deep.equal([{ producerId: 5, firstOffset: 2, lastOffset: 5 }])
    expect(log.abortedBetween(6, 7)).to.deep.equal([])
  })

  it('finds the first record at or after a time', () => {
    const log = new PartitionLog()
    log.append(batch(3, 1000))
    log.append(batch(3, 2000))
    expect(firstOffsetSince(log, 0)).to.deep.equal({ offset: 0, timestampMs: 1000 })
    expect(firstOffsetSince(log, 1002)).to.deep.equal({ offset: 2, timestampMs: 1002 })
    expect(firstOffsetSince(log, 1003)).to.deep.equal({ offset: 3, timestampMs: 2000 })
    expect(firstOffsetSince(log, 2003)).to.equal(undefined)
  })

  it('moves to an offset without data, also backwards, and goes on from there', () => {
    const log = new PartitionLog()
    log.moveTo(5000)
    expect([log.startOffset, log.endOffset, log.read(0, unlimited, true).length]).to.deep.equal([5000, 5000, 0])
    expect(log.append(batch(1))).to.equal(5000)
    log.moveTo(10)
    expect([log.startOffset, log.endOffset]).to.deep.equal([10, 10])
  })
})
