import { expect } from 'chai'
import { Rule } from '../../shared/rules/lag-rules.ts'
import { compareOnRandomHistories } from '../support/random-history.ts'

// No threads, but too long for the unit tier, which has a sample of it.
describe('verdict from the summary, at length', () => {
  it('is that of the full window in a million checks, from a seed of its own in every run', () => {
    const seed = Date.now()
    const checksByRule = compareOnRandomHistories(seed, 1_000_000)
    for (const [name, rule] of Object.entries(Rule)) {
      if (rule !== Rule.NotJudged) expect(checksByRule[rule], `${name} with seed ${seed}`).to.be.greaterThan(5000)
    }
  }).timeout(180_000)
})
