import { EvaluatorCoordinator } from '../../main/evaluator/evaluator-coordinator.ts'
import { StorageCoordinator } from '../../main/storage/storage-coordinator.ts'
import { type Clock, clockFromWord, createClockWord } from '../../shared/clock.ts'
import { type CounterBlock, type CounterName, createCounterBlock, sumCounters } from '../../shared/counters.ts'
import { createLogger, createLogLevelWord, type LogRecord } from '../../shared/log.ts'
import { storageSettings } from './storage-fixture.ts'

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
  readonly #clockWord
  readonly #blockByName = new Map<string, CounterBlock>()

  constructor(options: EvaluatorThreadsOptions = {}) {
    const { shards = 2, threads = 2, intervals = 10, expireCacheSeconds = 0, expireGroupSeconds = 604_800 } = options
    this.#clockWord = createClockWord(options.nowMs ?? 0)
    this.clock = clockFromWord(this.#clockWord)
    const logLevel = createLogLevelWord('info')
    const logger = createLogger(logLevel, record => this.logged.push(record))
    const shared = { logLevel, clock: this.#clockWord }
    this.storage = new StorageCoordinator({
      shards,
      clusters: ['c'],
      settings: storageSettings({ intervals, expireGroupSeconds }),
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
    this.evaluator = new EvaluatorCoordinator({
      threads,
      init: {
        ...shared,
        shards,
        clusters: ['c'],
        intervals,
        expireGroupSeconds,
        settings: { name: 'default', expireCacheSeconds, minimumComplete: 0, allowedLag: 0 }
      },
      counters: name => this.#block(name),
      logger,
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
