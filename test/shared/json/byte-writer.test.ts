import { expect } from 'chai'
import fc from 'fast-check'
import { ascii, asciiPiece, ByteWriter, float32Text } from '../../../shared/json/byte-writer.ts'

describe('bytes of JSON as Go writes them', () => {
  it('escapes in strings', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['', '""'],
      ['a<b>&c', '"a\\u003cb\\u003e\\u0026c"'],
      ['\u2028\u2029', '"\\u2028\\u2029"'],
      ['\n\r\t\b\f', '"\\n\\r\\t\\b\\f"'],
      ['\u0000\u0001\u001f\u000b', '"\\u0000\\u0001\\u001f\\u000b"'],
      ['"\\/\u007f', '"\\"\\\\/\u007f"'],
      ['é\u07ff\u0800\uffff😀\ufffd', '"é\u07ff\u0800\uffff😀\ufffd"'],
      ['\ud800', '"\\ufffd"'],
      ['\udc00\ud800', '"\\ufffd\\ufffd"'],
      ['a\ud800b😀\udc00', '"a\\ufffdb😀\\ufffd"']
    ]
    for (const [value, json] of cases) expect(written(writer => writer.string(value))).to.equal(json)
  })

  it('strings equal a slow and obvious rendering, whatever they hold', () => {
    const anyUnits = fc.array(
      fc.oneof(
        fc.integer({ min: 0, max: 0xffff }),
        fc.integer({ min: 0, max: 0x7f }),
        fc.integer({ min: 0xd800, max: 0xdfff }),
        fc.constantFrom(0x2027, 0x2028, 0x2029, 0x202a)
      ),
      { maxLength: 40 }
    )
    fc.assert(
      fc.property(anyUnits, units => {
        const value = String.fromCharCode(...units)
        expect(written(writer => writer.string(value))).to.equal(slowString(value))
      }),
      { numRuns: 3000 }
    )
  })

  it('integers equal String(), from one digit to sixteen', () => {
    const edges = [0, 9, 10, 99, 100, 999, 1e7 - 1, 1e7, 1e8 - 1, 1e8, 1e8 + 1, 1e15, 1e16 / 2, 2 ** 53 - 1]
    for (const value of edges.flatMap(edge => [edge, -edge])) {
      expect(written(writer => writer.integer(value))).to.equal(String(value))
    }
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 52 }), (wide, shift) => {
        const value = Math.trunc(wide / 2 ** shift)
        expect(written(writer => writer.integer(value))).to.equal(String(value))
      }),
      { numRuns: 3000 }
    )
  })

  it('a total beyond 2^53 is written in full, without an exponent', () => {
    expect(written(writer => writer.integer(2 ** 64))).to.equal('18446744073709551616')
    expect(() => written(writer => writer.integer(0.5))).to.throw(RangeError)
  })

  it('32-bit floats in their shortest form', () => {
    const cases: readonly (readonly [number, string])[] = [
      [0, '0'],
      [1, '1'],
      [0.1, '0.1'],
      [7 / 10, '0.7'],
      [1 / 3, '0.33333334'],
      [2 / 3, '0.6666667'],
      [1 / 15, '0.06666667'],
      [1e-6, '0.000001'],
      [5e-7, '5e-7'],
      [1 / 65_535, '0.000015259022'],
      // As near to one decimal as to the next: what Go 1.26 was seen to write.
      [65 / 512, '0.12695312'],
      [67 / 512, '0.13085938'],
      [69 / 512, '0.13476562'],
      [1 / 4096, '0.00024414063']
    ]
    for (const [value, json] of cases) {
      expect(written(writer => writer.float32(Math.fround(value)))).to.equal(json)
    }
  })

  it('every share k/N reads back to the same float and no shorter text does', () => {
    for (let whole = 1; whole <= 60; whole++) {
      for (let part = 0; part <= whole; part++) {
        const float = Math.fround(part / whole)
        const text = float32Text(float)
        expect(Math.fround(Number(text))).to.equal(float)
        const digits = text.replace(/^0\.0*/, '').length
        if (digits > 1) expect(Math.fround(Number(float.toPrecision(digits - 1)))).to.not.equal(float)
      }
    }
  })

  it('constant pieces of every length, and what follows them, also where the memory ends', () => {
    for (let length = 0; length < 20; length++) {
      const text = 'abcdefghijklmnopqrst'.slice(0, length)
      const piece = asciiPiece(text)
      const writer = new ByteWriter(1)
      for (let times = 0; times < 5; times++) {
        writer.piece(piece)
        writer.byte(0x2c)
        writer.piece(piece)
        writer.raw(ascii('!'))
      }
      expect(new TextDecoder().decode(writer.take())).to.equal(`${text},${text}!`.repeat(5))
    }
  })

  it('what is written once more, of every length and with any characters in it', () => {
    for (const text of [
      '',
      'a',
      'seven b',
      'eight by',
      'nine byte',
      '\u007f😀ü\u2028 and so on, well beyond two words'
    ]) {
      const bytes = new TextEncoder().encode(text)
      const writer = new ByteWriter(1)
      writer.raw(ascii('['))
      writer.raw(bytes)
      for (let times = 0; times < 5; times++) {
        writer.byte(0x2c)
        writer.again(1, bytes.length)
      }
      writer.byte(0x5d)
      expect(new TextDecoder().decode(writer.take())).to.equal(`[${Array(6).fill(text).join(',')}]`)
    }
  })

  it('leaves room for what is written later, and gives up memory beyond what is to be kept', () => {
    const writer = new ByteWriter(1)
    writer.skip(3)
    writer.raw(ascii('x'.repeat(10_000)))
    writer.bytes.set(ascii('abc'))
    expect(new TextDecoder().decode(writer.take())).to.equal(`abc${'x'.repeat(10_000)}`)
    writer.reset(20_000)
    expect(writer.bytes.length).to.be.greaterThan(10_000)
    writer.reset(10_000)
    expect(writer.bytes.length).to.be.lessThan(10_000)
    writer.integer(7)
    expect(new TextDecoder().decode(writer.take())).to.equal('7')
  })

  it('grows, keeps what was written, and gives a copy of exactly that', () => {
    const writer = new ByteWriter(1)
    for (let index = 0; index < 1000; index++) writer.raw(ascii('abc'))
    const bytes = writer.take()
    expect(Buffer.from(bytes).toString()).to.equal('abc'.repeat(1000))
    expect(bytes.buffer.byteLength).to.equal(3000)
    writer.reset()
    writer.byte(0x41)
    expect(Buffer.from(writer.take()).toString()).to.equal('A')
    expect(bytes[0]).to.equal(0x61)
  })
})

function written(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter(1)
  write(writer)
  return Buffer.from(writer.take()).toString()
}

function slowString(value: string): string {
  let json = ''
  for (const character of value) {
    const point = character.codePointAt(0)!
    if (character === '"' || character === '\\') json += `\\${character}`
    else if (point >= 0xd800 && point < 0xe000) json += '\\ufffd'
    else if (point < 0x20 || '<>&\u2028\u2029'.includes(character)) {
      const short = { 8: 'b', 9: 't', 10: 'n', 12: 'f', 13: 'r' }[point]
      json += short ? `\\${short}` : `\\u${point.toString(16).padStart(4, '0')}`
    } else json += character
  }
  return `"${json}"`
}
