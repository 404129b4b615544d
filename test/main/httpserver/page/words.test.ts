import { expect } from 'chai'
import { clockTime, duration, many, roughly, tickNames } from '../../../../main/httpserver/page/words/amounts.ts'
import { encodeName } from '../../../../main/httpserver/page/words/encode-name.ts'
import { visibleName } from '../../../../main/httpserver/page/words/visible-name.ts'

describe('page: words', () => {
  it('names: what is not seen or turns the text around is written out, letters stay', () => {
    expect(visibleName('a\u202eb\u0000\n')).to.equal('a\\u{202e}b\\x00\\x0a')
    expect(visibleName('תשלומים <b> "é" 😀')).to.equal('תשלומים <b> "é" 😀')
    expect(['', ' ', ' a', '\t'].map(name => visibleName(name))).to.deep.equal(['""', '" "', '" a"', '\\x09'])
    expect(visibleName('😀😀😀', 2)).to.equal('😀😀…')
    expect(visibleName('x\ud800')).to.equal('x\\u{d800}')
    expect(encodeName('a/\ud800b')).to.equal('a%2F%EF%BF%BDb')
  })

  it('amounts and times', () => {
    expect([0, 1, 1234].map(value => many(value, 'group'))).to.deep.equal(['0 groups', '1 group', '1,234 groups'])
    expect([9999, 10_000, 2_345_678].map(roughly)).to.deep.equal(['9,999', '10K', '2.3M'])
    const minuteMs = 60_000
    expect([-5, 1499, 119_000, 2 * minuteMs, 150 * minuteMs, 60 * 72 * minuteMs].map(duration)).to.deep.equal([
      '0 s',
      '1 s',
      '119 s',
      '2 min',
      '2.5 h',
      '3 d'
    ])
    const noon = new Date(2026, 0, 2, 12, 0, 5).getTime()
    expect(clockTime(noon, noon + minuteMs)).to.equal('12:00:05')
    expect(clockTime(noon, noon + 24 * 60 * minuteMs)).to.equal('2026-01-02 12:00:05')
  })

  it('ticks of an axis differ from each other', () => {
    expect(tickNames([0, 500_000, 1_000_000])).to.deep.equal(['0', '0.5M', '1.0M'])
    expect(tickNames([5_000_000, 5_000_200, null])).to.deep.equal(['5,000,000', '5,000,200', ''])
    expect(tickNames([0, 1, 2])).to.deep.equal(['0', '1', '2'])
    for (const [from, step] of [
      [0, 1],
      [4_125_000, 5],
      [9_990_000_000, 1000],
      [1e12, 2e11]
    ] as const) {
      const names = tickNames([0, 1, 2, 3].map(index => from + index * step))
      expect(new Set(names).size, names.join()).to.equal(4)
    }
  })
})
