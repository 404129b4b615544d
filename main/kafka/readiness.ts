import type { ConsumerState } from '../../shared/actor/thread-messages.ts'

/**
 * Is what we say complete? Kept from the states that the kafka threads report for each (consumer module, thread). Main thread.
 *
 * Ready when each has caught up with the offsets topic as it was when it began, in every shard of today's epochs. Once caught up it
 * stays so until a shard is replaced (spec 04 section 4.1: never back, but for that). A module whose cluster cannot
 * be reached holds nobody up: it degrades only itself, and health says so.
 */
export class Readiness {
  readonly #states = new Map<string, ConsumerState>()
  readonly #expected: readonly string[]
  readonly #epochs: () => number

  /** `epochs`: today's sum of the shards' epochs. */
  constructor(consumers: number, threads: number, epochs: () => number) {
    this.#expected = Array.from({ length: consumers * threads }, (_, i) =>
      key(i % consumers, Math.floor(i / consumers))
    )
    this.#epochs = epochs
  }

  report(state: ConsumerState): void {
    const id = key(state.consumer, state.thread)
    const before = this.#states.get(id)
    if (before?.state === 'caught-up' && before.epochs === state.epochs && state.state !== 'caught-up') {
      this.#states.set(id, { ...before, error: state.error })
      return
    }
    this.#states.set(id, state)
  }

  /** A kafka thread is gone: what it said about a module that had not caught up is worth nothing. */
  forgetThread(thread: number): void {
    for (const [id, state] of this.#states) {
      if (state.thread === thread && state.state !== 'caught-up') this.#states.delete(id)
    }
  }

  get ready(): boolean {
    return this.#expected.every(id => {
      const state = this.#states.get(id)
      if (!state) return false
      if (state.state === 'caught-up') return state.epochs === this.#epochs()
      return state.state === 'connecting' && state.error !== null
    })
  }

  /** State of a consumer module by thread, for health. */
  statesOf(consumer: number): readonly ConsumerState[] {
    return [...this.#states.values()].filter(state => state.consumer === consumer)
  }
}

function key(consumer: number, thread: number): string {
  return `${consumer}/${thread}`
}
