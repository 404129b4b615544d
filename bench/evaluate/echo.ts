import { Worker } from 'node:worker_threads'

/** A message to another thread and back, without anything of ours between. */
export class Echo {
  readonly #worker = new Worker(new URL('./echo.worker.js', import.meta.url))

  ask(): Promise<void> {
    return new Promise(resolve => {
      this.#worker.once('message', () => resolve())
      this.#worker.postMessage(0)
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
