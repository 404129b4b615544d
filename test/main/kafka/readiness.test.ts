import { expect } from 'chai'
import { Readiness } from '../../../main/kafka/readiness.ts'
import type { ConsumerState } from '../../../shared/actor/thread-messages.ts'

describe('Readiness', () => {
  let epochs = 1
  const state = (thread: number, what: ConsumerState['state'], error: string | null = null): ConsumerState => ({
    kind: 'consumer-state',
    consumer: 0,
    thread,
    state: what,
    epochs,
    error
  })
  const twoThreads = () => new Readiness(1, 2, () => epochs)
  beforeEach(() => {
    epochs = 1
  })

  it('is ready with no consumer at all', () => {
    expect(new Readiness(0, 2, () => 1).ready).to.equal(true)
  })

  it('waits for every thread of every consumer', () => {
    const readiness = twoThreads()
    readiness.report(state(0, 'caught-up'))
    expect(readiness.ready).to.equal(false)
    readiness.report(state(1, 'reading'))
    expect(readiness.ready).to.equal(false)
    readiness.report(state(1, 'caught-up'))
    expect(readiness.ready).to.equal(true)
  })

  it('is not held up by a cluster that cannot be reached', () => {
    const readiness = twoThreads()
    readiness.report(state(0, 'caught-up'))
    readiness.report(state(1, 'connecting'))
    expect(readiness.ready).to.equal(false)
    readiness.report(state(1, 'connecting', 'connection refused'))
    expect(readiness.ready).to.equal(true)
  })

  it('does not go back when a connection is lost after catching up', () => {
    const readiness = twoThreads()
    readiness.report(state(0, 'caught-up'))
    readiness.report(state(1, 'caught-up'))
    readiness.report(state(1, 'connecting', 'reset'))
    readiness.report(state(1, 'reading'))
    expect(readiness.ready).to.equal(true)
    expect(readiness.statesOf(0).map(s => s.state)).to.deep.equal(['caught-up', 'caught-up'])
  })

  it('goes back when a shard was replaced, until all have filled it', () => {
    const readiness = twoThreads()
    readiness.report(state(0, 'caught-up'))
    readiness.report(state(1, 'caught-up'))
    epochs = 2
    expect(readiness.ready).to.equal(false)
    readiness.report(state(0, 'reading'))
    readiness.report(state(0, 'caught-up'))
    readiness.report(state(1, 'caught-up'))
    expect(readiness.ready).to.equal(true)
  })

  it('forgets what a dead thread had not finished', () => {
    const readiness = twoThreads()
    readiness.report(state(0, 'caught-up'))
    readiness.report(state(1, 'connecting', 'refused'))
    readiness.forgetThread(1)
    expect(readiness.ready).to.equal(false)
  })
})
