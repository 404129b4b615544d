import type { SessionClient } from '../../main/zookeeper/client.ts'
import type { LosableLock } from '../../main/zookeeper/lock.ts'

export interface Hold {
  readonly who: string
  readonly fromMs: number
  untilMs: number
}

/** Takes the lock again and again, as a notifier does, and writes down when it held it. */
export class Contender {
  readonly who: string
  readonly client: SessionClient
  readonly lock: LosableLock
  readonly #holds: Hold[]
  holding = false
  #stopped = false
  #leave: () => void = () => undefined
  readonly ended: Promise<void>

  constructor(who: string, client: SessionClient, path: string, holds: Hold[]) {
    this.who = who
    this.client = client
    this.lock = client.newLock(path)
    this.#holds = holds
    this.ended = this.#run()
  }

  /** Gives the lock up, and queues again unless it stops. */
  leave(): void {
    this.#leave()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.leave()
    await this.client.close()
    await this.ended
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.lock.lock()
      } catch {
        await new Promise(resolve => setTimeout(resolve, 20))
        continue
      }
      const hold: Hold = { who: this.who, fromMs: performance.now(), untilMs: Number.POSITIVE_INFINITY }
      this.#holds.push(hold)
      this.holding = true
      const left = new Promise<string>(resolve => {
        this.#leave = () => resolve('left')
      })
      const why = await Promise.race([left, this.lock.lost])
      hold.untilMs = performance.now()
      this.holding = false
      if (why === 'left') await this.lock.unlock().catch(() => undefined)
    }
  }
}

/** Pairs of holds that were at the same time, as text. */
export function overlaps(holds: readonly Hold[]): string[] {
  const sorted = holds.toSorted((a, b) => a.fromMs - b.fromMs)
  return sorted.flatMap((hold, index) => {
    const next = sorted[index + 1]
    return next && next.fromMs < hold.untilMs
      ? [`${hold.who} until ${hold.untilMs}, ${next.who} from ${next.fromMs}`]
      : []
  })
}
