import { quantile } from '../runner/statistics.ts'
import { mustBe } from '../runner/suite.ts'
import { ChildConversation } from './child-conversation.ts'
import type { HttpLoadAnswer, HttpLoadMessage, HttpLoadOrder } from './http-load.process.ts'

export interface HttpLoadResult {
  readonly perSecond: number
  readonly p99Us: number
  /** From when a request was due to the end of its answer. */
  readonly latenciesUs: readonly number[]
}

/** The process of http-load.process.ts: a client that does not disturb what it measures. */
export class HttpLoad {
  readonly #child = new ChildConversation<HttpLoadMessage, HttpLoadAnswer | null>(
    new URL('./http-load.process.js', import.meta.url)
  )

  /** One at a time. Ends early once `until` has settled. Rejects with WrongResult if not every answer was 200. */
  async run(order: HttpLoadOrder, until?: Promise<unknown>): Promise<HttpLoadResult> {
    let isOver = false
    const made = this.#child.ask(order).finally(() => {
      isOver = true
    })
    const stop = async () => {
      if (!isOver) await this.#child.ask('stop').catch(() => undefined) // a child that is gone has failed `made`
    }
    until?.then(stop, stop)
    const { answers, failed, elapsedMs, latenciesUs } = (await made)!
    mustBe(failed, 0, `answers of ${order.paths[0]} with a status other than 200`)
    const latencies = [...latenciesUs]
    return { perSecond: (answers / elapsedMs) * 1000, p99Us: quantile(latencies, 0.99), latenciesUs: latencies }
  }

  close(): Promise<void> {
    return this.#child.close()
  }
}
