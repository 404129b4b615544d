import { Agent, get } from 'node:http'
import { quantile } from '../runner/statistics.ts'

const connectionsMax = 32
const tickMs = 2

/**
 * Asks for paths in turn at a steady rate, whatever is still open, until it is stopped: what somebody sees who uses the program while
 * it works. The time of an answer runs from when its question was due.
 */
export class SteadyQuestions {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connectionsMax })
  readonly #timer: NodeJS.Timeout
  readonly #latenciesMs: number[] = []
  readonly #open = new Set<Promise<void>>()

  constructor(address: string, paths: readonly string[], perSecond: number) {
    const startMs = performance.now()
    let sent = 0
    this.#timer = setInterval(() => {
      for (const due = ((performance.now() - startMs) / 1000) * perSecond; sent < due; sent++) {
        this.#ask(`http://${address}${paths[sent % paths.length]}`, startMs + (sent / perSecond) * 1000)
      }
    }, tickMs)
  }

  /** The 99th of 100, when everything open has been answered. Rejects if something was not. */
  async stop(): Promise<number> {
    clearInterval(this.#timer)
    await Promise.all(this.#open)
    this.#agent.destroy()
    return quantile(this.#latenciesMs, 0.99)
  }

  #ask(url: string, dueMs: number): void {
    const asked = new Promise<void>((resolve, reject) => {
      get(url, { agent: this.#agent }, response => {
        response.resume().on('end', () => {
          this.#latenciesMs.push(performance.now() - dueMs)
          resolve()
        })
      }).on('error', reject)
    })
    this.#open.add(asked)
    asked.then(
      () => this.#open.delete(asked),
      () => undefined // kept: stop() says what went wrong
    )
  }
}
