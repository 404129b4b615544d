import { expect } from 'chai'
import fc from 'fast-check'
import { ExpositionWriter, labelValue, valueBytesMax, valueText } from '../../../shared/metrics/exposition-writer.ts'

/** Spec 04 section 7, and what Go's strconv writes for some that are no whole numbers. */
const written: readonly (readonly [number, string])[] = [
  [0, '0'],
  [1, '1'],
  [477, '477'],
  [22_663, '22663'],
  [99_999, '99999'],
  [100_000, '100000'],
  [999_999, '999999'],
  [1_000_000, '1e+06'],
  [1_000_001, '1.000001e+06'],
  [1_234_567, '1.234567e+06'],
  [1_234_090, '1.23409e+06'],
  [12_345_678, '1.2345678e+07'],
  [90_000_000_000, '9e+10'],
  [1_000_000_000_000_001, '1.000000000000001e+15'],
  [Number.MAX_SAFE_INTEGER, '9.007199254740991e+15'],
  [2 ** 53, '9.007199254740992e+15'],
  [1e21, '1e+21'],
  [1.5e300, '1.5e+300'],
  [-1, '-1'],
  [-1_234_567, '-1.234567e+06'],
  [0.5, '0.5'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [12.345, '12.345'],
  [1_700_000_000.5, '1.7000000005e+09'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf']
]

describe('text format of metrics', () => {
  for (const [value, text] of written) {
    it(`writes ${value} as ${text}`, () => {
      expect(valueText(value)).to.equal(text)
      expect(textOfValue(value)).to.equal(text)
    })
  }

  it('writes every number in the shortest form that reads back', () => {
    const numbers = fc.oneof(
      fc.integer(),
      fc.maxSafeNat(),
      fc.maxSafeNat().map(value => Math.floor(value / 1000) * 1000),
      fc.double()
    )
    fc.assert(
      fc.property(numbers, value => {
        const text = textOfValue(value)
        expect(text).to.equal(valueText(value))
        expect(text.length).to.be.at.most(valueBytesMax)
        if (Number.isFinite(value)) expect(Number(text)).to.equal(value + 0) // no sign on zero
      })
    )
  })

  it('writes whole numbers in full where they are labels', () => {
    const writer = new ExpositionWriter()
    for (const value of [0, 9, 10, 99_999, 100_000, 12_345_678, 123_456_789, 2 ** 31 - 1]) {
      writer.reset()
      writer.digits(value)
      expect(textOf(writer)).to.equal(String(value))
    }
  })

  it('escapes backslash, quote and newline in labels, nothing else', () => {
    expect(labelValue('a\\b"c\nd\te{}=,\r<&>é\u2028😀')).to.equal('a\\\\b\\"c\\nd\te{}=,\r<&>é\u2028😀')
  })

  it('grows, and gives away no more than was written', () => {
    const writer = new ExpositionWriter(4)
    const piece = new TextEncoder().encode('0123456789')
    writer.reserve(10)
    writer.raw(piece)
    writer.reserve(5)
    writer.again(2, 7)
    expect(textOf(writer)).to.equal('012345678923456')
    expect(writer.take().buffer.byteLength).to.equal(15)
  })
})

function textOfValue(value: number): string {
  const writer = new ExpositionWriter()
  writer.value(value)
  return textOf(writer)
}

function textOf(writer: ExpositionWriter): string {
  return Buffer.from(writer.take()).toString()
}
