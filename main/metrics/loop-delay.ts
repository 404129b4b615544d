import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks'

/** The longest delay is said of the window before and the one under way: of 30 to 60 s. */
export const delayWindowMs = 30_000
/** Between two ticks of the watch while main has something to do; a delay is told up to this much too short. */
export const busyTickMs = 20
/** The same while it has nothing to do: fifty ticks a second would be a fifth of what an idle program costs. */
export const idleTickMs = 100
/** This often the watch is asked what it saw, and made finer or coarser. */
const lookMs = 1_000
/** Main has something to do when it was busy for this share of the time since the last look. */
const busyShare = 0.05

/**
 * How long main's event loop was held up at most. Main thread. Not reset by whoever asks: several monitoring servers see the same.
 */
export class LoopDelay {
  readonly #busy = new Watch(busyTickMs)
  readonly #idle = new Watch(idleTickMs)
  readonly #timer: NodeJS.Timeout
  #watch = this.#busy
  #activeMs = 0
  #lookedMs = 0
  #windowEndMs = performance.now() + delayWindowMs
  #maxMs = 0
  #maxBeforeMs = 0

  constructor() {
    this.#watch.begin()
    this.#timer = setInterval(() => this.#look(), lookMs)
    this.#timer.unref()
  }

  /** To the microsecond. */
  get maxSeconds(): number {
    return Math.round(Math.max(this.#maxBeforeMs, this.#maxMs, this.#watch.maxMs) * 1000) / 1e6
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#maxMs = Math.max(this.#maxMs, this.#watch.end())
  }

  #look(): void {
    const nowMs = performance.now()
    const { active } = performance.eventLoopUtilization()
    const isBusy = active - this.#activeMs >= busyShare * (nowMs - this.#lookedMs)
    this.#activeMs = active
    this.#lookedMs = nowMs
    const wanted = isBusy ? this.#busy : this.#idle
    const isOver = nowMs >= this.#windowEndMs
    if (wanted === this.#watch && !isOver) return
    this.#maxMs = Math.max(this.#maxMs, this.#watch.end())
    this.#watch = wanted
    this.#watch.begin()
    if (!isOver) return
    this.#maxBeforeMs = this.#maxMs
    this.#maxMs = 0
    this.#windowEndMs = nowMs + delayWindowMs
  }
}

/** Node's own timer, which costs a fifth of one that calls JavaScript. */
class Watch {
  readonly #histogram: IntervalHistogram
  readonly #tickMs: number

  constructor(tickMs: number) {
    this.#tickMs = tickMs
    this.#histogram = monitorEventLoopDelay({ resolution: tickMs })
  }

  begin(): void {
    this.#histogram.reset() // or the time in which it did not run would be a delay
    this.#histogram.enable()
  }

  /** Returns what was seen. */
  end(): number {
    this.#histogram.disable()
    return this.maxMs
  }

  /** The histogram holds times between two ticks. */
  get maxMs(): number {
    const { count, max } = this.#histogram
    return count === 0 ? 0 : Math.max(0, max / 1e6 - this.#tickMs)
  }
}
