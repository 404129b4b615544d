import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import { compress } from '../../../shared/codec/compress.ts'
import { decompress } from '../../../shared/codec/compression.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { lz4LinkedSample, lz4Sample, zstdSample, zstdStreamSample } from './compressed-samples.ts'
import { fixtureBytes } from './expected-lines.ts'

const original = fixtureBytes('handmade-4.2.0-p0')
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** The refusal, or fails the test. */
function refusalOf(codec: number, bytes: Uint8Array, limitBytes?: number): string {
  try {
    decompress(codec, bytes, limitBytes)
  } catch (error) {
    expect(error).to.be.instanceOf(BurrowError)
    expect((error as BurrowError).code).to.equal('PROTOCOL_DECODE')
    return (error as BurrowError).message
  }
  throw new Error(`codec ${codec} took what it should refuse`)
}

describe('compression', () => {
  const samples: [string, number, Uint8Array][] = [
    ['zstd with content size and checksum', 4, Buffer.from(zstdSample, 'base64')],
    ['zstd without content size', 4, Buffer.from(zstdStreamSample, 'base64')],
    ['lz4 with content checksum', 3, Buffer.from(lz4Sample, 'base64')],
    ['lz4 with linked blocks and their checksums', 3, Buffer.from(lz4LinkedSample, 'base64')],
    ['gzip', 1, gzipSync(original)],
    ['nothing', 0, original]
  ]
  for (const [name, codec, bytes] of samples) {
    it(`${name}: what the reference tools wrote`, () => {
      expect(Buffer.from(decompress(codec, bytes)).equals(original)).to.equal(true)
    })
  }

  it('zstd blocks that are stored or one byte repeated', () => {
    // magic, descriptor, window 2^10; a stored block "abc", then five times "z", which is the last
    const frame = hex('28b52ffd 00 00 180000 616263 2b0000 7a')
    expect(Buffer.from(decompress(4, frame)).toString()).to.equal('abczzzzz')
  })

  it('snappy: every kind of element, by hand', () => {
    // size 18: literal "abcd", copy 1 of 4 from 4 back, copy 2 of 5 from 1 back, copy 4 of 5 from 5 back
    const raw = hex('12 0c61626364 01 04 12 0100 13 05000000')
    expect(Buffer.from(decompress(2, raw)).toString()).to.equal('abcdabcddddddddddd')
  })

  it('snappy: a literal with a length of its own, in the Java framing and without', () => {
    const text = 'x'.repeat(30) + 'y'.repeat(40)
    const raw = Buffer.concat([hex('46 f0 45'), Buffer.from(text)])
    const length = Buffer.alloc(4)
    length.writeInt32BE(raw.length)
    const framed = Buffer.concat([hex('82534e4150505900 00000001 00000001'), length, raw, length, raw])
    expect(Buffer.from(decompress(2, raw)).toString()).to.equal(text)
    expect(Buffer.from(decompress(2, framed)).toString()).to.equal(text + text)
  })

  it('reads what it writes, of all sizes', () => {
    const repetitive = fc.array(fc.constantFrom('group', 'topic', 'metadata', '\u0000\u0001'), { maxLength: 300 })
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      repetitive.map(words => Buffer.from(words.join('')))
    )
    fc.assert(
      fc.property(body, fc.constantFrom(1, 2, 3), (bytes, codec) =>
        Buffer.from(decompress(codec, compress(codec, bytes))).equals(bytes)
      ),
      { numRuns: 120 }
    )
    const large = Buffer.concat(Array.from({ length: 80 }, () => original))
    for (const codec of [1, 2, 3]) {
      expect(Buffer.from(decompress(codec, compress(codec, large))).equals(large), `codec ${codec}`).to.equal(true)
    }
  })

  it('writes zstd where this Node can, and says so where it cannot', () => {
    const [major, minor] = process.versions.node.split('.').map(Number)
    const canWrite = major! > 23 || (major === 23 && minor! >= 8) || (major === 22 && minor! >= 15)
    if (canWrite) expect(Buffer.from(decompress(4, compress(4, original))).equals(original)).to.equal(true)
    else
      expect(() => compress(4, original))
        .to.throw(BurrowError)
        .with.property('code', 'UNSUPPORTED')
    expect(() => compress(5, original))
      .to.throw(BurrowError)
      .with.property('code', 'UNSUPPORTED')
  })

  it('refuses codecs that do not exist', () => {
    for (const codec of [5, 6, 7]) expect(refusalOf(codec, original)).to.equal(`unknown compression codec ${codec}`)
  })

  it('stops a bomb at the limit', () => {
    const zeros = new Uint8Array(300_000)
    for (const codec of [1, 2, 3]) {
      refusalOf(codec, compress(codec, zeros), 100_000)
      expect(decompress(codec, compress(codec, zeros), 300_000)).to.have.length(300_000)
    }
    // one block after another, each 128 KiB of one byte
    const block = hex('020010 00')
    const last = hex('030010 00')
    const bomb = Buffer.concat([hex('28b52ffd 00 38'), ...Array.from({ length: 50 }, () => block), last])
    expect(decompress(4, bomb)).to.have.length(51 * 128 * 1024)
    refusalOf(4, bomb, 1_000_000)
  })

  it('stops an lz4 match at the limit and at the size of the block', () => {
    // one literal, then a match of 19 + 255 bytes; then the same with 300 times 255
    const frame = (block: Buffer) => {
      const size = Buffer.alloc(4)
      size.writeInt32LE(block.length)
      return Buffer.concat([hex('04224d18 60 40 82'), size, block, hex('00000000')])
    }
    const short = frame(hex('1f 61 0100 ff 00'))
    expect(Buffer.from(decompress(3, short)).toString()).to.equal('a'.repeat(275))
    expect(decompress(3, short, 275)).to.have.length(275)
    expect(refusalOf(3, short, 274)).to.equal('lz4: match from outside')
    const long = frame(Buffer.concat([hex('1f 61 0100'), Buffer.alloc(300, 0xff), hex('00')]))
    expect(refusalOf(3, long)).to.equal('lz4: match from outside')
  })

  it('reserves nothing for a claim alone', () => {
    // sizes of 2^31 and more in a few bytes
    expect(refusalOf(2, hex('ffffffff0f 00 61'))).to.match(/more than/)
    expect(refusalOf(2, hex('8080802f 00 61'))).to.match(/cannot hold/)
    expect(refusalOf(4, hex('28b52ffd e0 0000000001000000 010000'))).to.match(/claims|Zstd|memory|size/i)
  })

  it('ends on input on which snappyjs does not', () => {
    // literal whose length bytes are fffffff9: taken as negative, it leads back to itself
    expect(refusalOf(2, hex('10 fc f9ffffff 6161616161616161'))).to.equal('snappy: literal is too long')
  })

  const broken: [string, number, string][] = [
    ['snappy of no bytes', 2, ''],
    ['snappy copy before the start', 2, '04 0061 01 09'],
    ['snappy copy of distance 0', 2, '06 0061 01 00'],
    ['snappy that is too short', 2, '09 0061'],
    ['snappy that is too long', 2, '01 046161'],
    ['snappy block longer than what is there', 2, '82534e4150505900 00000001 00000001 00000099 01 00 61'],
    ['snappy block of negative length', 2, '82534e4150505900 00000001 00000001 ffffffff 01 00 61'],
    ['snappy block length cut', 2, '82534e4150505900 00000001 00000001 000000'],
    ['lz4 of no bytes', 3, ''],
    ['lz4 with another magic', 3, '04224d19 60 40 82 00000000'],
    ['lz4 of another version', 3, '04224d18 a0 40 82 00000000'],
    ['lz4 block size code 3', 3, '04224d18 60 30 82 00000000'],
    ['lz4 without its end', 3, '04224d18 60 40 82 05000080 6162636465'],
    ['lz4 block longer than what is there', 3, '04224d18 60 40 82 09000080 6162636465 00000000'],
    ['lz4 stored block of 2^31 - 1', 3, '04224d18 60 40 82 ffffffff 6162636465 00000000'],
    ['lz4 match before the start', 3, '04224d18 60 40 82 04000000 1061 0900 00000000'],
    ['lz4 match of distance 0', 3, '04224d18 60 40 82 04000000 1061 0000 00000000'],
    ['lz4 length that never ends', 3, '04224d18 60 40 82 05000000 f0ffffffff 00000000'],
    ['lz4 literals longer than the block', 3, '04224d18 60 40 82 03000000 906162 00000000'],
    ['gzip that is not', 1, '1f8b0800000000000003ffffff'],
    ['zstd that is not', 4, '28b52ffd 00 00 070000 000000000000'],
    ['zstd that is cut', 4, '28b52ffd 00 00 190000 6162']
  ]
  for (const [name, codec, bytes] of broken) {
    it(`refuses ${name}`, () => expect(refusalOf(codec, hex(bytes))).to.be.a('string'))
  }

  it('bent samples end with a value or a refusal', () => {
    const compressed = [1, 2, 3].map(codec => ({ codec, bytes: compress(codec, original) }))
    compressed.push({ codec: 4, bytes: Buffer.from(zstdSample, 'base64') })
    fc.assert(
      fc.property(fc.constantFrom(...compressed), fc.nat(), fc.nat(255), fc.boolean(), (sample, place, byte, isCut) => {
        const at = place % sample.bytes.length
        const bent = Uint8Array.from(isCut ? sample.bytes.subarray(0, at) : sample.bytes)
        if (!isCut) bent[at] = byte
        try {
          expect(decompress(sample.codec, bent, 1_000_000).length).to.be.at.most(1_000_000)
        } catch (error) {
          expect(error).to.be.instanceOf(BurrowError)
        }
      }),
      { numRuns: 400 }
    )
  })
})
