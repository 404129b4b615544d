import { BroadcastChannel, type MessagePort, type Worker } from 'node:worker_threads'
import {
  createSeats,
  type EvaluatorPoolInit,
  leaveSeat,
  seatName,
  seatsFor
} from '../../shared/actor/evaluator-seats.ts'
import type { EvaluatorTask, PageResult, TaskRequest } from '../../shared/actor/evaluator-tasks.ts'
import { Piscina } from '../../shared/actor/piscina-pool.ts'
import {
  type EpochRaised,
  type EvaluatorInit,
  epochChannelName,
  type ToMain
} from '../../shared/actor/thread-messages.ts'
import type { Clock } from '../../shared/clock.ts'
import type { CounterBlock } from '../../shared/counters.ts'
import { BurrowError } from '../../shared/errors.ts'
import type { LogRecord } from '../../shared/log.ts'
import type { EvaluatorRef, Logger } from '../../shared/protocol/application-context.ts'
import type { ConsumerGroupStatus } from '../../shared/protocol/consumer.ts'
import type { Coordinator } from '../../shared/protocol/coordinator.ts'
import type { EvaluatorRequest } from '../../shared/protocol/evaluator.ts'
import { unpackVerdict, type Verdict } from '../../shared/verdict.ts'
import type { ThreadState } from '../threads/thread-supervisor.ts'
import { PageBatcher, tasksPerThread } from './page-batcher.ts'
import { StatusCache } from './status-cache.ts'

/** Time for all threads of the pool to load and dial. */
export const poolBootDeadlineMs = 10_000

export interface EvaluatorCoordinatorOptions {
  readonly threads: number
  readonly init: Omit<EvaluatorInit, 'name' | 'counters'>
  /** Counters of the thread of that name; called at `configure`, for more names than there are threads. */
  counters(name: string): CounterBlock
  readonly logger: Logger
  readonly clock: Clock
  /** An evaluator's port, to be served by that shard. */
  connectStorage(shard: number, port: MessagePort): void
}

/**
 * Runs the evaluator pool and is the way to it: pages for the HTTP server, verdicts for everyone else. Main thread.
 *
 * Piscina replaces a thread that dies; the new one dials storage by itself. What the dead one was working on is asked for
 * once more.
 */
export class EvaluatorCoordinator implements Coordinator, EvaluatorRef {
  readonly name = 'evaluator'
  readonly #options: EvaluatorCoordinatorOptions
  readonly #batcher: PageBatcher
  readonly #cache: StatusCache
  readonly #watched = new WeakSet<Worker>()
  #init: EvaluatorPoolInit | null = null
  #pool: Piscina | null = null
  #epochs: BroadcastChannel | null = null
  #created = 0
  #dials = 0
  #deaths = 0

  constructor(options: EvaluatorCoordinatorOptions) {
    this.#options = options
    const { threads, clock, init } = options
    this.#batcher = new PageBatcher({ threads, run: requests => this.#run({ requests }) })
    this.#cache = new StatusCache({ expireSeconds: init.settings.expireCacheSeconds, clock })
  }

  configure(): void {
    const { threads, init, counters } = this.#options
    if (!Number.isInteger(threads) || threads < 1) {
      throw new BurrowError('CONFIG_INVALID', 'the evaluator needs at least one thread', { threads })
    }
    const blocks = Array.from({ length: seatsFor(threads) }, (_, seat) => counters(seatName(seat)))
    this.#init = { ...init, seats: createSeats(threads), counters: blocks }
  }

  /** Resolves when every thread has dialled storage. Rejects with BurrowError THREAD_BOOT_FAILED. */
  async start(): Promise<void> {
    this.#epochs = new BroadcastChannel(epochChannelName(process.pid))
    this.#epochs.unref()
    this.#pool = this.#createPool()
    await this.#booted(this.#pool)
  }

  async stop(): Promise<void> {
    const pool = this.#pool
    this.#pool = null
    this.#batcher.close()
    this.#epochs?.close()
    this.#epochs = null
    await pool?.destroy()
  }

