import { useEffect, useState } from 'preact/hooks'

/** A value that changes, and those who are told. */
export class Value<T> {
  #now: T
  readonly #listeners = new Set<() => void>()

  constructor(first: T) {
    this.#now = first
  }

  get(): T {
    return this.#now
  }

  set(next: T): void {
    if (Object.is(next, this.#now)) return
    this.#now = next
    for (const listener of [...this.#listeners]) listener()
  }

  /** Returns how to stop. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** The value, in a component that is drawn again when it changes. */
export function useValue<T>(value: Value<T>): T {
  const [, redraw] = useState(0)
  const drawn = value.get()
  useEffect(() => {
    const stop = value.listen(() => redraw(count => count + 1))
    if (!Object.is(value.get(), drawn)) redraw(count => count + 1) // changed between drawing and listening
    return stop
  }, [value])
  return drawn
}
