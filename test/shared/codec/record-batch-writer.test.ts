import { expect } from 'chai'
import fc from 'fast-check'
import { type RecordSink, walkRecordBatches } from '../../../shared/codec/record-batch.ts'
import { type BatchToWrite, encodeRecordBatch } from '../../../shared/codec/record-batch-writer.ts'
import { fixtureBytes, fixtureLines, walkLines } from './expected-lines.ts'

/** Writes down what was read, in the form of what was to be written. */
class Copy implements RecordSink {
  readonly records: { offset: number; timestampMs: number; key: number[] | null; value: number[] | null }[] = []
  readonly problems: string[] = []
  beginBatch(): void {}
  endBatch(): void {}
  marker(): void {
    this.problems.push('marker')
  }
  refused(reason: string, _base: number, _next: number, detail: string): void {
    this.problems.push(`${reason}: ${detail}`)
  }
  record(
    bytes: Uint8Array,
    _view: DataView,
    offset: number,
    timestampMs: number,
    keyAt: number,
    keyLength: number,
    valueAt: number,
    valueLength: number
  ): void {
    const part = (at: number, length: number) => (length < 0 ? null : [...bytes.subarray(at, at + length)])
    this.records.push({ offset, timestampMs, key: part(keyAt, keyLength), value: part(valueAt, valueLength) })
  }
}

describe('encodeRecordBatch', () => {
  it('reads back as it was written, in every codec', () => {
    const blob = fc.option(fc.uint8Array({ maxLength: 200 }))
    const record = fc.record({
      key: blob,
      value: blob,
      timestampMs: fc.nat({ max: 2 ** 45 }),
      hole: fc.nat({ max: 100 })
    })
    const batches = fc.property(
      fc.array(record, { minLength: 1, maxLength: 30 }),
      fc.nat({ max: 2 ** 50 }),
      fc.constantFrom(0, 1, 2, 3),
      fc.nat({ max: 1000 }),
      (written, baseOffset, codec, cutFromEnd) => {
        let offset = baseOffset - 1
        const records = written.map(({ hole, ...one }) => {
          offset += hole + 1
          return { ...one, offset }
        })
        const lastOffset = offset + cutFromEnd
        const bytes = encodeRecordBatch({ baseOffset, records, codec, lastOffset })
        const copy = new Copy()
        expect(walkRecordBatches(bytes, baseOffset, copy)).to.equal(lastOffset + 1)
        expect(copy.problems).to.deep.equal([])
        expect(copy.records).to.deep.equal(
          records.map(one => ({ ...one, key: one.key && [...one.key], value: one.value && [...one.value] }))
        )
      }
    )
    fc.assert(batches, { numRuns: 80 })
  })

  it('every field of the header', () => {
    const batch: BatchToWrite = {
      baseOffset: 70,
      records: [{ key: Uint8Array.of(0, 99), value: null, timestampMs: 1_700_000_000_000 }],
      isTransactional: true,
      producerId: 2 ** 50,
      producerEpoch: 12,
      baseSequence: 2 ** 30,
      partitionLeaderEpoch: 31,
      deleteHorizonMs: 1_800_000_000_000,
      lastOffset: 75
    }
    const bytes = encodeRecordBatch(batch)
    const { sink } = walkLines(bytes)
    expect(sink.lines[0]).to.deep.equal({
      kind: 'batch',
      baseOffset: 70,
      lastOffset: 75,
      count: 1,
      producerId: 2 ** 50,
      producerEpoch: 12,
      baseSequence: 2 ** 30,
      partitionLeaderEpoch: 31,
      isTransactional: true,
      isControl: false,
      codec: 'none',
      position: 0,
      size: bytes.length,
      magic: 2,
      maxTimestamp: 1_700_000_000_000,
      deleteHorizonMs: 1_800_000_000_000
    })
    expect(sink.lines[1]!.timestamp).to.equal(1_700_000_000_000)
  })

  it('writes the same bytes as a broker', () => {
    const copy = new Copy()
    const name = 'classic-3.9.1-p1'
    walkRecordBatches(fixtureBytes(name), 0, copy)
    for (const line of fixtureLines(name).filter(one => one.kind === 'batch')) {
      const baseOffset = line.baseOffset as number
      const records = copy.records.filter(one => one.offset >= baseOffset && one.offset <= (line.lastOffset as number))
      const bytes = encodeRecordBatch({
        baseOffset,
        records: records.map(one => ({
          ...one,
          key: one.key && Uint8Array.from(one.key),
          value: one.value && Uint8Array.from(one.value)
        })),
        producerId: line.producerId as number,
        producerEpoch: line.producerEpoch as number,
        baseSequence: line.baseSequence as number,
        partitionLeaderEpoch: line.partitionLeaderEpoch as number
      })
      const position = line.position as number
      const broker = fixtureBytes(name).subarray(position, position + (line.size as number))
      expect(Buffer.from(bytes).toString('hex'), `batch at ${baseOffset}`).to.equal(Buffer.from(broker).toString('hex'))
    }
  })
})
