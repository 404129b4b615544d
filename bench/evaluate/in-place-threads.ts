import { MessageChannel, Worker } from 'node:worker_threads'
import type { StorageCoordinator } from '../../main/storage/storage-coordinator.ts'
import type { InPlaceAnswer, InPlaceInit, InPlaceOrder } from './in-place.worker.ts'

/** Threads of in-place.worker.ts on one storage shard. */
export class InPlaceThreads {
  readonly #workers: readonly Worker[]

  constructor(storage: StorageCoordinator, threads: number) {
    this.#workers = Array.from({ length: threads }, () => {
      const { port1, port2 } = new MessageChannel()
      storage.connect(0, port2)
      const init: InPlaceInit = { port: port1 }
      const url = new URL('./in-place.worker.js', import.meta.url)
      return new Worker(url, { workerData: init, transferList: [port1] })
    })
  }

  /** Shares the groups out over the threads. */
  async locate(name: string, groups: readonly string[]): Promise<void> {
    const share = (index: number) => groups.filter((_, group) => group % this.#workers.length === index)
    await Promise.all(this.#workers.map((worker, index) => ask(worker, { kind: 'locate', name, groups: share(index) })))
  }

  /** All threads at once; their answers. */
  run(order: InPlaceOrder): Promise<readonly InPlaceAnswer[]> {
    return Promise.all(this.#workers.map(worker => ask(worker, order)))
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.terminate()))
  }
}

function ask(worker: Worker, order: InPlaceOrder): Promise<InPlaceAnswer> {
  return new Promise((resolve, reject) => {
    const onError = (error: unknown) => reject(error)
    worker.once('error', onError)
    worker.once('message', (answer: InPlaceAnswer) => {
      worker.off('error', onError)
      resolve(answer)
    })
    worker.postMessage(order)
  })
}
