/** Between two looks at the same thing at least this, and so many times what the last look took: many pages may be open. */
const betweenMs = 2_000
const restShare = 5

/**
 * Fetches something again when it may have changed, but never twice at a time, not too often, and not while nobody sees it.
 */
export class Refresher {
  static readonly all = new Set<Refresher>()
  readonly #fetch: () => Promise<void>
  #running = false
  #wanted = false
  #earliestMs = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #onVisible = () => {
    if (!document.hidden && this.#wanted) this.#plan()
  }

  /** `fetch` never rejects. */
  constructor(fetch: () => Promise<void>) {
    this.#fetch = fetch
    Refresher.all.add(this)
    document.addEventListener('visibilitychange', this.#onVisible)
  }

  /** Again, as soon as it may be. */
  ask(): void {
    this.#wanted = true
    this.#plan()
  }

  /** At once: somebody asked for it. */
  now(): void {
    this.#earliestMs = 0
    this.ask()
  }

  stop(): void {
    clearTimeout(this.#timer)
    document.removeEventListener('visibilitychange', this.#onVisible)
    Refresher.all.delete(this)
  }

  #plan(): void {
    if (this.#running || document.hidden) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, this.#earliestMs - Date.now()))
  }

  async #run(): Promise<void> {
    this.#running = true
    this.#wanted = false
    const startedMs = Date.now()
    await this.#fetch()
    this.#running = false
    this.#earliestMs = Date.now() + Math.max(betweenMs, (Date.now() - startedMs) * restShare)
    if (this.#wanted && Refresher.all.has(this)) this.#plan()
  }
}
