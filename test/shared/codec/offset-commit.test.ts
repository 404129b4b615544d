import { expect } from 'chai'
import fc from 'fast-check'
import { OffsetCommitReader, outOfRange } from '../../../shared/codec/offset-commit.ts'
import { encodeOffsetCommitKey, encodeOffsetCommitValue } from '../../../shared/codec/offset-commit-writer.ts'

const reader = new OffsetCommitReader()

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** In the middle of other bytes, as in a batch, so that a wrong place or a look past the end shows. */
function inside(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.alloc(3, 0xee), bytes, Buffer.alloc(40, 0xee)])
}

function readKey(key: Uint8Array): string {
  const bytes = inside(key)
  return reader.readKey(bytes, viewOf(bytes), 3, key.length)
}

function readValue(value: Uint8Array): string {
  const bytes = inside(value)
  return reader.readValue(bytes, viewOf(bytes), 3, value.length)
}

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const testdata = '000874657374646174610000000000000665'

describe('offset commits', () => {
  it('key of version 1', () => {
    const key = hex('000100097465737467726f7570000974657374746f7069630000000b')
    expect(readKey(key)).to.equal('')
    const text = (at: number, length: number) =>
      inside(key)
        .subarray(at, at + length)
        .toString()
    expect(reader.keyType).to.equal(1)
    expect(text(reader.groupAt, reader.groupLength)).to.equal('testgroup')
    expect(text(reader.topicAt, reader.topicLength)).to.equal('testtopic')
    expect(reader.partition).to.equal(11)
  })

  const values: [name: string, bytes: string, offset: number, timestampMs: number][] = [
    ['v0', `000000000000000020b4${testdata}`, 8372, 1637],
    ['v1, empty metadata, expire', '000100000000000020b4000000000000000006650000000000000765', 8372, 1637],
    ['v1 without its expire time', '000100000000000020b400000000000000000665', 8372, 1637],
    ['v2, which Burrow rejects (spec 09 E2)', `000200000000000020b4${testdata}`, 8372, 1637],
    ['v3', `000300000000000020b400000000${testdata}`, 8372, 1637],
    ['v4 without tag section', '000400000000000020b4000000000974657374646174610000000000000665', 8372, 1637],
    ['v4, topic id', `000400000000000020b400000007010000018bcfe56800010010${'ab'.repeat(16)}`, 8372, 1700000000000],
    ['v4, null metadata', '000400000000000020b400000007000000018bcfe5680000', 8372, 1700000000000],
    ['v0, null metadata', '000000000000000020b4ffff0000000000000665', 8372, 1637]
  ]
  for (const [name, bytes, offset, timestampMs] of values) {
    it(`value ${name}`, () => {
      expect(readValue(hex(bytes))).to.equal('')
      expect(reader.offset).to.equal(offset)
      expect(reader.timestampMs).to.equal(timestampMs)
    })
  }

  it('the fields that not every version has', () => {
    readValue(hex(values[1]![1]))
    expect([reader.leaderEpoch, reader.expireTimestampMs, reader.topicIdAt]).to.deep.equal([-1, 0x765, -1])
    expect(reader.metadataLength).to.equal(0)
    const tagged = hex(values[6]![1])
    readValue(tagged)
    expect([reader.leaderEpoch, reader.expireTimestampMs, reader.metadataLength]).to.deep.equal([7, -1, 0])
    expect(reader.topicIdAt).to.equal(3 + tagged.length - 16)
    readValue(hex(values[7]![1]))
    expect([reader.metadataLength, reader.topicIdAt]).to.deep.equal([-1, -1])
  })

  const badKeys: [string, string][] = [
    ['', 'key version'],
    ['00', 'key version'],
    ['0001', 'group'],
    ['000100', 'group'],
    ['0001 0009 7465737467', 'group'],
    ['0001 fffe', 'group'],
    ['0001 0001 61 0009 746573746f', 'topic'],
    ['0001 0001 61 8000', 'topic'],
    ['0001 0001 61 0001 62 0000', 'partition']
  ]
  for (const [bytes, field] of badKeys) {
    it(`key ${bytes || 'of no bytes'} stops at ${field}`, () => expect(readKey(hex(bytes))).to.equal(field))
  }

  it('a null key has no version', () => {
    expect(reader.readKey(new Uint8Array(8), new DataView(new ArrayBuffer(8)), 4, -1)).to.equal('key version')
    expect(reader.keyType).to.equal(-1)
  })

  it('of other key types, type and group', () => {
    const key = hex('0008 0002 6162 0003 6d6d6d')
    expect(readKey(key)).to.equal('')
    expect(reader.keyType).to.equal(8)
    const bytes = inside(key)
    expect(reader.readGroup(bytes, viewOf(bytes), 3, key.length)).to.equal('')
    expect([reader.groupAt, reader.groupLength]).to.deep.equal([7, 2])
    expect(reader.readGroup(bytes, viewOf(bytes), 3, 5)).to.equal('group')
  })

  const badValues: [string, string][] = [
    ['', 'value version'],
    ['00', 'value version'],
    ['0005 0000000000000001', 'value version'],
    ['ffff 0000000000000001', 'value version'],
    ['0000 0000000000', 'offset'],
    ['0000 00000000000020b4 0008 746573', 'metadata'],
    ['0000 00000000000020b4 fffe 0000000000000665', 'metadata'],
    ['0000 00000000000020b4 0001 61 00000000', 'timestamp'],
    ['0003 00000000000020b4 000000', 'leaderEpoch'],
    ['0004 00000000000020b4 0000', 'leaderEpoch'],
    ['0004 00000000000020b4 00000000 05 746573', 'metadata'],
    ['0004 00000000000020b4 00000000 8080808080 01', 'metadata'],
    ['0004 00000000000020b4 00000000 01 00000000', 'timestamp']
  ]
  for (const [bytes, field] of badValues) {
    it(`value ${bytes || 'of no bytes'} stops at ${field}`, () => expect(readValue(hex(bytes))).to.equal(field))
  }

  it('offsets and times are exact up to 2^53 - 1 and refused beyond', () => {
    const most = Number.MAX_SAFE_INTEGER
    const write = (offset: number | bigint, timestampMs: number | bigint) =>
      readValue(encodeOffsetCommitValue({ version: 3, offset, metadata: '', timestampMs }))
    expect(write(most, most)).to.equal('')
    expect([reader.offset, reader.timestampMs]).to.deep.equal([most, most])
    expect(write(-1, -most)).to.equal('')
    expect([reader.offset, reader.timestampMs]).to.deep.equal([-1, -most])
    for (const wide of [2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 53n)]) {
      expect(write(wide, 1)).to.equal(outOfRange)
      expect(write(1, wide)).to.equal(outOfRange)
    }
  })

  it('what follows the commit time refuses nothing', () => {
    const value = encodeOffsetCommitValue({
      version: 4,
      offset: 5,
      metadata: '',
      timestampMs: 6,
      topicId: new Uint8Array(16)
    })
    for (let length = value.length - 1; length >= value.length - 19; length--) {
      expect(readValue(value.subarray(0, length))).to.equal('')
      expect([reader.offset, reader.timestampMs, reader.topicIdAt]).to.deep.equal([5, 6, -1])
    }
    const hugeCount = Buffer.concat([value.subarray(0, value.length - 19), hex('ffffffff0f 0500')])
    expect(readValue(hugeCount)).to.equal('')
    const farFuture = { version: 1, offset: 5, metadata: '', timestampMs: 6, expireTimestampMs: 2n ** 62n } as const
    expect(readValue(encodeOffsetCommitValue(farFuture))).to.equal('')
    expect(reader.expireTimestampMs).to.equal(-1)
  })

  it('metadata of 127 bytes and more has a length of two bytes in version 4 (spec 09 E1)', () => {
    for (const length of [0, 1, 126, 127, 128, 200, 16383, 30000]) {
      const metadata = 'A'.repeat(length)
      expect(
        readValue(encodeOffsetCommitValue({ version: 4, offset: 9, metadata, timestampMs: 1700000000000 }))
      ).to.equal('')
      expect([reader.metadataLength, reader.offset, reader.timestampMs]).to.deep.equal([length, 9, 1700000000000])
    }
  })

  it('reads what the writer writes', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 })
    const commit = fc.record({
      version: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const, 4 as const),
      offset: fc.maxSafeInteger(),
      leaderEpoch: fc.integer(),
      metadata: fc.option(text),
      timestampMs: fc.maxSafeInteger(),
      expireTimestampMs: fc.maxSafeInteger(),
      topicId: fc.uint8Array({ minLength: 16, maxLength: 16 })
    })
    const check = fc.property(text, text, fc.nat(), commit, (group, topic, partition, written) => {
      expect(readKey(encodeOffsetCommitKey(group, topic, partition))).to.equal('')
      expect([reader.groupLength, reader.topicLength, reader.partition]).to.deep.equal([
        Buffer.byteLength(group),
        Buffer.byteLength(topic),
        partition
      ])
      const value = encodeOffsetCommitValue(written)
      expect(readValue(value)).to.equal('')
      expect(reader.offset).to.equal(written.offset)
      expect(reader.timestampMs).to.equal(written.timestampMs)
      expect(reader.leaderEpoch).to.equal(written.version >= 3 ? written.leaderEpoch : -1)
      expect(reader.expireTimestampMs).to.equal(written.version === 1 ? written.expireTimestampMs : -1)
      expect(reader.metadataLength).to.equal(written.metadata === null ? -1 : Buffer.byteLength(written.metadata))
      expect(reader.topicIdAt).to.equal(written.version === 4 ? 3 + value.length - 16 : -1)
    })
    fc.assert(check, { numRuns: 200 })
  })
})
