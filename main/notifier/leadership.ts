import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '../../shared/protocol/application-context.ts'
import { leaderRetryMsMax, leaderRetryMsMin } from './limits.ts'

/** Which of several processes sends (spec 07 section 2.2). */
export interface Leadership {
  /** Resolves when this process is the leader, which can take for ever. */
  acquire(): Promise<Lease>
}

export interface Lease {
  /** Exact at any moment, while `lost` can come a turn of the event loop late. */
  readonly held: boolean
  /** Resolves when this process is the leader no more. Never rejects. */
  readonly lost: Promise<void>
  release(): Promise<void>
}

/** Without ZooKeeper there is nobody to agree with. */
export function alwaysLeader(logger: Logger): Leadership {
  return {
    acquire: async () => {
      logger.info('no zookeeper section: this process sends all notifications, and so does every other without one')
      return { held: true, lost: new Promise(() => undefined), release: async () => undefined }
    }
  }
}

/**
 * Becomes the leader, again and again. Main thread. Losing the lock never ends the process: a lock that an expired session held
 * is gone by itself, so a release that fails is only said (spec 09, F1); and `lost` is a promise, so a loss cannot be missed (F2).
 */
export class LeaderLoop {
  readonly #leadership: Leadership
  readonly #logger: Logger
  readonly #stop = new AbortController()
  #lease: Lease | null = null

  constructor(leadership: Leadership, logger: Logger) {
    this.#leadership = leadership
    this.#logger = logger
  }

  get leading(): boolean {
    return this.#lease?.held ?? false
  }

  /** Resolves after `stop`. */
  async run(): Promise<void> {
    const { signal } = this.#stop
    let pauseMs = leaderRetryMsMin
    while (!signal.aborted) {
      try {
        const lease = await this.#acquire()
        if (lease === null) return
        pauseMs = leaderRetryMsMin
        await this.#lead(lease)
      } catch (error) {
        this.#logger.warn('failed to get zk lock', { error })
        pauseMs = Math.min(pauseMs * 2, leaderRetryMsMax)
      }
      await pause(pauseMs, undefined, { signal }).catch(() => undefined) // rejects when stopped
    }
  }

  stop(): void {
    this.#lease = null
    this.#stop.abort()
  }

  /** null = stopped. A lease that comes after that is given back at once. */
  async #acquire(): Promise<Lease | null> {
    const acquired = this.#leadership.acquire()
    const lease = await orNullWhen(this.#stop.signal, acquired)
    if (lease === null) acquired.then(late => late.release()).catch(() => undefined)
    return lease
  }

  async #lead(lease: Lease): Promise<void> {
    const { signal } = this.#stop
    if (!signal.aborted) this.#lease = lease
    this.#logger.info('leads: starts to evaluate')
    await orNullWhen(signal, lease.lost)
    this.#lease = null
    if (!signal.aborted) this.#logger.warn('leads no more: evaluates nothing until it does again')
    try {
      await lease.release()
    } catch (error) {
      this.#logger.warn('could not release the lock, which is gone already if the session has ended', { error })
    }
  }
}

/** What `work` gives, or null when `signal` aborts first. Leaves nothing behind on the signal, which lives as long as we do. */
async function orNullWhen<T>(signal: AbortSignal, work: Promise<T>): Promise<T | null> {
  if (signal.aborted) return null
  let abort: () => void = () => undefined
  const aborted = new Promise<null>(resolve => {
    abort = () => resolve(null)
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
