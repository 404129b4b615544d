import { configFromToml } from '../../main/config/load-config.ts'
import { KafkaCoordinator } from '../../main/kafka/kafka-coordinator.ts'
import { StorageCoordinator } from '../../main/storage/storage-coordinator.ts'
import type { ThreadInit } from '../../shared/actor/thread-messages.ts'
import { createClockWord } from '../../shared/clock.ts'
import { type CounterBlock, type CounterName, createCounterBlock, sumCounters } from '../../shared/counters.ts'
import { createLogger, createLogLevelWord } from '../../shared/log.ts'
import { programToml } from './program-config.ts'
import type { Cluster } from './simulator-process.ts'

export interface KafkaThreadsOptions {
  readonly cluster: Cluster
  readonly kafkaThreads: number
  readonly shards: number
  readonly offsetRefreshSeconds: number
}

/** Kafka and storage threads wired as the program wires them, without the rest: their counters can be read at any moment. */
export class KafkaThreads {
  readonly storage: StorageCoordinator
  readonly kafka: KafkaCoordinator
  readonly #blockByName = new Map<string, CounterBlock>()
  #failed: Error | null = null

  constructor({ cluster, kafkaThreads, shards, offsetRefreshSeconds }: KafkaThreadsOptions) {
    const toml = programToml(
      { clusters: [cluster], offsetRefreshSeconds, topicRefreshSeconds: 600 },
      '127.0.0.1:0',
      'burrow.pid'
    )
    const config = configFromToml(toml)
    const logLevel = createLogLevelWord('error')
    const logger = createLogger(logLevel, record => process.stderr.write(`${JSON.stringify(record)}\n`))
    const clock = createClockWord()
    const shared = {
      logger,
      shards,
      positionTables: [],
      threadInit: (name: string): ThreadInit => ({ name, logLevel, counters: this.#block(name), clock }),
      writeLog: () => undefined,
      onGivenUp: (error: Error) => {
        this.#failed = error
      }
    }
    this.storage = new StorageCoordinator({
      ...shared,
      clusters: [cluster.name],
      settings: config.storage,
      allowedLag: 0,
      onShardUp: shard => this.kafka.shardUp(shard),
      onShardDown: () => undefined
    })
    this.kafka = new KafkaCoordinator({
      ...shared,
      threads: kafkaThreads,
      clusters: config.clusters,
      consumers: [],
      storage: this.storage,
      onUnlistedGroups: () => undefined
    })
  }

  async start(): Promise<void> {
    for (const coordinator of [this.storage, this.kafka]) {
      coordinator.configure()
      await coordinator.start()
    }
  }

  async stop(): Promise<void> {
    await this.kafka.stop()
    await this.storage.stop()
  }

  /** Throws if a thread keeps dying. */
  count(name: CounterName): number {
    if (this.#failed) throw this.#failed
    return sumCounters(this.#blockByName.values())[name]
  }

  #block(name: string): CounterBlock {
    const block = this.#blockByName.get(name) ?? createCounterBlock()
    this.#blockByName.set(name, block)
    return block
  }
}
