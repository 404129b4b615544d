import type { PageResult, TaskRequest } from '../../shared/actor/evaluator-tasks.ts'
import { BurrowError } from '../../shared/errors.ts'
import { withDeadline } from '../threads/deadline.ts'

/** Time for a page from question to answer; longer than an evaluator thread waits for storage. */
export const pageDeadlineMs = 5000
/** Questions that wait for a thread; the next is refused at once. */
export const waitingPagesMax = 20_000
/** Questions in one task: as many as there are, shared out over the threads, between these two. */
export const pagesPerTaskMin = 8
export const pagesPerTaskMax = 128
/** Tasks open on one thread: one at work, the others waiting for storage or for their turn. */
export const tasksPerThread = 4
/** A page whose thread died is asked for once more; a page that kills every thread must not go round for ever. */
export const pageTriesMax = 2

export interface PageBatcherOptions {
  readonly threads: number
  /** Results in the order of the requests. Rejects when the thread died or the pool takes no more. */
  run(requests: readonly TaskRequest[]): Promise<readonly PageResult[]>
  readonly deadlineMs?: number
  readonly waitingMax?: number
}

interface Waiting {
  readonly request: TaskRequest
  readonly resolve: (result: PageResult) => void
  readonly reject: (error: BurrowError) => void
  readonly timer: NodeJS.Timeout
  tries: number
  settled: boolean
}

/**
 * Gathers the questions of one turn of the event loop into tasks for the pool: a task a question would cost more than most
 * answers. While all threads are busy questions wait here, so that tasks grow with the load. Main thread.
 */
export class PageBatcher {
  readonly #options: PageBatcherOptions
  readonly #deadlineMs: number
  readonly #waitingMax: number
  readonly #tasksMax: number
  #waiting: Waiting[] = []
  #tasks = 0
  #planned = false
  #closed = false
  #counts = { asked: 0, tasks: 0, retried: 0, late: 0, refused: 0 }

  constructor(options: PageBatcherOptions) {
    this.#options = options
    this.#deadlineMs = options.deadlineMs ?? pageDeadlineMs
    this.#waitingMax = options.waitingMax ?? waitingPagesMax
    this.#tasksMax = options.threads * tasksPerThread
  }

  get stats(): Readonly<Record<string, number>> {
    return { ...this.#counts, waiting: this.#waiting.length, tasksOpen: this.#tasks }
  }

  /** Settles within the deadline. Rejects with BurrowError QUEUE_FULL, DEADLINE_EXCEEDED or EVALUATOR_UNAVAILABLE. */
  ask(request: TaskRequest): Promise<PageResult> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(unavailable('the evaluator has stopped'))
      if (this.#waiting.length >= this.#waitingMax) {
        this.#counts.refused++
        return reject(new BurrowError('QUEUE_FULL', 'too many questions wait for the evaluator'))
      }
      this.#counts.asked++
      const timer = setTimeout(() => {
        this.#counts.late++
        this.#refuse(waiting, new BurrowError('DEADLINE_EXCEEDED', 'the evaluator did not answer in time'))
      }, this.#deadlineMs)
      const waiting: Waiting = { request, resolve, reject, timer, tries: 0, settled: false }
      this.#waiting.push(waiting)
      this.#plan()
    })
  }

  /** Refuses everyone who waits, and everyone who comes later. Answers of open tasks still arrive. */
  close(): void {
    this.#closed = true
    for (const waiting of this.#waiting) this.#refuse(waiting, unavailable('the evaluator has stopped'))
    this.#waiting = []
  }

  #plan(): void {
    if (this.#planned || this.#tasks >= this.#tasksMax) return
    this.#planned = true
    setImmediate(() => {
      this.#planned = false
      this.#send()
    })
  }

  #send(): void {
    const asked = this.#waiting.filter(({ settled }) => !settled)
    const share = Math.ceil(asked.length / this.#options.threads)
    const sizeMax = Math.min(pagesPerTaskMax, Math.max(pagesPerTaskMin, share))
    let sent = 0
    while (sent < asked.length && this.#tasks < this.#tasksMax) {
      const size = sizeOfTask(asked, sent, sizeMax)
      this.#run(asked.slice(sent, sent + size))
      sent += size
    }
    this.#waiting = asked.slice(sent)
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    this.#tasks++
    this.#counts.tasks++
    for (const waiting of batch) waiting.tries++
    try {
      // By then everyone in it was refused: a task that never ends must not hold its place for ever.
      const task = this.#options.run(batch.map(({ request }) => request))
      const results = await withDeadline(task, this.#deadlineMs, 'a task of the evaluator')
      for (const [index, waiting] of batch.entries()) this.#answer(waiting, results[index]!)
    } catch (error) {
      this.#retry(batch, error)
    } finally {
      this.#tasks--
      if (this.#waiting.length > 0) this.#plan()
    }
  }

  #retry(batch: readonly Waiting[], error: unknown): void {
    const again: Waiting[] = []
    for (const waiting of batch) {
      if (waiting.settled) continue
      if (waiting.tries < triesMax(waiting.request) && !this.#closed) again.push(waiting)
      else {
        this.#counts.refused++
        this.#refuse(waiting, unavailable('the evaluator thread died', error))
      }
    }
    this.#counts.retried += again.length
    this.#waiting = [...again, ...this.#waiting]
  }

  #answer(waiting: Waiting, result: PageResult): void {
    if (waiting.settled) return
    waiting.settled = true
    clearTimeout(waiting.timer)
    waiting.resolve(result)
  }

  #refuse(waiting: Waiting, error: BurrowError): void {
    if (waiting.settled) return
    waiting.settled = true
    clearTimeout(waiting.timer)
    waiting.reject(error)
  }
}

/** Some pages take long enough to go alone: several in one task would run on one thread, one after the other. */
function sizeOfTask(asked: readonly Waiting[], from: number, sizeMax: number): number {
  if (isLarge(asked[from]!.request)) return 1
  let size = 1
  while (size < sizeMax && from + size < asked.length && !isLarge(asked[from + size]!.request)) size++
  return size
}

/** The rows of a list went to the thread that died. */
function triesMax({ page }: TaskRequest): number {
  return page === 'group-list' ? 1 : pageTriesMax
}

function isLarge({ page }: TaskRequest): boolean {
  return largePages.has(page)
}

const largePages: ReadonlySet<TaskRequest['page']> = new Set([
  'metrics-groups',
  'metrics-figures',
  'metrics-topics',
  'metrics-part',
  'group-rows',
  'group-list',
  'group-changes',
  'groups-gone',
  'explain'
])

function unavailable(message: string, cause?: unknown): BurrowError {
  return new BurrowError('EVALUATOR_UNAVAILABLE', message, {}, cause)
}
