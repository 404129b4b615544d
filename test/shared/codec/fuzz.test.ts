import { expect } from 'chai'
import fc from 'fast-check'
import { batchAt } from '../../../shared/codec/batch-header.ts'
import { decodeMemberSubscription } from '../../../shared/codec/consumer-protocol.ts'
import { decodeGroupMetadata, decodeMemberAssignment } from '../../../shared/codec/group-metadata.ts'
import { decodeNewerKey, decodeNewerValue, type NewerKeyType } from '../../../shared/codec/newer-records.ts'
import { OffsetCommitReader } from '../../../shared/codec/offset-commit.ts'
import { firstBatchBytes, type RecordSink, walkRecordBatches } from '../../../shared/codec/record-batch.ts'
import { fixBatchCrc } from '../../../shared/codec/record-batch-writer.ts'
import { fixtureBytes, fixtureLines, fixtureNames } from './expected-lines.ts'

/** Feeds every decoder with every record, and watches what the walk promises. */
class EverythingSink implements RecordSink {
  records = 0
  refusals = 0
  private depth = 0
  private lastOffset = -1
  private readonly reader = new OffsetCommitReader()

  beginBatch(): void {
    this.depth++
    if (this.depth !== 1) throw new Error('batch in a batch')
  }
  endBatch(): void {
    this.depth--
    if (this.depth !== 0) throw new Error('end without a begin')
  }
  marker(_batch: unknown, offset: number): void {
    this.see(offset)
  }
  refused(_reason: string, _base: number, nextOffset: number): void {
    this.refusals++
    if (!Number.isSafeInteger(nextOffset)) throw new Error(`next offset ${nextOffset}`)
  }
  record(
    bytes: Uint8Array,
    view: DataView,
    offset: number,
    timestampMs: number,
    keyAt: number,
    keyLength: number,
    valueAt: number,
    valueLength: number
  ): void {
    this.see(offset)
    this.records++
    if (!Number.isSafeInteger(timestampMs)) throw new Error(`time ${timestampMs}`)
    if (keyAt + keyLength > bytes.length || valueAt + valueLength > bytes.length) throw new Error('out of the bytes')
    const { reader } = this
    if (reader.readKey(bytes, view, keyAt, keyLength) === '') this.checkKey(keyAt, keyLength)
    if (reader.readValue(bytes, view, valueAt, valueLength) === '') this.checkValue(valueAt, valueLength)
    decodeGroupMetadata(bytes, valueAt, valueLength)
    const inside = bytes.subarray(valueAt, valueAt + Math.max(valueLength, 0))
    decodeMemberAssignment(inside)
    decodeMemberSubscription(inside)
    const key = decodeNewerKey(bytes, keyAt, keyLength)
    if (key.kind === 'decoded') decodeNewerValue(key.value.keyType, bytes, valueAt, valueLength)
    decodeNewerValue(((offset % 22) + 3) as NewerKeyType, bytes, valueAt, valueLength)
  }

  private see(offset: number): void {
    if (!(offset > this.lastOffset && Number.isSafeInteger(offset)))
      throw new Error(`${offset} after ${this.lastOffset}`)
    this.lastOffset = offset
  }

  private checkKey(at: number, length: number): void {
    const { keyType, groupAt, groupLength, topicAt, topicLength } = this.reader
    if (keyType !== 0 && keyType !== 1) return
    if (groupAt < at || groupAt + groupLength > topicAt || topicAt + topicLength + 4 > at + length) {
      throw new Error('names outside the key')
    }
  }

  private checkValue(at: number, length: number): void {
    const { offset, timestampMs, metadataAt, metadataLength, topicIdAt } = this.reader
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(timestampMs)) throw new Error('rounded')
    if (metadataAt < at || metadataAt + metadataLength > at + length) throw new Error('metadata outside the value')
    if (topicIdAt >= 0 && (topicIdAt < at || topicIdAt + 16 > at + length))
      throw new Error('topic id outside the value')
  }
}

