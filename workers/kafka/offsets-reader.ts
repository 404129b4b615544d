import { appliedToIndex, offsetsPartitionsMax, startAtIndex } from '../../shared/actor/position-table.ts'
import type { ConsumerState, KnownTopics } from '../../shared/actor/thread-messages.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Counters } from '../../shared/counters.ts'
import { BurrowError, messageOf } from '../../shared/errors.ts'
import { errorName, KafkaErrorCode } from '../../shared/kafka-api/error-codes.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import { compileGroupFilter } from '../../shared/rules/group-filter.ts'
import type { ConsumerSettings } from '../../shared/settings.ts'
import { BackOff, sleep } from './back-off.ts'
import { ClusterClient } from './cluster-client.ts'
import { CommitDecoder } from './commit-decoder.ts'
import { CommitKeys } from './commit-keys.ts'
import { ConsumerReport } from './consumer-report.ts'
import { FetchLoops, restMaxMs } from './fetch-loops.ts'
import { membershipMax } from './group-members.ts'
import { KnownTopicTable } from './known-topics.ts'
import { type LostPartitionOptions, readLostPartitionAnew } from './lost-partition.ts'
import { findStarts, type OnStart } from './offset-starts.ts'
import { OffsetsPartition } from './offsets-partition.ts'
import { RareLog } from './rare-log.ts'
import { ReaderOutlet } from './reader-outlet.ts'
import { SelfReport } from './self-report.ts'
import { Signal, Wish } from './signal.ts'
import type { StorageSender } from './storage-sender.ts'
import { TopicAsks } from './topic-asks.ts'
import { type HoldBudget, heldCommitsMax } from './transactions.ts'

export interface OffsetsReaderOptions {
  readonly settings: ConsumerSettings
  /** Index of the consumer module. */
  readonly consumer: number
  readonly thread: number
  readonly threads: number
  readonly positionTable: SharedArrayBuffer
  readonly sender: StorageSender
  readonly counters: Counters
  readonly clock: Clock
  readonly logger: Logger
  post(message: ConsumerState): void
  /** To the sweeper of the cluster, on whatever thread it is. */
  want(cluster: string, topics: readonly string[]): void
}

/** Metadata of the offsets topic is refreshed this often though nothing failed: it may have got partitions. */
const refreshMs = 300_000

/**
 * Reads one consumer module's share of the offsets topic (partitions p with p mod threads = thread) and sends what it says to the shards
 * (spec 06 section 2). Kafka threads. No consumer group: it reads by partition, from where the position table says.
 */
export class OffsetsReader {
  readonly #options: OffsetsReaderOptions
  readonly #client: ClusterClient
  readonly #table: Float64Array
  readonly #topics = new KnownTopicTable()
  readonly #asks: TopicAsks
  readonly #keys: CommitKeys
  readonly #outlet: ReaderOutlet
  readonly #loops: FetchLoops
  readonly #report: ConsumerReport
  readonly #rareLog: RareLog
  readonly #lostPartitions: LostPartitionOptions
  readonly #stop = new AbortController()
  readonly #held: HoldBudget = { held: 0, max: heldCommitsMax }
  readonly #membership: HoldBudget = { held: 0, max: membershipMax }
  readonly #partitions = new Map<number, OffsetsPartition>()
  readonly #changed = new Signal()
  readonly #refreshWanted = new Wish()
  readonly #refreshBackOff = new BackOff()
  /** Of the whole offsets topic; 0 = not known yet. */
  #partitionCount = 0
  #isDrained = false
  #wasMissing = false

