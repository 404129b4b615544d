import { expect } from 'chai'
import { crc32c } from '../../../shared/codec/crc32c.ts'

describe('crc32c', () => {
  it('gives the check values of RFC 3720 and of the CRC catalogue', () => {
    const digits = new TextEncoder().encode('123456789')
    expect(crc32c(viewOf(digits), 0, 9)).to.equal(0xe3069283)
    expect(crc32c(viewOf(new Uint8Array(32)), 0, 32)).to.equal(0x8a9136aa)
    expect(crc32c(viewOf(new Uint8Array(32).fill(0xff)), 0, 32)).to.equal(0x62a8ab43)
    expect(crc32c(viewOf(digits), 3, 3)).to.equal(0)
  })

  it('is the same sixteen bytes at a time and bit by bit, at every start and length', () => {
    const bytes = Uint8Array.from({ length: 96 }, (_, index) => (index * 151) ^ (index << 3))
    for (let from = 0; from < 17; from++) {
      for (let to = from; to <= bytes.length; to++) {
        expect(crc32c(viewOf(bytes), from, to)).to.equal(bitByBit(bytes, from, to))
      }
    }
  })
})

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

function bitByBit(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xffffffff
  for (const byte of bytes.subarray(from, to)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
  }
  return ~crc >>> 0
}
