import { expect } from 'chai'
import { LogLimit } from '../../shared/log-limit.ts'

describe('log-limit', () => {
  let nowMs = 0
  let lines: [message: string, fields: unknown][] = []
  const write = (message: string, fields?: unknown) => lines.push([message, fields])
  beforeEach(() => {
    nowMs = 1_000_000
    lines = []
  })
  const limit = (keysMax = 10) => new LogLimit({ periodMs: 1000, keysMax }, { nowMs: () => nowMs })

  it('writes a line once per key and period, and then how many it held back', () => {
    const limited = limit()
    for (let n = 0; n < 5; n++) limited.log(write, 'broker 1', 'cannot connect', { broker: 1 })
    limited.log(write, 'broker 2', 'cannot connect', { broker: 2 })
    nowMs += 999
    limited.log(write, 'broker 1', 'cannot connect', { broker: 1 })
    nowMs += 1
    limited.log(write, 'broker 1', 'cannot connect', { broker: 1 })
    nowMs += 1000
    limited.log(write, 'broker 1', 'cannot connect', { broker: 1 })
    expect(lines).to.deep.equal([
      ['cannot connect', { broker: 1 }],
      ['cannot connect', { broker: 2 }],
      ['cannot connect', { broker: 1, heldBack: 5 }],
      ['cannot connect', { broker: 1 }]
    ])
    expect(limited.heldBackTotal).to.equal(5)
  })

  it('forgets the key written longest ago when there are too many', () => {
    const limited = limit(2)
    limited.log(write, 'a', 'a')
    limited.log(write, 'b', 'b')
    nowMs += 1000
    limited.log(write, 'a', 'a') // b is the oldest now
    limited.log(write, 'c', 'c') // forgets b
    limited.log(write, 'a', 'held back')
    limited.log(write, 'b', 'b')
    expect(lines.map(([message]) => message)).to.deep.equal(['a', 'b', 'a', 'c', 'b'])
  })
})
