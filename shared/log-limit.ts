import { type Clock, realClock } from './clock.ts'

export interface LogLimits {
  /** A line of one key is written once in this time. */
  readonly periodMs: number
  /** Keys that are remembered; past it the oldest is forgotten and may be written again. */
  readonly keysMax: number
}

export const logLimits: LogLimits = { periodMs: 60_000, keysMax: 1_000 }

type Write = (message: string, fields?: Readonly<Record<string, unknown>>) => void

/**
 * Keeps a broker that fails a thousand times a second from filling the log: a line is written once per key and period, the next
 * one says in `heldBack` how many were not. Any thread; each has its own.
 */
export class LogLimit {
  readonly #limits: LogLimits
  readonly #clock: Clock
  /** Oldest first, since a key is put in anew whenever it is written. */
  readonly #entryByKey = new Map<string, { writtenMs: number; heldBack: number }>()
  /** All lines that were ever held back. */
  heldBackTotal = 0

  constructor(limits: LogLimits = logLimits, clock: Clock = realClock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** `write` is a method of a logger, for example `logger.warn`. `key` says which lines count as the same. */
  log(write: Write, key: string, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const nowMs = this.#clock.nowMs()
    const entry = this.#entryByKey.get(key)
    if (entry !== undefined && nowMs - entry.writtenMs < this.#limits.periodMs) {
      entry.heldBack++
      this.heldBackTotal++
      return
    }
    this.#entryByKey.delete(key)
    this.#forgetOldest()
    this.#entryByKey.set(key, { writtenMs: nowMs, heldBack: 0 })
    write(message, entry !== undefined && entry.heldBack > 0 ? { ...fields, heldBack: entry.heldBack } : fields)
  }

  #forgetOldest(): void {
    if (this.#entryByKey.size < this.#limits.keysMax) return
    for (const key of this.#entryByKey.keys()) {
      this.#entryByKey.delete(key)
      return
    }
  }
}
