import { quantile } from '../runner/statistics.ts'
import { mustBe } from '../runner/suite.ts'
import { ChildConversation } from './child-conversation.ts'
import type { HttpLoadAnswer, HttpLoadOrder } from './http-load.process.ts'

export interface HttpLoadResult {
  readonly perSecond: number
  readonly p99Us: number
  /** From when a request was due to the end of its answer. */
  readonly latenciesUs: readonly number[]
}

/** The process of http-load.process.ts: a client that does not disturb what it measures. */
export class HttpLoad {
  readonly #child = new ChildConversation<HttpLoadOrder, HttpLoadAnswer>(
    new URL('./http-load.process.js', import.meta.url)
  )

  /** Rejects with WrongResult if not every answer was 200. */
  async run(order: HttpLoadOrder): Promise<HttpLoadResult> {
    const { answers, failed, elapsedMs, latenciesUs } = await this.#child.ask(order)
    mustBe(failed, 0, `answers of ${order.paths[0]} with a status other than 200`)
    const latencies = [...latenciesUs]
    return { perSecond: (answers / elapsedMs) * 1000, p99Us: quantile(latencies, 0.99), latenciesUs: latencies }
  }

  close(): Promise<void> {
    return this.#child.close()
  }
}
