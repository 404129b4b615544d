/**
 * Something costly that several cases of a round use, each once: made when the first of them asks for it, closed when the last is done
 * with it. The next round makes another. One case at a time.
 */
export class SharedInRound<T> {
  readonly #users: number
  readonly #make: () => Promise<T>
  readonly #close: (made: T) => Promise<void>
  #made: T | null = null
  #used = 0

  /** `users`: how many cases use it in a round. */
  constructor(users: number, make: () => Promise<T>, close: (made: T) => Promise<void>) {
    this.#users = users
    this.#make = make
    this.#close = close
  }

  /** Answers what `act` answers. Rejects as `make`, `act` or `close` do; after a failure, `close` is still to be called. */
  async use<R>(act: (made: T) => Promise<R>): Promise<R> {
    this.#made ??= await this.#make()
    const result = await act(this.#made)
    if (++this.#used === this.#users) await this.close()
    return result
  }

  /** In the midst of a round too. */
  async close(): Promise<void> {
    const made = this.#made
    this.#made = null
    this.#used = 0
    if (made !== null) await this.#close(made)
  }
}
