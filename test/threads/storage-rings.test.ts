import { MessageChannel, Worker } from 'node:worker_threads'
import { expect } from 'chai'
import type { ReaderInit, ReaderResult, WriterInit, WriterResult } from '../support/ring-stress.ts'

const runMs = 2500
const url = new URL('../support/ring-stress.worker.js', import.meta.url)

/** The one result that a thread posts at its end. */
function resultOf<T>(worker: Worker): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

describe('rings under stress', () => {
  for (const readers of [1, 2]) {
    it(`one writer flat out, ${readers} reader(s): no torn window, and no run answers for its next tenant`, async () => {
      const stop = new SharedArrayBuffer(4)
      const channels = Array.from({ length: readers }, () => new MessageChannel())
      const reading = channels.map(({ port2: port }) => {
        const workerData: ReaderInit = { role: 'reader', stop, port }
        return new Worker(url, { workerData, transferList: [port] })
      })
      const ports = channels.map(({ port1 }) => port1)
      const workerData: WriterInit = { role: 'writer', stop, readers: ports }
      const writing = new Worker(url, { workerData, transferList: ports })
      const results = Promise.all(reading.map(worker => resultOf<ReaderResult>(worker)))
      const written = resultOf<WriterResult>(writing)
      const timer = setTimeout(() => Atomics.store(new Int32Array(stop), 0, 1), runMs)
      try {
        for (const { ok, moved, violations, tenantsSeen } of await results) {
          expect(violations).to.deep.equal([])
          expect(ok, 'windows read').to.be.above(100)
          expect(moved, 'stale addresses told').to.be.above(100)
          expect(tenantsSeen).to.be.above(5)
        }
        const { writes, tenants } = await written
        expect(writes).to.be.above(10_000)
        expect(tenants).to.be.above(5)
      } finally {
        clearTimeout(timer)
        await Promise.all([...reading, writing].map(worker => worker.terminate()))
      }
    })
  }
})