/** Walks, and holds the walk to what it promises about its answer. */
function walk(bytes: Uint8Array, fromOffset: number): EverythingSink {
  const sink = new EverythingSink()
  const next = walkRecordBatches(bytes, fromOffset, sink)
  expect(Number.isSafeInteger(next) && next >= fromOffset).to.equal(true)
  if (next === fromOffset) {
    // no progress only if there was nothing whole, and then the caller can tell
    expect(sink.refusals).to.equal(0)
    expect(bytes.length < 12 || firstBatchBytes(bytes) > bytes.length).to.equal(true)
  }
  return sink
}

const batches = fixtureNames.flatMap(name => {
  const bytes = fixtureBytes(name)
  return fixtureLines(name)
    .filter(line => line.kind === 'batch' && (line.size as number) < 2500)
    .map(line => bytes.subarray(line.position as number, (line.position as number) + (line.size as number)))
})

const interesting = fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xfe, 0xff)
const change = fc.record({
  place: fc.nat(),
  byte: fc.oneof(interesting, fc.nat(255)),
  kind: fc.constantFrom('set', 'flip', 'int16', 'int32')
})

/** Bends `bytes` in place, nowhere before `from`. */
function bend(
  bytes: Uint8Array,
  from: number,
  changes: readonly { place: number; byte: number; kind: string }[]
): void {
  for (const { place, byte, kind } of changes) {
    const at = from + (place % Math.max(1, bytes.length - from))
    if (at >= bytes.length) return
    if (kind === 'flip') bytes[at] = bytes[at]! ^ (1 << (byte & 7))
    else bytes.fill(byte, at, at + (kind === 'set' ? 1 : kind === 'int16' ? 2 : 4))
  }
}

describe('bent bytes of real brokers', () => {
  it('with the CRC made right again, so that the inner decoders are reached', () => {
    let reached = 0
    const check = fc.property(
      fc.constantFrom(...batches),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (batch, changes) => {
        const bent = Uint8Array.from(batch)
        bend(bent, batchAt.attributes, changes)
        fixBatchCrc(bent)
        reached += walk(bent, 0).records
      }
    )
    fc.assert(check, { numRuns: 1500 })
    expect(reached).to.be.greaterThan(500)
  })

  it('in the records only', () => {
    const check = fc.property(
      fc.constantFrom(...batches),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (batch, changes) => {
        const bent = Uint8Array.from(batch)
        bend(bent, batchAt.records, changes)
        fixBatchCrc(bent)
        walk(bent, 0)
      }
    )
    fc.assert(check, { numRuns: 1500 })
  })

  it('anywhere, several batches, cut anywhere, from any offset', () => {
    const check = fc.property(
      fc.array(fc.constantFrom(...batches), { minLength: 1, maxLength: 4 }),
      fc.array(change, { maxLength: 4 }),
      fc.nat(),
      fc.oneof(fc.nat(200), fc.maxSafeInteger().map(Math.abs)),
      (some, changes, cut, fromOffset) => {
        const whole = Uint8Array.from(Buffer.concat(some))
        bend(whole, 0, changes)
        // the last offset of all has no next one
        walk(whole.subarray(0, cut % (whole.length + 1)), Math.min(fromOffset, Number.MAX_SAFE_INTEGER - 1))
      }
    )
    fc.assert(check, { numRuns: 1500 })
  })

  it('that never were batches', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(100), (bytes, fromOffset) => {
        walk(bytes, fromOffset)
        // the length made to fit, so that more than the first check is reached
        if (bytes.length < batchAt.records) return
        const fitting = Uint8Array.from(bytes)
        const view = new DataView(fitting.buffer)
        view.setInt32(batchAt.length, fitting.length - 12)
        view.setInt8(batchAt.magic, 2)
        view.setUint16(0, 0)
        fixBatchCrc(fitting)
        walk(fitting, fromOffset)
      }),
      { numRuns: 1000 }
    )
  })
})
