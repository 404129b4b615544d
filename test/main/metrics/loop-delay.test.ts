import { expect } from 'chai'
import { idleTickMs, LoopDelay } from '../../../main/metrics/loop-delay.ts'
import { waitFor } from '../../support/wait-for.ts'

const heldMs = 1.5 * idleTickMs

describe('how long main was held up', () => {
  let delay: LoopDelay | null = null
  afterEach(() => delay?.stop())

  it('is told to within a tick, and stays for whoever asks next', async () => {
    delay = new LoopDelay()
    const { maxSeconds } = delay
    expect(maxSeconds).to.be.below(idleTickMs / 1000)
    await heldUntilSeen(delay)
    const seen = delay.maxSeconds
    await new Promise(resolve => setImmediate(resolve))
    expect(delay.maxSeconds).to.be.at.least(seen)
  })

  it('is no longer looked for after the stop', async () => {
    const stopped = new LoopDelay()
    stopped.stop()
    const { maxSeconds } = stopped
    hold(heldMs)
    delay = new LoopDelay()
    await heldUntilSeen(delay)
    expect(stopped.maxSeconds).to.equal(maxSeconds)
  })
})

/** Again and again: what comes before the first tick of the watch is not seen. */
async function heldUntilSeen(delay: LoopDelay): Promise<void> {
  const isSeen = () => {
    hold(heldMs)
    return delay.maxSeconds * 1000 >= heldMs - idleTickMs
  }
  await waitFor(isSeen, 'the delay to be seen', 20_000)
}

function hold(ms: number): void {
  const endMs = performance.now() + ms
  while (performance.now() < endMs);
}
