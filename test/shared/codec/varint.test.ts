import { expect } from 'chai'
import fc from 'fast-check'
import { ByteWriter } from '../../../shared/codec/byte-writer.ts'
import { unsignedVarintAt, varintAt, varintEnd, varlongAt } from '../../../shared/codec/varint.ts'

describe('varint', () => {
  it('knows the examples of the Protocol Buffers encoding page', () => {
    expect(unsignedVarintAt(Uint8Array.of(0x96, 0x01), 0, 2)).to.equal(150)
    expect([0, 1, 2, 3].map(raw => varintAt(Uint8Array.of(raw), 0, 1))).to.deep.equal([0, -1, 1, -2])
    expect(varintAt(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f), 0, 5)).to.equal(-(2 ** 31))
    expect(varintAt(Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x0f), 0, 5)).to.equal(2 ** 31 - 1)
  })

  it('reads what the writer writes, and ends after it', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), (small, large) => {
        const bytes = new ByteWriter().varint(small).varint(large).int8(77).finish()
        expect(varintAt(bytes, 0, bytes.length)).to.equal(small)
        expect(varlongAt(bytes, varintEnd, bytes.length)).to.equal(large)
        expect(varintEnd).to.equal(bytes.length - 1)
      }),
      { numRuns: 300 }
    )
  })

  it('refuses what is cut or too long, and does not look past the end', () => {
    const endless = new Uint8Array(20).fill(0x80)
    for (const read of [varintAt, unsignedVarintAt, varlongAt]) {
      for (const end of [0, 1, 4, 20]) {
        read(endless, 0, end)
        expect(varintEnd, `${read.name} to ${end}`).to.equal(-1)
      }
      read(Uint8Array.of(0x80, 0x01), 0, 1)
      expect(varintEnd).to.equal(-1)
    }
  })

  it('gives no rounded varlong', () => {
    const bytes = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)
    expect(varlongAt(bytes, 0, bytes.length)).to.be.NaN
    expect(varintEnd).to.equal(10)
  })
})
