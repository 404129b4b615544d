import { setTimeout as delay } from 'node:timers/promises'

/** Waits between tries double from the first to the last and are then shaken, so that many clients do not come back at once. */
export const backOffFirstMs = 100
export const backOffLastMs = 10_000

/** One line of tries. Kafka threads. */
export class BackOff {
  readonly #lastMs: number
  #nextMs = backOffFirstMs

  constructor(lastMs = backOffLastMs) {
    this.#lastMs = lastMs
  }

  /** How long to wait before the next try: half to all of 100 ms, 200 ms, ... `lastMs`. */
  nextMs(): number {
    const ms = this.#nextMs * (0.5 + Math.random() / 2)
    this.#nextMs = Math.min(this.#nextMs * 2, this.#lastMs)
    return ms
  }

  /** After a success. */
  reset(): void {
    this.#nextMs = backOffFirstMs
  }
}

/** Resolves after `ms`, or at once when `stopped` is aborted; never rejects. */
export async function sleep(ms: number, stopped: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal: stopped }).catch(() => {})
}
