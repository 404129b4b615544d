import { expect } from 'chai'
import { compareDocuments, verdictOf } from '../../bench/runner/compare.ts'
import { documentOf, type SuiteResult } from '../../bench/runner/document.ts'
import { measureSuite } from '../../bench/runner/measure-suite.ts'
import { median, quantile } from '../../bench/runner/statistics.ts'
import { type Case, mustBe, type Suite, WrongResult } from '../../bench/runner/suite.ts'
import { suiteTable } from '../../bench/runner/table.ts'
import { fewestThatTie } from '../../bench/support/fewest-that-tie.ts'
import { threadCounts } from '../../bench/support/thread-counts.ts'

const order = { suite: 'made-up', sizes: { a: 1 }, threads: {}, rounds: 3 }

function madeUp(cases: readonly Case[], checked: number, events: string[] = []): Suite {
  return {
    name: 'made-up',
    about: '',
    rounds: 1,
    sizes: {},
    figures: { speed: { unit: '1/s', better: 'more' } },
    prepare: async context => ({
      cases,
      check: async () => context.checked(checked),
      close: async () => {
        events.push('closed')
      }
    })
  }
}

const result = (values: readonly number[], sizes = { a: 1 }): SuiteResult => ({
  ...order,
  sizes,
  rounds: values.length,
  seconds: 1,
  checked: 1,
  notes: [],
  rows: [{ case: 'x', figure: 'speed', unit: '1/s', better: 'more', values }]
})

describe('bench: the runner', () => {
  it('interleaves the cases, back and forth, and keeps the values in the order of the rounds', async () => {
    const events: string[] = []
    const of = (name: string): Case => ({
      name,
      measure: async () => {
        events.push(name)
        return { speed: events.length }
      }
    })
    const { rows } = await measureSuite(madeUp([of('a'), of('b')], 1, events), order, () => undefined)
    expect(events.join(' ')).to.equal('a b b a a b closed')
    expect(rows.map(({ case: name, values }) => [name, values])).to.deep.equal([
      ['a', [1, 4, 5]],
      ['b', [2, 3, 6]]
    ])
  })

  it('throws the values of warm rounds away, and nothing else', async () => {
    let calls = 0
    const counted: Case = { name: 'a', measure: async () => ({ speed: ++calls }) }
    const suite = { ...madeUp([counted], 1), warmRounds: 2 }
    const steps: string[] = []
    const { rows } = await measureSuite(suite, order, (done, total, what) => steps.push(`${done}/${total} ${what}`))
    expect(rows.map(({ values }) => values)).to.deep.equal([[3, 4, 5]])
    expect(steps).to.deep.equal(['0/1 preparing', '1/6 a', '2/6 a', '3/6 a', '4/6 a', '5/6 a', '6/6 checking'])
  })

  it('fails for a wrong result, for a suite that checks nothing, for a figure nobody declared; and closes all the same', async () => {
    const events: string[] = []
    const wrong: Case = { name: 'a', measure: async () => mustBe(1, 2, 'one') ?? {} }
    const alien: Case = { name: 'a', measure: async () => ({ weight: 1 }) }
    const messages: string[] = []
    for (const suite of [madeUp([wrong], 1, events), madeUp([], 0, events), madeUp([alien], 1, events)]) {
      await measureSuite(suite, order, () => undefined).catch((error: Error) => messages.push(error.message))
    }
    expect(messages).to.deep.equal([
      'one: 1 instead of 2',
      'suite made-up has checked nothing',
      'suite made-up declares no figure weight'
    ])
    expect(events).to.deep.equal(['closed', 'closed', 'closed'])
    expect(() => mustBe(1, 2, 'one')).to.throw(WrongResult)
  })

  it('calls less than 1.3 times a tie, and more than that unsure as long as the runs overlap', () => {
    expect(verdictOf([100, 101], [129, 130], 'more')).to.equal('tie')
    expect(verdictOf([100, 101], [140, 141], 'more')).to.equal('better')
    expect(verdictOf([100, 101], [140, 141], 'less')).to.equal('worse')
    expect(verdictOf([100, 101], [60, 61], 'more')).to.equal('worse')
    expect(verdictOf([100, 100, 150], [90, 140, 141], 'more')).to.equal('unsure')
    expect(verdictOf([0], [0], 'less')).to.equal('tie')
  })

  it('is unsure of what was measured once, unless it is a tie', () => {
    expect(verdictOf([100], [101], 'more')).to.equal('tie')
    expect(verdictOf([100], [200], 'more')).to.equal('unsure')
    expect(verdictOf([100], [200, 201], 'more')).to.equal('unsure')
    expect(verdictOf([100, 101], [200], 'less')).to.equal('unsure')
    const { comparisons, warnings } = compareDocuments(documentOf([result([100])], 0), documentOf([result([200])], 0))
    expect(comparisons.map(({ verdict }) => verdict)).to.deep.equal(['unsure'])
    expect(warnings).to.deep.equal([
      'measured in one round, so never better or worse: made-up; run both with --rounds 5'
    ])
  })

  it('compares only the same load, and warns of another machine', () => {
    const before = documentOf([result([99, 101])], 0)
    const now = documentOf([result([199, 201])], 0)
    expect(compareDocuments(before, now).comparisons).to.deep.equal([
      {
        suite: 'made-up',
        case: 'x',
        figure: 'speed',
        unit: '1/s',
        before: 100,
        after: 200,
        ratio: 2,
        verdict: 'better'
      }
    ])
    const larger = documentOf([result([199, 201], { a: 2 })], 0)
    expect(compareDocuments(before, larger)).to.deep.equal({
      comparisons: [],
      warnings: ['made-up: other sizes or threads than in the baseline']
    })
    const elsewhere = { ...before, machine: { ...before.machine, cores: 99 } }
    expect(compareDocuments(elsewhere, now).warnings.join()).to.match(
      /^the baseline is of another machine: cores 99, now \d+$/
    )
  })

  it('shows median and spread', () => {
    expect(suiteTable(result([1500, 3000, 1000]))).to.match(/\| x +\| speed +\| +1,500 \| 1,000 \| 3,000 \| 1\/s +\|/)
    expect(median([4, 1, 3, 2])).to.equal(2.5)
    expect(quantile([0, 10], 0.99)).to.be.closeTo(9.9, 1e-9)
    expect(median([])).to.be.NaN
  })

  it('advises the fewest threads that tie with the best', () => {
    const tried = (value: number, ...counts: number[]) => ({ counts, value })
    expect(fewestThatTie([tried(100, 1, 1), tried(129, 2, 1), tried(60, 2, 2)])).to.deep.equal([1, 1])
    expect(fewestThatTie([tried(100, 1), tried(190, 2), tried(220, 4)])).to.deep.equal([2])
    expect(threadCounts(undefined, 6)).to.deep.equal([1, 2, 4])
    expect(threadCounts(3, 6)).to.deep.equal([1, 3])
  })
})
