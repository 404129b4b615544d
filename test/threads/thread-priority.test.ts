import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { bulkNiceness } from '../../shared/actor/thread-priority.ts'

const module = new URL('../../shared/actor/thread-priority.js', import.meta.url).href
const code = `
  const { readlinkSync } = require('node:fs')
  const { getPriority } = require('node:os')
  const { parentPort } = require('node:worker_threads')
  const own = () => process.platform === 'linux' ? getPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1))) : getPriority()
  import('${module}').then(({ beLessUrgent }) => {
    const before = own()
    parentPort.postMessage({ done: beLessUrgent(), before, after: own() })
  })
`

describe('thread priority', () => {
  it('is lowered for the thread that asks, and for no other', async () => {
    const ownBefore = getPriority(process.pid)
    const worker = new Worker(code, { eval: true })
    const [{ done, before, after }] = await once(worker, 'message')
    await worker.terminate()
    expect(done).to.equal(process.platform === 'linux')
    expect(after).to.equal(done ? Math.min(19, before + bulkNiceness) : before)
    expect(getPriority(process.pid)).to.equal(ownBefore)
  })
})
