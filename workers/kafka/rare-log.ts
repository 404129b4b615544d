import type { Clock } from '../../shared/clock.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'

/** The same text is logged once in this time; what was left out is counted and said with the next one. */
export const rareLogMs = 30_000
/** Different texts that are remembered; beyond it all are forgotten, so a text may come early. */
export const rareLogTextsMax = 200

/** Warnings that bad input could repeat without end. Any thread. */
export class RareLog {
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #lastByText = new Map<string, { atMs: number; leftOut: number }>()

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger
    this.#clock = clock
  }

  warn(text: string, fields: Readonly<Record<string, unknown>>): void {
    const nowMs = this.#clock.nowMs()
    const last = this.#lastByText.get(text)
    if (last && nowMs - last.atMs < rareLogMs) {
      last.leftOut++
      return
    }
    if (this.#lastByText.size >= rareLogTextsMax) this.#lastByText.clear()
    this.#lastByText.set(text, { atMs: nowMs, leftOut: 0 })
    this.#logger.warn(text, last && last.leftOut > 0 ? { ...fields, leftOut: last.leftOut } : fields)
  }
}
