import { expect } from 'chai'
import { runSuite } from '../../bench/runner/run-suite.ts'
import { suites } from '../../bench/suites/index.ts'

/** Every suite, as small as it goes, in its own process as always: that its results are right, not how fast they came. */
const boundMs = 240_000

describe('bench: every suite, tiny', () => {
  const ran = new Set<string>()
  for (const suite of suites) {
    it(suite.name, async () => {
      const sizes = Object.fromEntries(Object.entries(suite.sizes).map(([name, { tiny }]) => [name, tiny]))
      const steps: string[] = []
      const order = { suite: suite.name, sizes, threads: {}, rounds: 1 }
      const result = await runSuite(order, (_, __, what) => steps.push(what))
      expect(result.checked).to.be.greaterThan(0)
      expect(steps[0]).to.equal('preparing')
      expect(steps.at(-1)).to.equal('checking')
      const cases = new Set(result.rows.map(row => row.case))
      expect([...cases]).to.deep.equal([...new Set(steps.slice(1, -1))])
      for (const { case: name, figure, values } of result.rows) {
        expect(values, `${name}, ${figure}`).to.have.length(1)
        expect(values[0], `${name}, ${figure}`).to.satisfy(Number.isFinite)
      }
      ran.add(suite.name)
    }).timeout(boundMs)
  }

  it('are the suites that the README names', () => {
    expect([...ran]).to.deep.equal([
      'evaluate',
      'ingest',
      'http',
      'events',
      'sweep',
      'memory',
      'groups',
      'idle',
      'tune'
    ])
  })
})
