import { expect } from 'chai'
import { SteadyTime } from '../../../main/notifier/steady-time.ts'
import { HandClock } from './fake-parts.ts'

describe('main/notifier/steady-time', () => {
  it('goes on from where it was after a step back', () => {
    const clock = new HandClock()
    const time = new SteadyTime(clock)
    clock.ms += 1000
    expect(time.nowMs()).to.equal(1000)
    clock.ms -= 3_600_000
    expect(time.nowMs()).to.equal(1000)
    clock.ms += 5
    expect(time.nowMs()).to.equal(1005)
  })
})
