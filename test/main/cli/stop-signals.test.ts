import { expect } from 'chai'
import { stopDeadlineMs, stopSignals, watchStopSignals } from '../../../main/cli/stop-signals.ts'
import { waitFor } from '../../support/wait-for.ts'

describe('cli: stop-signals', () => {
  // SIGQUIT, since the test run itself listens to the others
  const send = () => process.emit('SIGQUIT', 'SIGQUIT')

  it('ends by itself when the stop takes too long', async () => {
    const reasons: string[] = []
    const signals = watchStopSignals(reason => reasons.push(reason), 5)
    send()
    expect(await signals.first).to.equal('SIGQUIT')
    await waitFor(() => reasons.length > 0, 'the deadline')
    signals.dispose()
    expect(reasons).to.deep.equal(['not stopped within 5 ms of SIGQUIT'])
  })

  it('ends at the second signal, and listens no more once disposed of', () => {
    const before = stopSignals.map(signal => process.listenerCount(signal))
    const reasons: string[] = []
    const signals = watchStopSignals(reason => reasons.push(reason))
    send()
    expect(reasons).to.deep.equal([])
    send()
    expect(reasons).to.deep.equal(['second signal (SIGQUIT), not waiting any longer'])
    signals.dispose()
    expect(stopSignals.map(signal => process.listenerCount(signal))).to.deep.equal(before)
  })

  it('leaves less than 5 s from the first signal to the end', () => {
    expect(stopDeadlineMs).to.be.lessThan(5000)
  })
})
