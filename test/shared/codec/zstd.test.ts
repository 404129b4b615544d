import { expect } from 'chai'
import fc from 'fast-check'
import { decompressZstd } from '../../../shared/codec/zstd.ts'
import { zstdSample, zstdStreamSample } from './compressed-samples.ts'
import { fixtureBytes } from './expected-lines.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const limitBytes = 1_000_000
const original = fixtureBytes('handmade-4.2.0-p0')
const samples = [zstdSample, zstdStreamSample].map(text => Buffer.from(text, 'base64'))
const text = (bytes: Uint8Array) => Buffer.from(decompressZstd(bytes, limitBytes)).toString()

/** A frame of one compressed block. */
function frameOf(block: Buffer): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntLE((block.length << 3) | 5, 0, 3)
  return Buffer.concat([hex('28b52ffd 00 38'), header, block])
}

describe('decompressZstd', () => {
  it('reads what the reference tool wrote', () => {
    for (const sample of samples)
      expect(Buffer.from(decompressZstd(sample, limitBytes)).equals(original)).to.equal(true)
  })

  it('frames one after another, and skippable ones between', () => {
    const frame = hex('28b52ffd 20 03 190000 616263')
    expect(text(Buffer.concat([frame, hex('502a4d18 02000000 ffff'), frame]))).to.equal('abcabc')
  })

  it('stops at the size of a block, whatever the sequences say', () => {
    // one literal repeated, 98,047 sequences of single-symbol tables, each a match of 65,539 bytes and more
    const bomb = frameOf(hex('09 61 ff ff00 54 00 00 34 ffffff01'))
    expect(bomb).to.have.length(22)
    expect(() => decompressZstd(bomb, limitBytes)).to.throw('too long')
  })

  it('sequences by hand: literals, a match, and the literals that are left', () => {
    // literals "abcd"; one sequence of 2 literals and a match of 3 at distance 2 (value 5 = 2^2 + 1): bits 01, end mark
    const block = hex('20 61626364 01 54 02 02 00 05')
    expect(text(frameOf(block))).to.equal('ababacd')
  })

  it('stops at the limit', () => {
    const blocks = Array.from({ length: 9 }, () => hex('020010 00'))
    const frame = Buffer.concat([hex('28b52ffd 00 38'), ...blocks, hex('030010 00')])
    expect(decompressZstd(frame, 10 * 131_072)).to.have.length(10 * 131_072)
    expect(() => decompressZstd(frame, 10 * 131_072 - 1)).to.throw('more than')
    expect(() => decompressZstd(samples[0]!, original.length - 1)).to.throw('claims')
    expect(() => decompressZstd(samples[1]!, original.length - 1)).to.throw('too long')
  })

  const broken: [string, string, string][] = [
    ['no bytes', '', 'cut'],
    ['another magic', '28b52ffe 00 00 010000', 'magic'],
    ['a dictionary', '28b52ffd 01 00 07 010000', 'dictionary'],
    ['a content size of one segment', '28b52ffd a0 00000040 010000', 'claims'],
    ['a content size of eight bytes', '28b52ffd e0 0000000001000000 010000', 'claims'],
    ['a content size that is not the content', '28b52ffd 20 04 190000 616263', 'another size'],
    ['a checksum that is not there', '28b52ffd 04 00 010000', 'cut'],
    ['a block of the reserved type', '28b52ffd 00 00 070000', 'bad block'],
    ['a block of more than 128 KiB', '28b52ffd 00 00 090010 00', 'bad block'],
    ['no last block', '28b52ffd 00 00 000000', 'cut'],
    ['a tree from nowhere', '28b52ffd 00 00 250000 13400061', 'Huffman'],
    ['a table from nowhere', '28b52ffd 00 00 3d0000 08 61 01 fc 00 00 01', 'no table'],
    ['a match from before the start', '28b52ffd 00 00 4d0000 08 61 01 54 01 05 00 20 01', 'outside'],
    ['reserved bits of the modes', '28b52ffd 00 00 3d0000 08 61 01 55 00 00 01', 'reserved']
  ]
  for (const [name, bytes, why] of broken) {
    it(`refuses ${name}`, () => expect(() => decompressZstd(hex(bytes), limitBytes)).to.throw(why))
  }

  it('refuses every cut, and ends on every change', () => {
    for (const sample of samples) {
      for (let length = 0; length < sample.length; length++) {
        expect(() => decompressZstd(sample.subarray(0, length), limitBytes), `${length}`).to.throw(Error)
      }
    }
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(), fc.nat(255), (sample, place, byte) => {
        const bent = Uint8Array.from(sample)
        bent[place % bent.length] = byte
        try {
          expect(decompressZstd(bent, limitBytes).length).to.be.at.most(limitBytes)
        } catch (error) {
          // our own refusal, not a fault such as a TypeError
          expect((error as Error).constructor).to.equal(Error)
        }
      }),
      { numRuns: 500 }
    )
  })
})