  /** Throws CONFIG_INVALID for servers or patterns that are none. */
  constructor(options: OffsetsReaderOptions) {
    const { settings, consumer, thread, sender, counters, clock, logger } = options
    this.#options = options
    this.#table = new Float64Array(options.positionTable)
    this.#client = new ClusterClient({
      servers: settings.servers,
      profile: settings.profile,
      logger,
      onReconnect: () => counters.add('reconnects')
    })
    const filter = compileGroupFilter(settings.groupAllowlist, settings.groupDenylist)
    this.#rareLog = new RareLog(logger, clock)
    this.#report = new ConsumerReport(consumer, thread, sender, this.#table, message => options.post(message))
    this.#keys = new CommitKeys(settings.cluster, sender.keys, sender.shards, filter, this.#topics)
    this.#outlet = new ReaderOutlet(sender, consumer)
    const { cluster, offsetsTopic } = settings
    const shared = { outlet: this.#outlet, keys: this.#keys, sender, counters, rareLog: this.#rareLog, offsetsTopic }
    const known = { cluster, topics: this.#topics, clock }
    this.#asks = new TopicAsks({ ...known, stopped: this.#stop.signal, want: options.want })
    const selfReport = new SelfReport({ ...shared, ...known, module: settings.name, enabled: settings.selfReport })
    const decoder = new CommitDecoder({ ...shared, ...known, selfReport, filter })
    this.#lostPartitions = { ...shared, cluster, selfReport, table: this.#table, logger }
    this.#loops = new FetchLoops({
      ...shared,
      client: this.#client,
      partitions: this.#partitions,
      decoder,
      stopped: this.#stop.signal,
      changed: this.#changed,
      refreshWanted: this.#refreshWanted,
      isListed: () => this.#asks.isListed,
      onGood: () => this.#refreshBackOff.reset(),
      afterWalks: () => this.#asks.askForWanted(),
      onLost: (p, start, end) => this.#onLost(p, start, end),
      onFailure: (what, error) => this.#fail(what, error)
    })
    sender.onShard((shard, beginsEmpty) => this.#onShard(shard, beginsEmpty))
    sender.onAck(() => this.#look())
  }

  /** Returns at once; everything goes on in the background until `stop`. */
  start(): void {
    this.#report.say('connecting', null)
    void this.#asks.list()
    void this.#follow()
  }

  stop(): void {
    this.#stop.abort()
    this.#client.close()
    this.#changed.raise()
  }

  learn(message: KnownTopics): void {
    if (message.cluster !== this.#options.settings.cluster) return
    this.#asks.learn(message)
    for (const p of this.#partitions.values()) if (p.waitingAt >= 0) p.restUntilMs = 0
    this.#changed.raise()
  }

  get #isAssigned(): boolean {
    return this.#partitionCount > 0
  }

  stats(): Readonly<Record<string, unknown>> {
    return {
      consumer: this.#options.settings.name,
      partitions: this.#partitions.size,
      waiting: [...this.#partitions.values()].filter(p => p.waitingAt >= 0).length,
      keys: this.#keys.size,
      heldInTransactions: this.#held.held,
      membership: this.#membership.held,
      caughtUp: this.#report.isCaughtUp
    }
  }

  #onShard(shard: number, beginsEmpty: boolean): void {
    this.#changed.raise()
    if (!beginsEmpty) return
    this.#report.fallBack()
    void this.#asks.list()
    for (const p of this.#partitions.values()) {
      if (p.position < 0) continue
      p.target = Math.max(p.target, p.position)
      p.refill(shard, Math.max(0, this.#table[startAtIndex(p.partition)]!))
      this.#outlet.sayPosition(p, shard)
    }
    this.#report.say(this.#isAssigned ? 'reading' : 'connecting', null)
    this.#look()
  }

  async #follow(): Promise<void> {
    const stopped = this.#stop.signal
    const backOff = new BackOff()
    while (!stopped.aborted) {
      try {
        if (!(await this.#refresh())) {
          await sleep(backOff.nextMs(), stopped)
          continue
        }
        backOff.reset()
      } catch (error) {
        if (stopped.aborted) return
        this.#fail('cannot follow the offsets topic', error)
        this.#report.say(this.#isAssigned ? 'reading' : 'connecting', messageOf(error))
        await sleep(backOff.nextMs(), stopped)
        continue
      }
      if (this.#isAssigned && this.#partitions.size === 0) return this.#client.close() // none are ours
      if (await this.#refreshWanted.take(refreshMs, stopped)) await sleep(this.#refreshBackOff.nextMs(), stopped)
    }
  }

  /**
   * Leaders and starts. False: there is no offsets topic yet. Rejects if something is left to find out; what was found
   * counts all the same.
   */
  async #refresh(): Promise<boolean> {
    const { settings, counters } = this.#options
    const metadata = await this.#client.metadata([settings.offsetsTopic])
    counters.add('metadata_refreshes')
    const topic = metadata.topics.find(each => each.name === settings.offsetsTopic)
    if (!topic || topic.leaders.length === 0)
      return this.#noTopic(topic?.errorCode ?? KafkaErrorCode.unknownTopicOrPartition)
    this.#assign(topic.leaders)
    for (const { leader } of this.#partitions.values()) if (leader >= 0) this.#loops.ensure(leader)
    while (!this.#options.sender.isConnected && !this.#stop.signal.aborted) {
      await this.#changed.nextWithin(restMaxMs, this.#stop.signal)
    }
    if (!this.#isDrained) await this.#options.sender.drained()
    this.#isDrained = true
    const begin: OnStart = (p, start, end) => this.#begin(p, start, end)
    await findStarts(this.#client, settings.offsetsTopic, [...this.#partitions.values()], this.#beginsAtEnd, begin)
    this.#report.say('reading', null)
    this.#look()
    this.#changed.raise()
    return true
  }

  /** A cluster that never saw a consumer has no offsets topic: with nothing to read we have caught up. */
  #noTopic(code: number): false {
    const { sender, settings } = this.#options
    if (code !== KafkaErrorCode.unknownTopicOrPartition || this.#isAssigned) {
      throw new BurrowError('BROKER_ERROR', `topic ${settings.offsetsTopic}: ${errorName(code)}`, { code })
    }
    this.#wasMissing = true
    if (sender.isConnected) this.#report.sayNothingToRead()
    return false
  }

  #assign(leaders: Int32Array): void {
    const { thread, threads, sender, logger } = this.#options
    if (leaders.length > offsetsPartitionsMax) {
      logger.error('the offsets topic has more partitions than we can follow', { partitions: leaders.length })
    }
    for (let partition = thread; partition < Math.min(leaders.length, offsetsPartitionsMax); partition += threads) {
      let p = this.#partitions.get(partition)
      if (!p) {
        p = new OffsetsPartition(partition, sender.shards, this.#held, this.#membership)
        this.#partitions.set(partition, p)
      }
      if (p.leader !== leaders[partition]!) p.restUntilMs = 0
      p.leader = leaders[partition]!
    }
    this.#partitionCount = leaders.length
  }

  /** With backfill the two phases of the original are one: read from the earliest on, in order. It is fast enough. */
  get #beginsAtEnd(): boolean {
    const { startLatest, backfillEarliest } = this.#options.settings
    return startLatest && !backfillEarliest && !this.#wasMissing
  }

  #begin(p: OffsetsPartition, start: number, end: number): void {
    p.target = Math.max(p.target, end)
    if (p.position >= 0) return
    const index = startAtIndex(p.partition)
    if (this.#table[index]! < 0) this.#table[index] = start
    p.restore(this.#table)
    for (const shard of p.sentTo.keys()) {
      if (this.#table[appliedToIndex(shard, p.partition)]! < 0) this.#outlet.sayPosition(p, shard)
    }
  }

  #look(): void {
    if (this.#isAssigned) this.#report.look(this.#partitions.values())
  }

  async #onLost(p: OffsetsPartition, start: number, end: number): Promise<void> {
    await readLostPartitionAnew(p, start, end, this.#partitionCount, this.#lostPartitions)
    this.#report.fallBack()
    this.#report.say('reading', null)
    this.#look()
  }

  #fail(what: string, error: unknown): void {
    this.#options.counters.add('broker_errors')
    this.#rareLog.warn(`${what}: ${messageOf(error)}`, {})
  }
}
