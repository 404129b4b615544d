/**
 * Requests of one connection, answered one after the other. Main thread.
 *
 * A client may send many requests without waiting (pipelining). Node would run them all at once, and of a client that does not
 * read, every answer would lie in memory. Here the next one starts when the one before is on the socket, so a connection
 * holds one page at a time; and DELETE, then GET, means that order.
 */
export class ConnectionLine {
  #busy = false
  #waiting: (() => void)[] = []
  #afterwards: (() => void) | null = null

  /** False: `waitingMax` requests wait already. Otherwise `begin` is called, now or when its turn comes. */
  enter(begin: () => void): boolean {
    if (this.#busy) {
      if (this.#waiting.length >= waitingMax) return false
      this.#waiting.push(begin)
      return true
    }
    this.#busy = true
    begin()
    return true
  }

  /** The answer begun last is on the socket: the next one's turn. */
  leave(): void {
    const next = this.#waiting.shift()
    if (next) {
      next()
      return
    }
    this.#busy = false
    this.#afterwards?.()
    this.#afterwards = null
  }

  /** The connection is gone: forgets who waits, and says how many they were. */
  abandon(): number {
    const count = this.#waiting.length
    this.#waiting = []
    this.#afterwards = null
    return count
  }

  /** Calls `action` once nothing is under way: at once, or when the last waiting request has been answered. */
  afterwards(action: () => void): void {
    if (this.#busy) this.#afterwards = action
    else action()
  }
}

/** Requests that may wait on one connection; beyond it, 503. */
export const waitingMax = 1024
