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

  /** Every module has read all there is, or cannot begin because no server answers: that holds nobody up, and health says so. */
  get ready(): boolean {
    return this.#modules.every(({ caughtUp, isUnreachable }) => caughtUp || isUnreachable)
  }

  /** Does the group come from a module of that cluster? Kafka does not list it then (spec 09, E9). */
  knowsGroup(cluster: string, group: string): boolean {
    return this.#modules.some(module => module.cluster === cluster && module.knowsGroup(group))
  }

  stats(): readonly KafkaZkStats[] {
    return this.#modules.map(module => module.stats())
  }
}
