import type { Clock } from '../../shared/clock.ts'

/**
 * Time that never goes back, made of the shared clock: a step back of the machine's clock would otherwise silence every
 * notifier for as long as the step. Steps forward count. Main thread.
 */
export class SteadyTime {
  readonly #clock: Clock
  #lastMs: number
  #nowMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#lastMs = clock.nowMs()
  }

  /** ms since this object was made. */
  nowMs(): number {
    const clockMs = this.#clock.nowMs()
    this.#nowMs += Math.max(0, clockMs - this.#lastMs)
    this.#lastMs = clockMs
    return this.#nowMs
  }
}
