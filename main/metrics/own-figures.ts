import type { CounterBlock } from '../../shared/counters.ts'
import type { AppConfig } from '../config/app-config.ts'
import type { EvaluatorCoordinator } from '../evaluator/evaluator-coordinator.ts'
import type { KafkaCoordinator } from '../kafka/kafka-coordinator.ts'
import type { StorageCoordinator } from '../storage/storage-coordinator.ts'
import type { LoopDelay } from './loop-delay.ts'
import type { OwnFigures } from './own-families.ts'

export interface OwnFigureSources {
  readonly version: string
  readonly config: AppConfig
  readonly threads: { readonly kafka: number; readonly storage: number; readonly evaluator: number }
  readonly counters: ReadonlyMap<string, CounterBlock>
  readonly storage: StorageCoordinator
  readonly evaluator: EvaluatorCoordinator
  readonly kafka: KafkaCoordinator
  readonly loopDelay: LoopDelay
}

/** The program's own state, from what main knows anyway: no thread is asked. Main thread. */
export function ownFigures(sources: OwnFigureSources): OwnFigures {
  const { version, config, threads, counters, storage, evaluator, kafka, loopDelay } = sources
  return {
    version,
    ready: kafka.readiness.ready,
    clusters: config.clusters.map(({ name }) => ({ name, up: kafka.clusterState(name)?.up ?? false })),
    consumers: config.consumers.map(({ name, cluster }, index) => {
      const states = kafka.readiness.statesOf(index)
      const ready = states.length === threads.kafka && states.every(({ state }) => state === 'caught-up')
      return { name, cluster, ready }
    }),
    threads: [
      { kind: 'kafka', count: threads.kafka, restarts: kafka.restarts },
      { kind: 'storage', count: threads.storage, restarts: storage.restarts },
      { kind: 'evaluator', count: threads.evaluator, restarts: evaluator.deaths }
    ],
    loopDelayMaxSeconds: loopDelay.maxSeconds,
    counters: counters.values()
  }
}
