/**
 * How often a thread may be restarted, and how soon (docs/architecture.md, Failure). Main thread.
 *
 * Delays double from `firstDelayMs` to `longestDelayMs`; a thread that then stays up for `periodMs` begins anew. More than
 * `restartsMax` within `periodMs` is no accident any more: the budget says so, and the program stops instead of hiding it.
 */
export const restartLimits = { restartsMax: 5, periodMs: 60_000, firstDelayMs: 100, longestDelayMs: 10_000 } as const
export type RestartLimits = { readonly [K in keyof typeof restartLimits]: number }

export class RestartBudget {
  readonly #limits: RestartLimits
  #deathsMs: number[] = []

  constructor(limits: RestartLimits = restartLimits) {
    this.#limits = limits
  }

  /** Notes a death at `nowMs`. Returns the delay before the restart, or null when the budget is used up. */
  nextDelayMs(nowMs: number): number | null {
    this.#deathsMs = this.#deathsMs.filter(atMs => nowMs - atMs < this.#limits.periodMs)
    this.#deathsMs.push(nowMs)
    const deaths = this.#deathsMs.length
    if (deaths > this.#limits.restartsMax) return null
    return Math.min(this.#limits.firstDelayMs * 2 ** (deaths - 1), this.#limits.longestDelayMs)
  }
}
