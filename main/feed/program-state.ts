import { type CounterBlock, type CounterName, counterNames, sumCounters } from '../../shared/counters.ts'
import type { AppConfig } from '../config/app-config.ts'
import type { EvaluatorCoordinator } from '../evaluator/evaluator-coordinator.ts'
import type { KafkaCoordinator } from '../kafka/kafka-coordinator.ts'
import type { LoopDelay } from '../metrics/loop-delay.ts'
import type { StorageCoordinator } from '../storage/storage-coordinator.ts'

/** How a cluster is. */
export interface ClusterCondition {
  readonly name: string
  readonly up: boolean
  /** What is said of its groups is complete. */
  readonly ready: boolean
  readonly error: string | null
}

export interface ProgramStateSources {
  readonly config: AppConfig
  /** Those of modules that are not ours too. */
  readonly clusterNames: readonly string[]
  readonly kafkaThreads: number
  readonly counters: ReadonlyMap<string, CounterBlock>
  readonly storage: StorageCoordinator
  readonly evaluator: EvaluatorCoordinator
  readonly kafka: KafkaCoordinator
  readonly loopDelay: LoopDelay
  /** Consumers that read ZooKeeper have read everything once. */
  zookeeperReady(): boolean
  isReady(): boolean
  /** Requests under way over HTTP. */
  openRequests(): number
  /** Clients of the feed. */
  feedClients(): number
}

/** The program's own state for the feed, from what main knows anyway: no thread is asked. Main thread. */
export class ProgramState {
  readonly #sources: ProgramStateSources
  #commits: { readonly count: number; readonly atMs: number } | null = null

  constructor(sources: ProgramStateSources) {
    this.#sources = sources
  }

  /** A cluster of a module that is not ours has no state of its own: it is up as long as the program is. */
  conditions(): ClusterCondition[] {
    const { config, clusterNames, kafka } = this.#sources
    const ours = new Set(config.clusters.map(({ name }) => name))
    return clusterNames.map(name => {
      const state = kafka.clusterState(name)
      const up = ours.has(name) ? (state?.up ?? false) : true
      return { name, up, ready: this.#caughtUp(name), error: state?.error ?? null }
    })
  }

  /** Commits a second are those since the last call; 0 at the first. */
  health(): object {
    const { storage, kafka, evaluator, counters, loopDelay, isReady, openRequests, feedClients } = this.#sources
    const sums = sumCounters(counters.values())
    const { waiting, tasksOpen } = evaluator.pages
    return {
      ready: isReady(),
      nowMs: Date.now(),
      commitsPerSecond: this.#commitsPerSecond(sums.commits + sums.zookeeper_commits),
      rssBytes: process.memoryUsage.rss(),
      loopDelayMaxMs: Math.round(loopDelay.maxSeconds * 1e6) / 1e3,
      threads: [...kafka.threadStates(), ...storage.threadStates(), ...evaluator.threadStates()],
      queues: {
        pagesWaiting: waiting,
        evaluatorTasks: tasksOpen,
        httpRequests: openRequests(),
        eventClients: feedClients()
      },
      refusals: Object.fromEntries(refusalNames.map(name => [name.slice(refusalPrefix.length), sums[name]])),
      clusters: this.conditions().map(({ name, up, error }) => ({ name, up, error }))
    }
  }

  #caughtUp(cluster: string): boolean {
    const { config, kafka, kafkaThreads, zookeeperReady } = this.#sources
    if (config.zookeeperConsumers.some(consumer => consumer.cluster === cluster) && !zookeeperReady()) return false
    return config.consumers.every((consumer, index) => {
      if (consumer.cluster !== cluster) return true
      const states = kafka.readiness.statesOf(index)
      return states.length === kafkaThreads && states.every(({ state }) => state === 'caught-up')
    })
  }

  #commitsPerSecond(count: number): number {
    const before = this.#commits
    const atMs = performance.now()
    this.#commits = { count, atMs }
    return before ? Math.round(((count - before.count) * 1000) / Math.max(1, atMs - before.atMs)) : 0
  }
}

const refusalPrefix = 'refused_'
const refusalNames: readonly CounterName[] = counterNames.filter(name => name.startsWith(refusalPrefix))
