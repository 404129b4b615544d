import type { PageResult } from '../../shared/actor/evaluator-tasks.ts'
import { giveBack, isLent } from '../../shared/actor/lent-memory.ts'

/**
 * The memory of one page's figures, lent by the pool: it goes back when the page is done and no question that has blocks in it is
 * open, since a thread may still read them. After a failure it never goes back: a question that was given up may still be at work, and
 * the collector is safe. Main thread.
 */
export class LentBlocks {
  readonly #byBuffer = new Map<ArrayBufferLike, Uint8Array>()
  #open = 0
  #isDone = false
  #hasFailed = false

  /** The same promise; what it brings is noted. */
  async watch(asked: Promise<PageResult>): Promise<PageResult> {
    this.#open++
    try {
      const result = await asked
      if (result.kind === 'error') this.#hasFailed = true
      if (result.kind === 'figures') {
        for (const { text } of result.blocks) if (isLent(text)) this.#byBuffer.set(text.buffer, text)
      }
      return result
    } catch (error) {
      this.#hasFailed = true
      throw error
    } finally {
      this.#open--
      this.#settle()
    }
  }

  /** No further question is asked. */
  done(): void {
    this.#isDone = true
    this.#settle()
  }

  #settle(): void {
    if (!this.#isDone || this.#open > 0) return
    // Each buffer once: given back twice, it could be taken from its next tenant.
    if (!this.#hasFailed) for (const bytes of this.#byBuffer.values()) giveBack(bytes)
    this.#byBuffer.clear()
  }
}
