import { createPositionTable, type PositionTable } from '../../shared/actor/position-table.ts'
import type { ConsumerState, KnownTopics, ToMain } from '../../shared/actor/thread-messages.ts'
import { createClockWord } from '../../shared/clock.ts'
import { type CounterName, createCounterBlock, sumCounters } from '../../shared/counters.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { ClusterSettings, ConsumerSettings } from '../../shared/settings.ts'
import { KafkaActor } from '../../workers/kafka/kafka-actor.ts'
import { ModelShard } from './model-shard.ts'

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger
}

export const testProfile = {
  name: '',
  clientId: 'burrow-test',
  kafkaVersion: '2.1.0',
  dialTimeoutMs: 1000,
  readTimeoutMs: 1000,
  tls: null,
  sasl: null,
  iam: null
}

export function clusterSettings(servers: readonly string[], more: Partial<ClusterSettings> = {}): ClusterSettings {
  return {
    name: 'c',
    servers,
    profile: testProfile,
    topicRefreshSeconds: 60,
    offsetRefreshSeconds: 0.1,
    groupsReaperRefreshSeconds: 0,
    ...more
  }
}

export function consumerSettings(servers: readonly string[], more: Partial<ConsumerSettings> = {}): ConsumerSettings {
  return {
    name: 'local',
    cluster: 'c',
    servers,
    profile: testProfile,
    offsetsTopic: '__consumer_offsets',
    startLatest: false,
    backfillEarliest: false,
    selfReport: true,
    groupAllowlist: '',
    groupDenylist: '',
    ...more
  }
}

export interface KafkaFixtureOptions {
  readonly clusters: readonly ClusterSettings[]
  readonly consumers: readonly ConsumerSettings[]
  readonly threads?: number
  readonly shards?: number
}

/** Kafka threads in this process, with model shards and main's part of the conversation. */
export class KafkaFixture {
  readonly tables: readonly PositionTable[]
  readonly shards: readonly ModelShard[]
  readonly messages: ToMain[] = []
  readonly #options: KafkaFixtureOptions
  readonly #actors: (KafkaActor | null)[] = []
  readonly #counters = createCounterBlock()
  readonly #clock = createClockWord()

  constructor(options: KafkaFixtureOptions) {
    this.#options = options
    const { shards = 1, threads = 1, consumers } = options
    this.tables = consumers.map(() => createPositionTable(shards))
    this.shards = Array.from({ length: shards }, (_, shard) => new ModelShard(shard, this.tables))
    for (let thread = 0; thread < threads; thread++) this.startThread(thread)
  }

  startThread(thread: number): void {
    const { clusters, consumers, threads = 1, shards = 1 } = this.#options
    const actor = new KafkaActor(
      {
        name: `kafka-${thread}`,
        logLevel: new SharedArrayBuffer(4),
        counters: this.#counters,
        clock: this.#clock,
        thread,
        threads,
        shards,
        clusters: clusters.filter((_, index) => index % threads === thread),
        consumers,
        positionTables: this.tables.map(table => table.buffer)
      },
      silentLogger,
      message => this.#onMessage(thread, message),
      () => {}
    )
    this.#actors[thread] = actor
    actor.start()
    for (const shard of this.shards) this.#connect(actor, shard)
  }

  /** As a crash: it is not asked. */
  killThread(thread: number): void {
    this.#actors[thread]?.stop()
    this.#actors[thread] = null
  }

  killShard(shard: number): void {
    this.shards[shard]!.kill()
  }

  /** A killed shard's successor is there. */
  reconnectShard(shard: number): void {
    for (const actor of this.#actors) if (actor) this.#connect(actor, this.shards[shard]!)
  }

  /** As another thread would ask, by way of main. */
  wantTopics(topics: readonly string[]): void {
    this.#actors[0]?.receive({ kind: 'wanted-topics', cluster: this.#options.clusters[0]!.name, topics })
  }

  stop(): void {
    for (const thread of this.#actors.keys()) this.killThread(thread)
    for (const shard of this.shards) shard.close()
  }

  count(name: CounterName): number {
    return sumCounters([this.#counters])[name]
  }

  get commits() {
    return this.shards.flatMap(shard => shard.commits)
  }

  consumerStates(): ConsumerState[] {
    return this.messages.filter((message): message is ConsumerState => message.kind === 'consumer-state')
  }

  isCaughtUp(thread = 0, consumer = 0): boolean {
    const epochs = this.shards.reduce((sum, shard) => sum + shard.epoch, 0)
    const last = this.consumerStates().findLast(state => state.thread === thread && state.consumer === consumer)
    return last?.state === 'caught-up' && last.epochs === epochs
  }

  knownTopics(): KnownTopics[] {
    return this.messages.filter((message): message is KnownTopics => message.kind === 'known-topics')
  }

  stats(thread = 0): Readonly<Record<string, unknown>> {
    return this.#actors[thread]!.stats()
  }

  #connect(actor: KafkaActor, shard: ModelShard): void {
    actor.receive({ kind: 'connect', shard: shard.shard, epoch: shard.epoch, port: shard.dial() })
  }

  #onMessage(thread: number, message: ToMain): void {
    this.messages.push(message)
    const { clusters, threads = 1 } = this.#options
    if (message.kind === 'known-topics') {
      for (const [index, actor] of this.#actors.entries()) if (index !== thread) actor?.receive(message)
    }
    if (message.kind === 'wanted-topics') {
      const index = clusters.findIndex(cluster => cluster.name === message.cluster)
      this.#actors[index % threads]?.receive(message)
    }
  }
}
