import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'

/** The longest delay is said of the window before and the one under way: of 30 to 60 s. */
export const delayWindowMs = 30_000
/** Between two looks; a delay is told up to this much too short. Looks cost an idle program more than anything else. */
const resolutionMs = 20

/**
 * How long main's event loop was held up at most. Main thread. Not reset by whoever asks: several monitoring servers see the same.
 */
export class LoopDelay {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs })
  readonly #timer: NodeJS.Timeout
  #maxBeforeMs = 0

  constructor() {
    this.#histogram.enable()
    this.#timer = setInterval(() => {
      this.#maxBeforeMs = this.#currentMs()
      this.#histogram.reset()
    }, delayWindowMs)
    this.#timer.unref()
  }

  /** To the microsecond. */
  get maxSeconds(): number {
    return Math.round(Math.max(this.#maxBeforeMs, this.#currentMs()) * 1000) / 1e6
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#histogram.disable()
  }

  /** The histogram holds times between two ticks of its timer. */
  #currentMs(): number {
    const { count, max } = this.#histogram
    return count === 0 ? 0 : Math.max(0, max / 1e6 - resolutionMs)
  }
}
