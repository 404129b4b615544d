/** Wakes those who wait for something to change: they look again for themselves. Raised for nobody, it is forgotten. One thread. */
export class Signal {
  readonly #waiting = new Set<() => void>()

  /** Resolves at the next `raise`. */
  next(): Promise<void> {
    return new Promise(resolve => this.#waiting.add(resolve))
  }

  raise(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }

  /** Resolves at the next `raise`, after `ms`, or at once when `stopped` is aborted. */
  nextWithin(ms: number, stopped: AbortSignal): Promise<void> {
    if (stopped.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const end = () => {
        clearTimeout(timer)
        stopped.removeEventListener('abort', end)
        this.#waiting.delete(end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      stopped.addEventListener('abort', end)
      this.#waiting.add(end)
    })
  }
}

/** A wish that is remembered until it is taken up. One who takes, any number who ask. */
export class Wish {
  readonly #signal = new Signal()
  #isOpen = false

  ask(): void {
    this.#isOpen = true
    this.#signal.raise()
  }

  /** Takes up the wish: true at once or when it comes; false after `ms` or when stopped. */
  async take(ms: number, stopped: AbortSignal): Promise<boolean> {
    if (!this.#isOpen) await this.#signal.nextWithin(ms, stopped)
    const wasOpen = this.#isOpen
    this.#isOpen = false
    return wasOpen
  }
}
