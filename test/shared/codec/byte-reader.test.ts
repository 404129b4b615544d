import { expect } from 'chai'
import { ByteReader, decodeFields } from '../../../shared/codec/byte-reader.ts'
import { ByteWriter } from '../../../shared/codec/byte-writer.ts'

describe('ByteReader', () => {
  it('reads every type that the writer writes, from the middle of a buffer', () => {
    const written = new ByteWriter(1)
      .int8(-1)
      .int16(-2)
      .int32(-3)
      .int64(-4)
      .int64(2n ** 60n)
    written.string16('ü').string16(null).bytes32(Uint8Array.of(7)).bytes32(null)
    written.compactString('日本').compactString(null).unsignedVarint(300)
    const bytes = Buffer.concat([Buffer.alloc(5), written.finish(), Buffer.alloc(5)])
    const reader = new ByteReader(bytes, 5, bytes.length - 10)
    expect([reader.int8('a'), reader.int16('a'), reader.int32('a'), reader.int64('a')]).to.deep.equal([-1, -2, -3, -4])
    expect(reader.wideInt64('a')).to.equal('1152921504606846976')
    expect([reader.string16('a'), reader.nullableString16('a')]).to.deep.equal(['ü', null])
    expect([...reader.bytes32('a')!]).to.deep.equal([7])
    expect(reader.bytes32('a')).to.equal(null)
    expect([reader.compactString('a'), reader.compactNullableString('a')]).to.deep.equal(['日本', null])
    expect(reader.unsignedVarint('a')).to.equal(300)
    expect(reader.remaining).to.equal(0)
  })

  it('names the field that does not fit, and looks no further than its part', () => {
    const bytes = Uint8Array.of(0, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9)
    const read = (length: number, decode: (reader: ByteReader) => unknown) =>
      decodeFields(() => decode(new ByteReader(bytes, 0, length)))
    expect(read(6, reader => reader.string16('name'))).to.deep.equal({ ok: false, field: 'name' })
    expect(read(7, reader => reader.string16('name')).ok).to.equal(true)
    expect(read(7, reader => reader.int64('time'))).to.deep.equal({ ok: false, field: 'time' })
    expect(read(1, reader => reader.version('version'))).to.deep.equal({ ok: false, field: 'version' })
    expect(read(-1, reader => reader.int8('none'))).to.deep.equal({ ok: false, field: 'none' })
    expect(read(11, reader => reader.uuid('id'))).to.deep.equal({ ok: false, field: 'id' })
  })

  it('refuses negative lengths and a 64-bit integer that it would have to round', () => {
    const decode = (writer: ByteWriter, read: (reader: ByteReader) => unknown) =>
      decodeFields(() => read(new ByteReader(writer.finish())))
    const broken = { ok: false, field: 'x' }
    expect(decode(new ByteWriter().int16(-2).int64(0), reader => reader.string16('x'))).to.deep.equal(broken)
    expect(decode(new ByteWriter().int32(-2).int64(0), reader => reader.bytes32('x'))).to.deep.equal(broken)
    expect(decode(new ByteWriter().int32(-1), reader => reader.array32('x', () => 0))).to.deep.equal(broken)
    expect(decode(new ByteWriter().int64(2n ** 53n), reader => reader.int64('x'))).to.deep.equal(broken)
  })

  it('skips tagged fields that nobody asks for, and keeps inside those it gives', () => {
    const bytes = new ByteWriter().unsignedVarint(2)
    bytes.unsignedVarint(4).unsignedVarint(2).int16(9).unsignedVarint(1).unsignedVarint(1).int8(3).int8(77)
    const whole = bytes.finish()
    const reader = new ByteReader(whole)
    let found = 0
    reader.taggedFields('tags', (tag, inside) => {
      if (tag === 1) found = inside.int8('one')
    })
    expect([found, reader.int8('after')]).to.deep.equal([3, 77])
    const greedy = decodeFields(() => new ByteReader(whole).taggedFields('tags', (_, inside) => inside.int32('wide')))
    expect(greedy).to.deep.equal({ ok: false, field: 'wide' })
  })

  it('lets other errors through', () => {
    const fault = new TypeError('ours')
    const run = () =>
      decodeFields(() => {
        throw fault
      })
    expect(run).to.throw(fault)
  })
})
