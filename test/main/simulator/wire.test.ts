import { expect } from 'chai'
import fc from 'fast-check'
import { WireError, WireReader, WireWriter } from '../../../main/simulator/wire.ts'

const bothForms = [false, true]

describe('simulator: wire forms', () => {
  it('writes the classic forms of the protocol guide', () => {
    const writer = new WireWriter(false)
    writer.string('ab')
    writer.string(null)
    writer.bytes(Buffer.from([7]))
    writer.bytes(null)
    writer.array([1], item => writer.int16(item))
    writer.tags()
    expect(Buffer.concat(writer.finish()).toString('hex')).to.equal('00026162ffff0000000107ffffffff000000010001')
  })

  it('writes the flexible forms of KIP-482', () => {
    const writer = new WireWriter(true)
    writer.string('ab')
    writer.string(null)
    writer.bytes(Buffer.from([7]))
    writer.bytes(null)
    writer.array([1], item => writer.int16(item))
    writer.arrayLength(-1)
    writer.varint(300)
    writer.tags()
    expect(Buffer.concat(writer.finish()).toString('hex')).to.equal('0361620002070002000100ac0200')
  })

  for (const flexible of bothForms) {
    it(`reads back what was written, ${flexible ? 'flexible' : 'classic'}`, () => {
      const value = fc.record({
        text: fc.option(fc.string({ unit: 'grapheme', maxLength: 3000 })),
        bytes: fc.option(fc.uint8Array({ maxLength: 3000 })),
        large: fc.maxSafeInteger(),
        list: fc.option(fc.array(fc.integer(), { maxLength: 40 }))
      })
      fc.assert(
        fc.property(fc.array(value, { maxLength: 5 }), values => {
          const writer = new WireWriter(flexible)
          for (const { text, bytes, large, list } of values) {
            writer.string(text)
            writer.int64(large)
            if (bytes) {
              writer.bytesLength(bytes.length)
              writer.raw(Buffer.from(bytes))
            } else writer.bytes(null)
            if (list) writer.array(list, item => writer.int32(item))
            else writer.arrayLength(-1)
            writer.tags()
          }
          const { length } = writer
          const all = Buffer.concat(writer.finish())
          expect(all.length).to.equal(length)
          const reader = new WireReader(all, 0, flexible)
          for (const { text, bytes, large, list } of values) {
            expect(reader.nullableString()).to.equal(text)
            expect(reader.int64()).to.equal(large)
            const read = reader.nullableBytes()
            expect(read && [...read]).to.deep.equal(bytes && [...bytes])
            expect(reader.nullableArray(() => reader.int32())).to.deep.equal(list)
            reader.tags()
          }
          expect(reader.remaining).to.equal(0)
        }),
        { numRuns: 200 }
      )
    })
  }

  it('skips tagged fields that it does not know', () => {
    const reader = new WireReader(Buffer.from('0200021122010133ff', 'hex'), 0, true)
    reader.tags()
    expect(reader.int8()).to.equal(-1)
  })

  it('refuses what ends too early or claims more than there is', () => {
    const reader = (hex: string, flexible = false) => new WireReader(Buffer.from(hex, 'hex'), 0, flexible)
    expect(() => reader('00').int16()).to.throw(WireError)
    expect(() => reader('000561').string()).to.throw(WireError)
    expect(() => reader('7fffffff').array(() => 1)).to.throw(WireError)
    expect(() => reader('ffffffffff01', true).varint()).to.throw(WireError)
  })
})
