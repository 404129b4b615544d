import { type ChildProcess, fork } from 'node:child_process'

/** Deadline of one question to a child; a simulator may be busy for long with a big backlog. */
export const childDeadlineMs = 120_000

interface Question<Order> {
  readonly id: number
  readonly order: Order
}
type Answer<Value> = { readonly id: number } & ({ readonly value: Value } | { readonly error: string })

/**
 * A child process that answers questions, by IPC. Load is made in processes of their own so that it does not disturb what is
 * measured. A child ends when this process does: it notices that the channel closes.
 */
export class ChildConversation<Order, Value> {
  readonly #child: ChildProcess
  readonly #waitingById = new Map<number, (answer: Answer<Value>) => void>()
  readonly #exited: Promise<void>
  #id = 0
  #isOver = false

  /** `url`: a compiled file that calls `answerParent`. */
  constructor(url: URL) {
    this.#child = fork(url, { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] })
    this.#child.on('message', (answer: Answer<Value>) => {
      this.#waitingById.get(answer.id)?.(answer)
      this.#waitingById.delete(answer.id)
    })
    this.#exited = new Promise(resolve => {
      const over = (why: string) => {
        this.#isOver = true
        for (const [id, settle] of this.#waitingById) settle({ id, error: why })
        this.#waitingById.clear()
        resolve()
      }
      this.#child.once('error', error => over(error.message))
      this.#child.once('exit', (code, signal) => over(`the process has ended (${signal ?? code})`))
    })
  }

  ask(order: Order): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) return reject(new Error('the process has ended'))
      const id = this.#id++
      const late = setTimeout(() => settle({ id, error: `no answer in ${childDeadlineMs} ms` }), childDeadlineMs)
      const settle = (answer: Answer<Value>) => {
        clearTimeout(late)
        this.#waitingById.delete(id)
        if ('error' in answer) reject(new Error(answer.error))
        else resolve(answer.value)
      }
      this.#waitingById.set(id, settle)
      this.#child.send({ id, order } satisfies Question<Order>)
    })
  }

  async close(): Promise<void> {
    this.#child.kill('SIGKILL') // it holds nothing that is worth an orderly end
    await this.#exited
  }
}

/** The other end: answers until the parent is gone. Call it once, in the child. */
export function answerParent<Order, Value>(answer: (order: Order) => Promise<Value> | Value): void {
  process.on('message', async ({ id, order }: Question<Order>) => {
    try {
      process.send!({ id, value: await answer(order) })
    } catch (error) {
      process.send!({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.once('disconnect', () => process.exit(0))
}