  /** Always resolves; a failure is a result with a code. The bytes may be shared with other askers: read them only. */
  async page(request: TaskRequest): Promise<PageResult> {
    try {
      const cached = request.page === 'status' || request.page === 'evaluate'
      return await (cached ? this.#cache.get(request, () => this.#batcher.ask(request)) : this.#batcher.ask(request))
    } catch (error) {
      if (!(error instanceof BurrowError)) throw error
      return { kind: 'error', code: error.code, message: error.message }
    }
  }

  /** As `verdict`, made into objects here on main: microseconds for each partition. */
  async ask(request: EvaluatorRequest): Promise<ConsumerGroupStatus> {
    return unpackVerdict(await this.verdict(request))
  }

  /** Rejects with BurrowError, EVALUATOR_UNAVAILABLE past its deadline. The verdict may be shared with other askers. */
  async verdict({ cluster, group, showAll }: EvaluatorRequest): Promise<Verdict> {
    const result = await this.page({ page: 'evaluate', cluster, group, showAll })
    if (result.kind === 'verdict') return result.verdict
    if (result.kind !== 'error') throw new TypeError(`a verdict was asked for, not ${result.kind}`)
    const code = result.code === 'DEADLINE_EXCEEDED' ? 'EVALUATOR_UNAVAILABLE' : result.code
    throw new BurrowError(code, result.message, { cluster, group })
  }

  /** A storage shard was replaced: tells every evaluator thread to dial it again. */
  epochRaised(shard: number, epoch: number): void {
    this.#epochs?.postMessage({ kind: 'epoch', shard, epoch } satisfies EpochRaised)
  }

  /** Threads that have ended and were replaced. */
  get deaths(): number {
    return this.#deaths
  }

  threadStates(): ThreadState[] {
    const { threads } = this.#options
    const up = this.#pool?.threads.length ?? 0
    return Array.from({ length: threads }, (_, thread) => {
      // Piscina does not say which one was replaced: the first is to blame for all.
      const restarts = thread === 0 ? this.#deaths : 0
      return { name: `evaluator-${thread}`, state: thread < up ? 'up' : 'down', restarts }
    })
  }

  /** Questions that wait, tasks that are open. */
  get pages(): PageBatcher['stats'] {
    return this.#batcher.stats
  }

  stats(): Readonly<Record<string, unknown>> {
    return {
      threads: this.#pool?.threads.length ?? 0,
      deaths: this.#deaths,
      created: this.#created,
      dials: this.#dials,
      pages: this.#batcher.stats,
      cache: this.#cache.stats
    }
  }

  /** For tests: ends one thread as a crash would. */
  async kill(): Promise<void> {
    await this.#pool?.threads[0]?.terminate()
  }

  #run(task: EvaluatorTask): Promise<readonly PageResult[]> {
    if (!this.#pool) return Promise.reject(new Error('the evaluator does not run'))
    return this.#pool.run(task, { transferList: task.requests.flatMap(handedOver) })
  }

  #createPool(): Piscina {
    const { threads } = this.#options
    const pool = new Piscina<EvaluatorTask, PageResult[]>({
      filename: new URL('../../workers/evaluator/evaluator.worker.js', import.meta.url).href,
      workerData: this.#init,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: tasksPerThread,
      // The batcher keeps no more open; a little room for those it has given up on.
      maxQueue: threads * tasksPerThread * 2,
      // In the other modes an idle thread sleeps so deeply that it serves no port and does not hear of a new epoch.
      atomics: 'disabled',
      recordTiming: false
    })
    pool.on('message', (message: ToMain) => this.#onMessage(message))
    pool.on('workerCreate', () => {
      this.#created++
      this.#watchThreads(pool)
    })
    // Without a listener the process would end.
    pool.on('error', error => this.#options.logger.error('evaluator thread failed', { error }))
    return pool
  }

  async #booted(pool: Piscina): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    let failed: (error: Error) => void = () => undefined
    try {
      await new Promise<void>((resolve, reject) => {
        failed = error => reject(new BurrowError('THREAD_BOOT_FAILED', 'an evaluator thread did not start', {}, error))
        timer = setTimeout(() => failed(new Error('deadline')), poolBootDeadlineMs)
        pool.once('error', failed)
        pool.on('message', () => {
          if (this.#dials >= this.#options.threads) resolve()
        })
      })
    } finally {
      clearTimeout(timer)
      pool.off('error', failed)
    }
  }

  #onMessage(message: ToMain): void {
    if (message.kind === 'log') this.#log(message.record)
    else if (message.kind === 'dial') {
      this.#dials++
      if (this.#pool) this.#watchThreads(this.#pool)
      for (const [shard, port] of message.ports.entries()) if (port) this.#options.connectStorage(shard, port)
    } else throw new TypeError(`no message of an evaluator thread: ${message.kind}`)
  }

  /** Piscina says nothing when an idle thread ends, so each is watched from here; its seat becomes free then. */
  #watchThreads(pool: Piscina): void {
    for (const thread of pool.threads) {
      if (this.#watched.has(thread)) continue
      this.#watched.add(thread)
      const { threadId } = thread // -1 once it has ended
      thread.once('exit', exitCode => {
        leaveSeat(this.#init!.seats, threadId)
        if (this.#pool !== pool) return
        this.#deaths++
        this.#options.logger.error('evaluator thread ended, another takes its place', { threadId, exitCode })
      })
    }
  }

  #log({ level, message, fields }: LogRecord): void {
    const { logger } = this.#options
    if (level === 'panic' || level === 'fatal') logger.error(message, fields)
    else logger[level](message, fields)
  }
}

/** Rows of a list are copied by nobody: for a cluster of 65,000 groups they are megabytes. */
function handedOver(request: TaskRequest): ArrayBuffer[] {
  if (request.page !== 'group-list') return []
  return request.blocks.flatMap(({ keys, text }) => [keys.buffer as ArrayBuffer, text.buffer as ArrayBuffer])
}
