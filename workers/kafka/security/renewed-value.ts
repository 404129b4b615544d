import type { Clock } from '../../../shared/clock.ts'

export interface Expiring<T> {
  readonly value: T
  /** ms since the epoch, Infinity = never. */
  readonly expiresAtMs: number
}

/** After a failure nobody is asked again for this long; many links may want the same value at once. */
export const failureRestMs = 1_000

/**
 * A value that expires: fetched when it is first wanted and again shortly before its end, by one fetch however many want it. While
 * fetching fails, the old value serves for as long as it is good. Any thread, one owner. No timers.
 */
export class RenewedValue<T> {
  readonly #fetch: () => Promise<Expiring<T>>
  readonly #marginMs: (lifetimeMs: number) => number
  readonly #clock: Clock
  #current: Expiring<T> | null = null
  #renewAtMs = 0
  #restUntilMs = 0
  #lastError: unknown
  #fetching: Promise<T> | null = null

  /** `marginMs` says how long before its end a value that is good for `lifetimeMs` is replaced. */
  constructor(fetch: () => Promise<Expiring<T>>, marginMs: (lifetimeMs: number) => number, clock: Clock) {
    this.#fetch = fetch
    this.#marginMs = marginMs
    this.#clock = clock
  }

  /** Rejects with what the last fetch rejected with, if there is no good value. */
  async get(): Promise<T> {
    const nowMs = this.#clock.nowMs()
    if (this.#current && nowMs < this.#renewAtMs) return this.#current.value
    if (nowMs < this.#restUntilMs) return this.#oldOrThrow(this.#lastError)
    this.#fetching ??= this.#renew().finally(() => {
      this.#fetching = null
    })
    return this.#fetching
  }

  async #renew(): Promise<T> {
    try {
      const fetched = await this.#fetch()
      const nowMs = this.#clock.nowMs()
      this.#current = fetched
      this.#renewAtMs = fetched.expiresAtMs - this.#marginMs(fetched.expiresAtMs - nowMs)
      return fetched.value
    } catch (error) {
      this.#lastError = error
      this.#restUntilMs = this.#clock.nowMs() + failureRestMs
      return this.#oldOrThrow(error)
    }
  }

  #oldOrThrow(error: unknown): T {
    if (this.#current && this.#clock.nowMs() < this.#current.expiresAtMs) return this.#current.value
    throw error
  }
}
