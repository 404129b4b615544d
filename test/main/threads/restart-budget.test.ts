import { expect } from 'chai'
import { RestartBudget } from '../../../main/threads/restart-budget.ts'

const limits = { restartsMax: 3, periodMs: 1000, firstDelayMs: 100, longestDelayMs: 300 }

describe('RestartBudget', () => {
  it('doubles the delay up to the longest', () => {
    const budget = new RestartBudget(limits)
    expect([budget.nextDelayMs(0), budget.nextDelayMs(1), budget.nextDelayMs(2)]).to.deep.equal([100, 200, 300])
  })

  it('is used up when deaths come too fast', () => {
    const budget = new RestartBudget(limits)
    for (let i = 0; i < 3; i++) budget.nextDelayMs(i)
    expect(budget.nextDelayMs(4)).to.equal(null)
  })

  it('forgets deaths older than the period', () => {
    const budget = new RestartBudget(limits)
    for (let i = 0; i < 3; i++) budget.nextDelayMs(i)
    expect(budget.nextDelayMs(2000)).to.equal(100)
  })
})
