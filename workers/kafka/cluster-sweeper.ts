import type { ClusterState, KnownTopics, UnlistedGroups } from '../../shared/actor/thread-messages.ts'
import { type Clock, wholeSeconds } from '../../shared/clock.ts'
import type { Counters } from '../../shared/counters.ts'
import { BurrowError, messageOf } from '../../shared/errors.ts'
import { errorName, isRetriable, KafkaErrorCode } from '../../shared/kafka-api/error-codes.ts'
import { decodeListOffsets, listOffsetsApi } from '../../shared/kafka-api/list-offsets.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { ClusterSettings } from '../../shared/settings.ts'
import { BackOff, sleep } from './back-off.ts'
import { ClusterClient } from './cluster-client.ts'
import { EndOffsetOutlet } from './end-offset-outlet.ts'
import { GroupsReaper } from './groups-reaper.ts'
import { RareLog } from './rare-log.ts'
import { Wish } from './signal.ts'
import type { StorageSender } from './storage-sender.ts'
import { planSweep, type SweepPlan } from './sweep-plan.ts'
import type { SweptTopic } from './swept-topic.ts'
import { TopicBook } from './topic-book.ts'
import { tellTopics } from './topic-news.ts'
import { TopicWants } from './topic-wants.ts'

/** The first sweep counts as complete after this long even if a broker has not answered: its partitions are missing then. */
export const firstSweepMaxMs = 10_000
/** Between refreshes that failures, or partitions without a leader, ask for, at most. */
export const refreshBackOffMs = 30_000

export interface ClusterSweeperOptions {
  readonly settings: ClusterSettings
  readonly sender: StorageSender
  readonly counters: Counters
  readonly clock: Clock
  readonly logger: Logger
  /** To main, and to the readers of this thread. */
  post(message: ClusterState | KnownTopics | UnlistedGroups): void
}

/**
 * Follows one cluster: its topics every topic-refresh, their end offsets every offset-refresh (spec 06 section 1; spec 09 E11,
 * B12). Kafka threads. Brokers are asked in parallel, each at its own pace: one that is slow delays nobody else's offsets and
 * is not asked again while it owes an answer.
 */
export class ClusterSweeper {
  readonly #options: ClusterSweeperOptions
  readonly #client: ClusterClient
  readonly #outlet: EndOffsetOutlet
  readonly #rareLog: RareLog
  readonly #stop = new AbortController()
  readonly #book: TopicBook
  readonly #refreshWanted = new Wish()
  readonly #refreshBackOff = new BackOff(refreshBackOffMs)
  readonly #wants: TopicWants
  readonly #reaper: GroupsReaper
  readonly #owing = new Set<number>()
  #planByNode = new Map<number, SweepPlan>()
  #timer: NodeJS.Timeout | undefined
  #reaperTimer: NodeJS.Timeout | undefined
  #isComplete = false
  #hasLeaderless = false
  #state: ClusterState | null = null

