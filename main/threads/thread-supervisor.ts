import { MessageChannel, type MessagePort, type TransferListItem, Worker } from 'node:worker_threads'
import { wrapControl } from '../../shared/actor/comlink-control.ts'
import type { FromMain, ThreadControl, ToMain } from '../../shared/actor/thread-messages.ts'
import { BurrowError } from '../../shared/errors.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import { withDeadline } from './deadline.ts'
import { RestartBudget } from './restart-budget.ts'

/** What a supervised thread is, told by its coordinator. Main thread. */
export interface ThreadSpec {
  readonly name: string
  readonly url: URL
  /** Called for every life of the thread: what it is given at birth, besides `control`. */
  workerData(): object
  onMessage(message: ToMain): void
  /** The thread said Ready; wire it up. Called before `start` resolves, and after every restart. */
  onReady(life: number): void
  /** The thread is gone (its memory too); it will be replaced. */
  onDeath(error: Error): void
  /** It died too often: the program cannot go on. */
  onGivenUp(error: Error): void
  readonly logger: Logger
}

/** How a thread is, for people. */
export interface ThreadState {
  readonly name: string
  readonly state: 'up' | 'down'
  /** How often it was replaced. */
  readonly restarts: number
}

/** Time for a thread to load its module and say Ready. */
export const bootDeadlineMs = 30_000
/** Time for a thread to end by itself when asked; then it is terminated. */
export const threadStopDeadlineMs = 1_500
/**
 * V8's young generation in these threads (two halves of 2 MB, and as much for large objects). Nothing is made per commit there, so it fills
 * slowly with what is kept anyway, and V8 by itself lets it grow to 16 MB a half and keeps that.
 */
const youngGenerationMb = 6

/**
 * Keeps one worker thread alive: starts it, notices its death, replaces it with back-off, gives up past the limit
 * (restart-budget.ts). A thread that dies in its first life before it said Ready is a broken boot and is not restarted at all; a
 * successor that does so uses up the budget like any other death.
 */
export class ThreadSupervisor {
  readonly #spec: ThreadSpec
  readonly #budget = new RestartBudget()
  #worker: Worker | null = null
  #control: { port: MessagePort; remote: ThreadControl } | null = null
  #life = 0
  #stopping = false
  #retry: NodeJS.Timeout | undefined

  constructor(spec: ThreadSpec) {
    this.#spec = spec
  }

  get up(): boolean {
    return this.#control !== null
  }

  /** How often the thread was replaced. */
  get restarts(): number {
    return Math.max(0, this.#life - 1)
  }

  get state(): ThreadState {
    return { name: this.#spec.name, state: this.up ? 'up' : 'down', restarts: this.restarts }
  }

  /** Resolves when the thread is ready; rejects with THREAD_BOOT_FAILED. */
  start(): Promise<void> {
    return this.#boot()
  }

  /** Posts to the thread; false if there is none right now (its successor is wired up by onReady). */
  post(message: FromMain, transfer: readonly TransferListItem[] = []): boolean {
    if (!this.up) return false
    this.#worker!.postMessage(message, transfer)
    return true
  }

  async stats(deadlineMs: number): Promise<Readonly<Record<string, unknown>> | null> {
    const control = this.#control
    if (!control) return null
    return withDeadline(control.remote.stats(), deadlineMs, `${this.#spec.name} stats`).catch(() => null)
  }

  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#retry)
    const worker = this.#worker
    if (!worker) return
    const exited = new Promise<void>(resolve => worker.once('exit', () => resolve()))
    const asked = this.#control?.remote.stop() ?? Promise.resolve()
    asked.catch(error => this.#spec.logger.debug('stop was refused', { thread: this.#spec.name, error }))
    try {
      await withDeadline(exited, threadStopDeadlineMs, `stopping ${this.#spec.name}`)
    } catch {
      this.#spec.logger.warn('thread did not stop in time and was terminated', { thread: this.#spec.name })
      await worker.terminate()
    }
  }

  /** For tests and faults: ends the thread as a crash would. */
  async kill(): Promise<void> {
    await this.#worker?.terminate()
  }

  #boot(): Promise<void> {
    const { name, url, logger } = this.#spec
    const { port1: control, port2: theirs } = new MessageChannel()
    const worker = new Worker(url, {
      name,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
      workerData: { ...this.#spec.workerData(), control: theirs },
      transferList: [theirs]
    })
    this.#worker = worker
    this.#life++
    return new Promise((resolve, reject) => {
      let failure: Error | null = null
      let ready = false
      const bootTimer = setTimeout(() => {
        failure = new BurrowError('THREAD_BOOT_FAILED', `${name} was not ready within ${bootDeadlineMs} ms`)
        void worker.terminate()
      }, bootDeadlineMs)
      worker.on('message', (message: ToMain) => {
        if (message.kind !== 'ready') {
          this.#spec.onMessage(message)
          return
        }
        ready = true
        clearTimeout(bootTimer)
        this.#control = { port: control, remote: wrapControl(control) }
        this.#spec.onReady(this.#life)
        resolve()
      })
      worker.on('error', error => {
        failure = error instanceof Error ? error : new Error(String(error))
      })
      worker.on('exit', code => {
        clearTimeout(bootTimer)
        control.close()
        this.#worker = null
        this.#control = null
        if (this.#stopping) {
          resolve()
          return
        }
        const error = failure ?? new BurrowError('THREAD_DIED', `${name} ended with code ${code}`)
        if (!ready) {
          reject(new BurrowError('THREAD_BOOT_FAILED', `${name} could not start: ${error.message}`, {}, error))
          return
        }
        logger.error('thread died', { thread: name, error, stack: error.stack })
        this.#spec.onDeath(error)
        this.#restart(error)
      })
    })
  }

  #restart(cause: Error): void {
    const delayMs = this.#budget.nextDelayMs(Date.now())
    if (delayMs === null) {
      this.#spec.onGivenUp(new BurrowError('THREAD_DIED', `${this.#spec.name} died too often`, {}, cause))
      return
    }
    this.#retry = setTimeout(() => {
      this.#spec.logger.warn('restarting thread', { thread: this.#spec.name, delayMs })
      this.#boot().catch(error => {
        this.#spec.logger.error('thread died before it was ready', { thread: this.#spec.name, error })
        this.#restart(error)
      })
    }, delayMs)
  }
}
