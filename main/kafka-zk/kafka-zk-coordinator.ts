import { type CounterBlock, Counters } from '../../shared/counters.ts'
import type { Logger, StorageRef } from '../../shared/protocol/application-context.ts'
import type { Coordinator } from '../../shared/protocol/coordinator.ts'
import type { ZookeeperConsumerSettings } from '../../shared/settings.ts'
import { KafkaZkConsumer, type KafkaZkStats } from './kafka-zk-consumer.ts'

export interface KafkaZkCoordinatorOptions {
  readonly consumers: readonly ZookeeperConsumerSettings[]
  readonly storage: StorageRef
  readonly logger: Logger
  readonly counters: CounterBlock
}

/** Runs the consumer modules of class kafka_zk. Each has a session of its own; one that cannot connect harms no other. Main thread. */
export class KafkaZkCoordinator implements Coordinator {
  readonly name = 'kafka_zk'
  readonly #options: KafkaZkCoordinatorOptions
  #modules: readonly KafkaZkConsumer[] = []

  constructor(options: KafkaZkCoordinatorOptions) {
    this.#options = options
  }

  configure(): void {
    const { consumers, storage, logger, counters } = this.#options
    this.#modules = consumers.map(
      settings =>
        new KafkaZkConsumer({
          settings,
          storage,
          logger: logger.child({ type: 'module', coordinator: 'consumer', class: 'kafka_zk', name: settings.name }),
          counters: new Counters(counters)
        })
    )
  }

  async start(): Promise<void> {
    await Promise.all(this.#modules.map(module => module.start()))
  }

  async stop(): Promise<void> {
    await Promise.all(this.#modules.map(module => module.stop()))
  }

  /** A shard begins empty: everything is told again. */
  storageReplaced(): void {
    for (const module of this.#modules) module.storageReplaced()
  }

  stats(): readonly KafkaZkStats[] {
    return this.#modules.map(module => module.stats())
  }
}