  /** Throws CONFIG_INVALID for servers that are none. */
  constructor(options: ClusterSweeperOptions) {
    const { settings, sender, counters, clock, logger } = options
    this.#options = options
    this.#client = new ClusterClient({
      servers: settings.servers,
      profile: settings.profile,
      logger,
      onReconnect: () => counters.add('reconnects')
    })
    this.#outlet = new EndOffsetOutlet(settings.name, sender)
    this.#rareLog = new RareLog(logger, clock)
    this.#book = new TopicBook(this.#outlet, logger, this.#rareLog, (topics, gone) => this.#tell(topics, gone))
    this.#wants = new TopicWants({
      cluster: settings.name,
      stopped: this.#stop.signal,
      all: () => this.#book.all(),
      has: name => this.#book.get(name) !== undefined,
      look: (names, ids) => this.#look(names, ids),
      settled: () => sender.settled(),
      post: this.#post,
      onFailure: error => this.#fail('cannot look for topics', error)
    })
    this.#reaper = new GroupsReaper({
      cluster: settings.name,
      client: this.#client,
      sender,
      counters,
      post: message => options.post(message)
    })
    sender.onShard(shard => this.#outlet.fill(shard, this.#book.all(), this.#nowMs()))
  }

  /** Returns at once; everything goes on in the background until `stop`. */
  start(): void {
    void this.#followTopics()
    void this.#wants.answer()
    this.#timer = setInterval(
      () => void this.#sweep(this.#planByNode),
      this.#options.settings.offsetRefreshSeconds * 1000
    )
    const { groupsReaperRefreshSeconds } = this.#options.settings
    if (groupsReaperRefreshSeconds > 0) {
      this.#reaperTimer = setInterval(() => void this.#reap(), groupsReaperRefreshSeconds * 1000)
    }
  }

  stop(): void {
    this.#stop.abort()
    clearInterval(this.#timer)
    clearInterval(this.#reaperTimer)
    this.#client.close()
  }

  /** Somebody reads commits of these topics; see TopicWants. */
  want(topics: readonly string[]): void {
    this.#wants.want(topics)
  }

  stats(): Readonly<Record<string, unknown>> {
    const { name } = this.#options.settings
    return {
      cluster: name,
      topics: this.#book.size,
      brokers: this.#planByNode.size,
      up: this.#state?.up ?? false
    }
  }

  async #followTopics(): Promise<void> {
    const { settings } = this.#options
    const backOff = new BackOff()
    const leaderBackOff = new BackOff(refreshBackOffMs)
    while (!this.#stop.signal.aborted) {
      try {
        await this.#refresh()
        this.#say(true, null)
      } catch (error) {
        if (this.#stop.signal.aborted) return
        this.#fail('cannot get metadata', error)
        this.#say(false, messageOf(error))
        await sleep(backOff.nextMs(), this.#stop.signal)
        continue
      }
      backOff.reset()
      if (!this.#isComplete) await this.#firstSweep()
      else void this.#sweep(this.#planByNode)
      if (!this.#hasLeaderless) leaderBackOff.reset()
      const waitMs = Math.min(
        settings.topicRefreshSeconds * 1000,
        this.#hasLeaderless ? leaderBackOff.nextMs() : Infinity
      )
      const isEarly = await this.#refreshWanted.take(waitMs, this.#stop.signal)
      if (isEarly) await sleep(this.#refreshBackOff.nextMs(), this.#stop.signal)
    }
  }

  /** Not before the first sweep: until then nothing is in storage that we know to be whole. */
  async #reap(): Promise<void> {
    if (!this.#isComplete) return
    try {
      await this.#reaper.round()
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#fail('no groups are removed this time', error)
    }
  }

  async #refresh(): Promise<void> {
    const metadata = await this.#client.metadata(null)
    this.#options.counters.add('metadata_refreshes')
    this.#hasLeaderless = metadata.topics.some(topic => topic.leaders.includes(-1))
    if (this.#book.dropUnlisted(this.#book.merge(metadata))) this.#refreshWanted.ask()
    this.#planByNode = planSweep(this.#book.all())
  }

  async #firstSweep(): Promise<void> {
    await Promise.race([this.#sweep(this.#planByNode), sleep(firstSweepMaxMs, this.#stop.signal)])
    await this.#options.sender.settled()
    if (this.#stop.signal.aborted) return
    this.#isComplete = true
    this.#wants.complete()
  }

  async #sweep(planByNode: ReadonlyMap<number, SweepPlan>): Promise<void> {
    const results = await Promise.all([...planByNode.values()].map(plan => this.#sweepBroker(plan)))
    if (this.#stop.signal.aborted) return
    if (results.length > 0) this.#options.counters.add('end_offset_sweeps')
    if (results.every(isGood => isGood)) this.#refreshBackOff.reset()
    else this.#refreshWanted.ask()
  }

  /** True: every partition had an answer. */
  async #sweepBroker(plan: SweepPlan): Promise<boolean> {
    const { nodeId } = plan
    if (this.#owing.has(nodeId)) return true
    this.#owing.add(nodeId)
    try {
      const { bytes, version } = await this.#client.send(nodeId, listOffsetsApi, each => plan.request(each))
      decodeListOffsets(bytes, version, plan.topicNames, plan.answer)
      this.#client.trust(nodeId)
      await this.#options.sender.room()
      return this.#stop.signal.aborted || this.#apply(plan)
    } catch (error) {
      if (this.#stop.signal.aborted) return true
      if (error instanceof BurrowError && error.code === 'PROTOCOL_DECODE') this.#client.distrust(nodeId)
      this.#fail('cannot list end offsets', error)
      return false
    } finally {
      this.#owing.delete(nodeId)
    }
  }

  #apply({ answer, topics, nodeId }: SweepPlan): boolean {
    const { counters } = this.#options
    this.#outlet.renameIfForgotten(() => this.#book.all())
    const nowMs = this.#nowMs()
    const news: [SweptTopic, number][] = []
    let errors = 0
    let told = 0
    for (let row = 0; row < answer.count; row++) {
      const topic = topics[answer.topics[row]!]!
      const partition = answer.partitions[row]!
      const code = answer.errorCodes[row]!
      const offset = answer.offsets[row]!
      if (!topic.isAlive || partition < 0 || partition >= topic.partitions) continue
      if (code !== KafkaErrorCode.none) {
        if (isRetriable(code)) errors++
        this.#rareLog.warn(`end offset error ${errorName(code)}`, { topic: topic.name, partition, broker: nodeId })
        continue
      }
      if (!(offset >= 0)) {
        counters.add('refused_out_of_range')
        continue
      }
      if (topic.isRecreatedBy(partition, offset)) {
        this.#book.recreate(topic)
        this.want([topic.name]) // its other partitions lost what was told just now
      }
      if (offset < topic.ends[partition]!) errors++ // records were lost, or it is another topic already: metadata will tell
      topic.ends[partition] = offset
      this.#outlet.add(topic, partition, offset, nowMs)
      told++
      if (topic.known[partition] === 0) news.push([topic, partition])
    }
    this.#outlet.flush()
    counters.add('end_offsets', told)
    if (news.length > 0) void this.#tellWhenSettled(news)
    return errors === 0
  }

  /** Partitions are known when every shard has an end offset for them. */
  async #tellWhenSettled(news: readonly [SweptTopic, number][]): Promise<void> {
    await this.#options.sender.settled()
    const topics = new Set<SweptTopic>()
    for (const [topic, partition] of news) {
      if (!topic.isAlive || Number.isNaN(topic.ends[partition]!)) continue
      topic.known[partition] = 1
      topics.add(topic)
    }
    if (this.#isComplete) this.#tell([...topics], [])
  }

  async #look(names: readonly string[], ids: readonly string[]): Promise<readonly SweptTopic[]> {
    const found: SweptTopic[] = []
    if (names.length > 0) found.push(...this.#book.merge(await this.#client.metadata(names)))
    if (ids.length > 0) found.push(...this.#book.merge(await this.#client.metadataById(ids)))
    this.#options.counters.add('metadata_refreshes')
    this.#planByNode = planSweep(this.#book.all())
    await this.#sweepFound(found)
    return found
  }

  /** The end offsets of a few topics, at once, whatever else is being asked. */
  async #sweepFound(topics: readonly SweptTopic[]): Promise<void> {
    await Promise.all(
      [...planSweep(topics).values()].map(async plan => {
        const { bytes, version } = await this.#client.send(plan.nodeId, listOffsetsApi, each => plan.request(each))
        decodeListOffsets(bytes, version, plan.topicNames, plan.answer)
        await this.#options.sender.room()
        this.#apply(plan)
      })
    )
    await this.#options.sender.settled()
  }

  readonly #post = (message: KnownTopics): void => this.#options.post(message)

  #tell(topics: readonly SweptTopic[], gone: readonly string[]): void {
    tellTopics(this.#options.settings.name, topics, gone, false, this.#post)
  }

  #say(up: boolean, error: string | null): void {
    if (this.#state?.up === up && this.#state.error === error) return
    this.#state = { kind: 'cluster-state', cluster: this.#options.settings.name, up, error }
    this.#options.post(this.#state)
  }

  #fail(what: string, error: unknown): void {
    this.#options.counters.add('broker_errors')
    this.#rareLog.warn(`${what}: ${messageOf(error)}`, {})
  }

  #nowMs(): number {
    return wholeSeconds(this.#options.clock) * 1000
  }
}
