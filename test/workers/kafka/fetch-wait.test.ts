import { expect } from 'chai'
import { nextWaitMs, quietWaitMaxMs, waitMs } from '../../../workers/kafka/fetch-once.ts'

describe('workers/kafka: how long a fetch may wait', () => {
  it('doubles while a broker has nothing to tell, up to a bound, and is short again with the first record', () => {
    const waits = [waitMs]
    for (let round = 0; round < 5; round++) waits.push(nextWaitMs(waits.at(-1)!, 0, true))
    expect(waits).to.deep.equal([500, 1000, 2000, 4000, quietWaitMaxMs, quietWaitMaxMs])
    expect(nextWaitMs(quietWaitMaxMs, 1, true)).to.equal(waitMs)
  })

  it('stays short while a partition rests, which the request does not name', () => {
    expect(nextWaitMs(waitMs, 0, false)).to.equal(waitMs)
    expect(nextWaitMs(quietWaitMaxMs, 0, false)).to.equal(waitMs)
  })
})
