import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { PositionTable } from '../../shared/actor/position-table.ts'
import type {
  ClusterState,
  KafkaInit,
  KnownTopics,
  ThreadInit,
  ToMain,
  UnlistedGroups,
  WantedTopics
} from '../../shared/actor/thread-messages.ts'
import type { LogRecord } from '../../shared/log.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { Coordinator } from '../../shared/protocol/coordinator.ts'
import type { ClusterSettings, ConsumerSettings } from '../../shared/settings.ts'
import { type ThreadState, ThreadSupervisor } from '../threads/thread-supervisor.ts'
import { Readiness } from './readiness.ts'

export interface KafkaCoordinatorOptions {
  readonly threads: number
  readonly shards: number
  readonly clusters: readonly ClusterSettings[]
  readonly consumers: readonly ConsumerSettings[]
  readonly positionTables: readonly PositionTable[]
  readonly logger: Logger
  threadInit(name: string): ThreadInit
  writeLog(record: LogRecord): void
  /** The storage coordinator's: epochs, and the way to hand a shard a port. */
  readonly storage: {
    readonly epochs: number
    epoch(shard: number): number
    isUp(shard: number): boolean
    connect(shard: number, port: MessagePort): void
  }
  onUnlistedGroups(message: UnlistedGroups): void
  onGivenUp(error: Error): void
}

/**
 * Runs the kafka threads: Burrow's cluster and consumer subsystems in one (docs/architecture.md). Main thread.
 *
 * Cluster i is swept by thread i mod K; every thread reads its share of every consumer module. Main connects threads
 * to shards, passes on what threads tell each other about topics, and keeps what they say of their state.
 */
export class KafkaCoordinator implements Coordinator {
  readonly name = 'kafka'
  readonly readiness: Readiness
  readonly #options: KafkaCoordinatorOptions
  readonly #threads: ThreadSupervisor[] = []
  readonly #clusterStates = new Map<string, ClusterState>()

  constructor(options: KafkaCoordinatorOptions) {
    this.#options = options
    this.readiness = new Readiness(options.consumers.length, options.threads, () => options.storage.epochs)
  }

  configure(): void {
    for (let thread = 0; thread < this.#options.threads; thread++) this.#threads.push(this.#supervise(thread))
  }

  async start(): Promise<void> {
    await Promise.all(this.#threads.map(thread => thread.start()))
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map(thread => thread.stop()))
  }

  /** A shard begins: every thread gets a port to it. */
  shardUp(shard: number): void {
    for (const thread of this.#threads) if (thread.up) this.#connect(thread, shard)
  }

  clusterState(cluster: string): ClusterState | null {
    return this.#clusterStates.get(cluster) ?? null
  }

  get restarts(): number {
    return this.#threads.reduce((sum, thread) => sum + thread.restarts, 0)
  }

  threadStates(): ThreadState[] {
    return this.#threads.map(({ state }) => state)
  }

  stats(deadlineMs: number): Promise<(Readonly<Record<string, unknown>> | null)[]> {
    return Promise.all(this.#threads.map(thread => thread.stats(deadlineMs)))
  }

  /** For tests: ends a thread as a crash would. */
  kill(thread: number): Promise<void> {
    return this.#threads[thread]!.kill()
  }

  #supervise(thread: number): ThreadSupervisor {
    const { threads, shards, clusters, consumers, positionTables, logger } = this.#options
    const name = `kafka-${thread}`
    return new ThreadSupervisor({
      name,
      url: new URL('../../workers/kafka/kafka.worker.js', import.meta.url),
      logger,
      workerData: (): Omit<KafkaInit, 'control'> => ({
        ...this.#options.threadInit(name),
        thread,
        threads,
        shards,
        clusters: clusters.filter((_, index) => index % threads === thread),
        consumers,
        positionTables: positionTables.map(table => table.buffer)
      }),
      onMessage: message => this.#onMessage(thread, message),
      onReady: life => this.#onReady(thread, life),
      onDeath: () => this.readiness.forgetThread(thread),
      onGivenUp: error => this.#options.onGivenUp(error)
    })
  }

  #onReady(thread: number, life: number): void {
    const supervisor = this.#threads[thread]!
    for (let shard = 0; shard < this.#options.shards; shard++) {
      if (this.#options.storage.isUp(shard)) this.#connect(supervisor, shard)
    }
    if (life === 1) return
    // The new thread has heard nothing of the clusters that others sweep: they say it again.
    for (const [index, { name }] of this.#options.clusters.entries()) {
      if (index % this.#options.threads === thread) continue
      this.#sweeperOf(index).post({ kind: 'wanted-topics', cluster: name, topics: [] })
    }
  }

  #connect(thread: ThreadSupervisor, shard: number): void {
    const { port1, port2 } = new MessageChannel()
    const { storage } = this.#options
    storage.connect(shard, port1)
    thread.post({ kind: 'connect', shard, epoch: storage.epoch(shard), port: port2 }, [port2])
  }

  #onMessage(from: number, message: ToMain): void {
    switch (message.kind) {
      case 'log':
        this.#options.writeLog(message.record)
        return
      case 'cluster-state':
        this.#clusterStates.set(message.cluster, message)
        return
      case 'consumer-state':
        this.readiness.report(message)
        return
      case 'known-topics':
        this.#passOn(from, message)
        return
      case 'wanted-topics':
        this.#passToSweeper(message)
        return
      case 'unlisted-groups':
        this.#options.onUnlistedGroups(message)
        return
      default:
        return
    }
  }

  #passOn(from: number, message: KnownTopics): void {
    for (const [index, thread] of this.#threads.entries()) if (index !== from) thread.post(message)
  }

  #passToSweeper(message: WantedTopics): void {
    const index = this.#options.clusters.findIndex(cluster => cluster.name === message.cluster)
    if (index >= 0) this.#sweeperOf(index).post(message)
  }

  #sweeperOf(cluster: number): ThreadSupervisor {
    return this.#threads[cluster % this.#options.threads]!
  }
}
