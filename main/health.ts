import { type CounterBlock, sumCounters } from '../shared/counters.ts'
import type { AppConfig } from './config/app-config.ts'
import type { EvaluatorCoordinator } from './evaluator/evaluator-coordinator.ts'
import type { KafkaCoordinator } from './kafka/kafka-coordinator.ts'
import type { KafkaZkCoordinator } from './kafka-zk/kafka-zk-coordinator.ts'
import type { ModulesCoordinator } from './modules/modules-coordinator.ts'
import type { NotifierCoordinator } from './notifier/notifier-coordinator.ts'
import type { StorageCoordinator } from './storage/storage-coordinator.ts'

/** Time for a thread to say its figures; what is late is left out (null). */
export const statsDeadlineMs = 500

export interface HealthSources {
  readonly config: AppConfig
  readonly threads: { readonly kafka: number; readonly storage: number; readonly evaluator: number }
  readonly counters: ReadonlyMap<string, CounterBlock>
  readonly storage: StorageCoordinator
  readonly evaluator: EvaluatorCoordinator
  readonly kafka: KafkaCoordinator
  /** Null: no consumer module reads ZooKeeper. */
  readonly kafkaZk: KafkaZkCoordinator | null
  readonly modules: ModulesCoordinator
  /** Null: nobody is to be told. */
  readonly notifier: NotifierCoordinator | null
  isReady(): boolean
  /** What each HTTP listener counted. */
  listeners(): object
}

/**
 * The program's own state for `/burrow/admin/health`: is it ready, which clusters are ill, what was counted and refused. Main
 * thread. Never fails: a thread that does not answer in time is shown as null.
 */
export function createHealth(sources: HealthSources): () => Promise<object> {
  const { config, threads, counters, storage, evaluator, kafka, kafkaZk, modules, notifier } = sources
  const startedMs = Date.now()
  return async () => {
    const [storageStats, kafkaStats] = await Promise.all([storage.stats(statsDeadlineMs), kafka.stats(statsDeadlineMs)])
    return {
      ready: sources.isReady(),
      uptimeSeconds: Math.floor((Date.now() - startedMs) / 1000),
      clusters: config.clusters.map(({ name }) => {
        const state = kafka.clusterState(name)
        return { name, up: state?.up ?? false, error: state?.error ?? null }
      }),
      consumers: config.consumers.map(({ name, cluster }, index) => ({
        name,
        cluster,
        threads: kafka.readiness.statesOf(index).map(({ thread, state, error }) => ({ thread, state, error }))
      })),
      threads: {
        kafka: { count: threads.kafka, restarts: kafka.restarts, stats: kafkaStats },
        storage: { count: threads.storage, restarts: storage.restarts, stats: storageStats },
        evaluator: { count: threads.evaluator, stats: evaluator.stats() }
      },
      zookeeperConsumers: kafkaZk?.stats() ?? [],
      modules: modules.stats(),
      notifier: notifier?.stats() ?? null,
      listeners: sources.listeners(),
      counters: sumCounters(counters.values()),
      memory: { rssBytes: process.memoryUsage.rss() }
    }
  }
}
