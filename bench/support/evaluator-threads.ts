import { EvaluatorCoordinator } from '../../main/evaluator/evaluator-coordinator.ts'
import { StorageCoordinator } from '../../main/storage/storage-coordinator.ts'
import { type Clock, clockFromWord, createClockWord } from '../../shared/clock.ts'
import { type CounterBlock, type CounterName, createCounterBlock, sumCounters } from '../../shared/counters.ts'
import { createLogger, createLogLevelWord, type LogRecord } from '../../shared/log.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'

export interface EvaluatorThreadsOptions {
  readonly shards?: number
  readonly threads?: number
  readonly intervals?: number
  readonly expireCacheSeconds?: number
  readonly expireGroupSeconds?: number
  /** ms; 0 = the real time. */
  readonly nowMs?: number
}

/** Storage shards and an evaluator pool on real threads, wired as the program wires them. */
export class EvaluatorThreads {
  readonly storage: StorageCoordinator
  readonly evaluator: EvaluatorCoordinator
  readonly clock: Clock
  readonly logged: LogRecord[] = []
  readonly #options: EvaluatorThreadsOptions
  readonly #clockWord
  readonly #logLevel = createLogLevelWord('info')
  readonly #logger: Logger
  readonly #blockByName = new Map<string, CounterBlock>()

  constructor(options: EvaluatorThreadsOptions = {}) {
    const { shards = 2, threads = 2, intervals = 10, expireGroupSeconds = 604_800 } = options
    this.#options = options
    this.#clockWord = createClockWord(options.nowMs ?? 0)
    this.clock = clockFromWord(this.#clockWord)
    const logger = createLogger(this.#logLevel, record => this.logged.push(record))
    this.#logger = logger
    const shared = { logLevel: this.#logLevel, clock: this.#clockWord }
    this.storage = new StorageCoordinator({
      shards,
      clusters: ['c'],
      settings: {
        name: 'default',
        intervals,
        expireGroupSeconds,
        minDistanceSeconds: 0,
        groupAllowlist: '',
        groupDenylist: ''
      },
      allowedLag: 0,
      positionTables: [],
      logger,
      threadInit: name => ({ ...shared, name, counters: this.#block(name) }),
      writeLog: record => this.logged.push(record),
      onShardUp: (shard, epoch) => {
        if (epoch > 1) this.evaluator.epochRaised(shard, epoch)
      },
      onShardDown: () => undefined,
      onGivenUp: error => {
        throw error
      }
    })
    this.evaluator = this.createPool(threads)
  }

  /** Another pool on the same storage; to be configured, started and stopped by the caller. */
  createPool(threads: number): EvaluatorCoordinator {
    const { shards = 2, intervals = 10, expireCacheSeconds = 0, expireGroupSeconds = 604_800 } = this.#options
    return new EvaluatorCoordinator({
      threads,
      init: {
        logLevel: this.#logLevel,
        clock: this.#clockWord,
        shards,
        clusters: ['c'],
        intervals,
        expireGroupSeconds,
        settings: { name: 'default', expireCacheSeconds, minimumComplete: 0, allowedLag: 0 }
      },
      counters: name => this.#block(name),
      logger: this.#logger,
      clock: this.clock,
      connectStorage: (shard, port) => this.storage.connect(shard, port)
    })
  }

  async start(): Promise<this> {
    for (const coordinator of [this.storage, this.evaluator]) {
      coordinator.configure()
      await coordinator.start()
    }
    return this
  }

  async stop(): Promise<void> {
    await this.evaluator.stop()
    await this.storage.stop()
  }

  setTime(nowMs: number): void {
    new Float64Array(this.#clockWord)[0] = nowMs
  }

  count(name: CounterName): number {
    return sumCounters(this.#blockByName.values())[name]
  }

  /** Threads that have counted something under that name. */
  threadsThatCounted(name: CounterName): string[] {
    return [...this.#blockByName].filter(([, block]) => sumCounters([block])[name] > 0).map(([thread]) => thread)
  }

  #block(name: string): CounterBlock {
    const block = this.#blockByName.get(name) ?? createCounterBlock()
    this.#blockByName.set(name, block)
    return block
  }
}
