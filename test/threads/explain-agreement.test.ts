import { expect } from 'chai'
import { Rule } from '../../shared/rules/lag-rules.ts'
import { expectAgreement, expectForecast } from '../support/explain-oracle.ts'
import { compareOnRandomHistories } from '../support/random-history.ts'

// No threads, but too long for the unit tier, which has a sample of each.
describe('explanations at length', () => {
  it('agree with the verdict from the window and from the summary in a million windows, with a new seed in every run', function () {
    this.timeout(180_000)
    const seed = Date.now()
    const checksByRule = compareOnRandomHistories(seed, 1_000_000, expectAgreement)
    for (const [name, rule] of Object.entries(Rule)) {
      if (rule !== Rule.NotJudged) expect(checksByRule[rule], `${name} with seed ${seed}`).to.be.greaterThan(5000)
    }
  })

  it('foretell what a clock moved by hand then shows, in 30,000 windows', function () {
    this.timeout(120_000)
    compareOnRandomHistories(Date.now(), 30_000, expectForecast)
  })
})
