import { MessageChannel } from 'node:worker_threads'
import { expect } from 'chai'
import { exposeControl, wrapControl } from '../../../shared/actor/comlink-control.ts'

describe('control over comlink', () => {
  it('carries calls, answers and refusals', async () => {
    const { port1, port2 } = new MessageChannel()
    let stopped = 0
    exposeControl(
      {
        stop: async () => {
          stopped++
          if (stopped > 1) throw new Error('stopped already')
        },
        stats: async () => ({ groups: 3 })
      },
      port1
    )
    const control = wrapControl(port2)
    expect(await control.stats()).to.deep.equal({ groups: 3 })
    await control.stop()
    expect(stopped).to.equal(1)
    expect(await control.stop().catch(error => error.message)).to.equal('stopped already')
    port1.close()
  })
})
