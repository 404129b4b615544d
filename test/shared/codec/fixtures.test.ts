import { expect } from 'chai'
import { outOfRange } from '../../../shared/codec/offset-commit.ts'
import { firstBatchBytes, type RecordSink, walkRecordBatches } from '../../../shared/codec/record-batch.ts'
import { fixtureBytes, fixtureLines, fixtureNames, type Line, walkLines } from './expected-lines.ts'

/** What a file says, with the two things that we do not tell: an offset that we refuse, and what Kafka's tool printed. */
function expectedOf(line: Line): Line {
  const { raw: _raw, ...rest } = line
  return typeof rest.committedOffset === 'string' ? { ...rest, committedOffset: outOfRange } : rest
}

/** Files of this size are cut at every byte, larger ones around the edges of batches only. */
const smallFileBytes = 4000

describe('bytes of real brokers', () => {
  it('are all here', () => {
    expect(fixtureNames).to.have.length(17)
  })

  for (const name of fixtureNames) {
    const bytes = fixtureBytes(name)
    const [header, ...lines] = fixtureLines(name)
    const expected = lines.map(expectedOf)

    it(`${name}: every batch and record as Kafka itself reads it`, () => {
      const { sink, next } = walkLines(bytes)
      expect(sink.refusals).to.deep.equal([])
      expect(sink.lines).to.deep.equal(expected)
      expect(next).to.equal(header!.nextOffset)
      expect(headerOf(sink.lines, bytes.length, next)).to.deep.equal({
        bytes: header!.bytes,
        batches: header!.batches,
        records: header!.records,
        emptyBatches: header!.emptyBatches,
        controlRecords: header!.controlRecords,
        firstOffset: header!.firstOffset,
        nextOffset: header!.nextOffset,
        codecs: header!.codecs,
        keyTypes: header!.keyTypes
      })
    })

    it(`${name}: the same in two fetches, wherever the first is cut`, () => {
      const offsets = expected.flatMap(line => (line.kind === 'record' ? [line.offset] : [])).join()
      const batches = expected.filter(line => line.kind === 'batch')
      const compressed = (header!.codecs as string[])[0] !== 'none'
      for (const cut of cuts(batches, bytes.length, compressed)) {
        const sink = new OffsetSink()
        const next = walkRecordBatches(bytes.subarray(0, cut), 0, sink)
        const whole = batches.filter(batch => end(batch) <= cut)
        expect(next, `cut at ${cut}`).to.equal(whole.length === 0 ? 0 : (whole.at(-1)!.lastOffset as number) + 1)
        if (whole.length === 0 && cut >= 12) expect(firstBatchBytes(bytes.subarray(0, cut))).to.equal(end(batches[0]!))
        // the broker answers with the batch that holds `next`, or the one after it
        const from = batches.find(batch => (batch.lastOffset as number) >= next)
        const rest = from === undefined ? bytes.subarray(bytes.length) : bytes.subarray(from.position as number)
        const last = walkRecordBatches(rest, next, sink)
        expect(last).to.equal(header!.nextOffset)
        expect(sink.refusals).to.equal(0)
        expect(sink.offsets.join(), `cut at ${cut}`).to.equal(offsets)
      }
    })

    it(`${name}: from the middle of a batch`, () => {
      const records = expected.filter(line => line.kind === 'record')
      const step = bytes.length > smallFileBytes ? 17 : 1
      for (let index = 0; index < records.length; index += step) {
        const fromOffset = records[index]!.offset as number
        const { sink, next } = walkLines(bytes, fromOffset)
        expect(sink.records).to.deep.equal(records.slice(index))
        expect(next).to.equal(header!.nextOffset)
      }
    })
  }

  it('records that compaction removed from the end of a batch do not stop the reading', () => {
    const batches = fixtureLines('compacted-4.1.1-p0').filter(line => line.kind === 'batch')
    const short = batches.filter(
      batch => (batch.count as number) < (batch.lastOffset as number) - (batch.baseOffset as number) + 1
    )
    expect(short.length).to.be.greaterThan(0)
    for (const batch of short) {
      const bytes = fixtureBytes('compacted-4.1.1-p0').subarray(batch.position as number, end(batch))
      const { next } = walkLines(bytes, batch.baseOffset as number)
      expect(next).to.equal((batch.lastOffset as number) + 1)
    }
  })
})

/** Offsets only: there are thousands of cuts. */
class OffsetSink implements RecordSink {
  readonly offsets: number[] = []
  refusals = 0
  beginBatch(): void {}
  endBatch(): void {}
  record(_bytes: Uint8Array, _view: DataView, offset: number): void {
    this.offsets.push(offset)
  }
  marker(_batch: unknown, offset: number): void {
    this.offsets.push(offset)
  }
  refused(): void {
    this.refusals++
  }
}

function end(batch: Line): number {
  return (batch.position as number) + (batch.size as number)
}

function cuts(batches: Line[], length: number, isCompressed: boolean): number[] {
  if (length <= smallFileBytes) return Array.from({ length: length + 1 }, (_, at) => at)
  // decompressing everything for each cut takes long: fewer places
  const step = isCompressed ? Math.ceil(batches.length / 10) : 1
  const edges = batches
    .filter((_, index) => index % step === 0)
    .flatMap(batch => [-1, 0, 1, 12, 60].map(by => end(batch) + by))
  return [...new Set([0, 11, 12, 60, ...edges])].filter(at => at <= length)
}

function headerOf(lines: Line[], bytes: number, nextOffset: number): Line {
  const batches = lines.filter(line => line.kind === 'batch')
  const records = lines.filter(line => line.kind === 'record')
  const keyTypes: Record<string, number> = {}
  for (const record of records) {
    const type = record.isControl ? 'control' : String(record.keyType)
    keyTypes[type] = (keyTypes[type] ?? 0) + 1
  }
  return {
    bytes,
    batches: batches.length,
    records: records.length,
    emptyBatches: batches.filter(batch => batch.count === 0).length,
    controlRecords: records.filter(record => record.isControl).length,
    firstOffset: batches[0]!.baseOffset,
    nextOffset,
    codecs: [...new Set(batches.map(batch => batch.codec))].sort(),
    keyTypes
  }
}
