import { expect } from 'chai'
import {
  countToText,
  durationsToText,
  durationToText,
  recordsToText,
  timeToText
} from '../../../shared/rules/amount-words.ts'

describe('amounts in words', () => {
  it('counts', () => {
    const texts = [0, 999, 1000, 1_204_000, -1500, Number.MAX_SAFE_INTEGER].map(countToText)
    expect(texts).to.deep.equal(['0', '999', '1,000', '1,204,000', '-1,500', '9,007,199,254,740,991'])
    expect([recordsToText(1), recordsToText(0)]).to.deep.equal(['1 record', '0 records'])
  })

  const durations: readonly (readonly [number, string])[] = [
    [0, '0 s'],
    [7, '0.007 s'],
    [1500, '1.5 s'],
    [-1500, '-1.5 s'],
    [10_999, '10 s'],
    [312_000, '312 s'],
    [600_000, '10 min'],
    [612_345, '10 min 12 s'],
    [3_600_000, '1 h'],
    [18_720_000, '5 h 12 min'],
    [172_800_000, '2 d'],
    [950_400_000, '11 d']
  ]
  for (const [ms, text] of durations) it(`${ms} ms is ${text}`, () => expect(durationToText(ms)).to.equal(text))

  it('shows a difference that rounding would hide', () => {
    expect(durationsToText(10_400, 10_200)).to.deep.equal(['10.4 s', '10.2 s'])
    expect(durationsToText(3_600_001, 3_600_000)).to.deep.equal(['3,600.001 s', '3,600 s'])
    expect(durationsToText(10_400, 10_400)).to.deep.equal(['10 s', '10 s'])
  })

  it('times, also those that no calendar has', () => {
    expect(timeToText(1_700_000_000_123)).to.equal('2023-11-14T22:13:20Z')
    expect(timeToText(Number.MAX_SAFE_INTEGER)).to.equal('9,007,199,254,740,991 ms')
  })
})
