import { expect } from 'chai'
import {
  looksOctal,
  toDecimal,
  toFlag,
  toInteger,
  toList,
  toStrings,
  toText
} from '../../../main/config/conversions.ts'

describe('config: conversions', () => {
  it('reads whole numbers with the prefixes of Go', () => {
    const numbers = [5, 5n, '5', ' 5 ', '+5', '0x5', '0X05', '0o5', '0b101', '5.00', 5.0]
    for (const value of numbers) expect(toInteger(value), String(value)).to.equal(5)
    expect(toInteger('-0x10')).to.equal(-16)
    expect(Object.is(toInteger('-0'), 0)).to.equal(true)
  })

  it('refuses what is no whole number', () => {
    const others = [
      '',
      'x',
      '5s',
      '5.5',
      5.5,
      '0x',
      '0xg',
      '1e3',
      '017',
      '5 6',
      true,
      null,
      undefined,
      [],
      new Map(),
      NaN
    ]
    for (const value of others) expect(toInteger(value), String(value)).to.equal(undefined)
  })

  it('knows an octal number by its leading 0', () => {
    expect(['017', '00', '-01', ' 08'].map(looksOctal)).to.deep.equal([true, true, true, true])
    expect(['0', '10', '0x1', '0.5', 17, ''].map(looksOctal)).to.deep.equal([false, false, false, false, false, false])
  })

  it('reads decimals', () => {
    expect(['0.5', '.5', '1.', '1e-1', -2, 3n].map(toDecimal)).to.deep.equal([0.5, 0.5, 1, 0.1, -2, 3])
    expect(['', '.', 'x', 'NaN', 'Infinity', '0x1', true].map(toDecimal)).to.deep.equal(Array(7).fill(undefined))
  })

  it('reads the booleans of Go and no others', () => {
    for (const value of [true, 1, '1', 't', 'T', 'TRUE', 'true', 'True']) expect(toFlag(value)).to.equal(true)
    for (const value of [false, 0, '0', 'f', 'F', 'FALSE', 'false', 'False']) expect(toFlag(value)).to.equal(false)
    for (const value of ['tRUE', 'yes', 'on', '', 2, -1, null, []]) expect(toFlag(value)).to.equal(undefined)
  })

  it('splits lists at white space, not at commas', () => {
    expect(toList(' a:1\t b:2\n')).to.deep.equal(['a:1', 'b:2'])
    expect(toList('a:1,b:2')).to.deep.equal(['a:1,b:2'])
    expect(toList(['a', 5])).to.deep.equal(['a', '5'])
    expect(toList('')).to.deep.equal([])
    expect(toList([['a']])).to.equal(undefined)
    expect(toList(5)).to.equal(undefined)
  })

  it('reads tables of strings, also from JSON', () => {
    expect(
      toStrings(
        new Map<string, unknown>([
          ['a', 1],
          ['B', 'x']
        ])
      )
    ).to.deep.equal({ a: '1', B: 'x' })
    expect(toStrings('{"A":"b","c":2,"d":true}')).to.deep.equal({ A: 'b', c: '2', d: 'true' })
    expect(Object.keys(toStrings('{"__proto__":"x"}') ?? {})).to.deep.equal(['__proto__'])
    const others = ['', 'a=b', '[1]', 'null', '{"a":null}', '{"a":{}}', 5, [], new Map([['a', []]])]
    for (const value of others) expect(toStrings(value), String(value)).to.equal(undefined)
  })

  it('reads numbers and booleans as strings, nothing else', () => {
    expect(['x', 0.11, 5n, true].map(toText)).to.deep.equal(['x', '0.11', '5', 'true'])
    expect([[], new Map(), new Date(0), null].map(toText)).to.deep.equal(Array(4).fill(undefined))
  })
})
