import type { FromMain, KafkaInit, KnownTopics, ThreadControl, ToMain } from '../../shared/actor/thread-messages.ts'
import { clockFromWord } from '../../shared/clock.ts'
import { Counters } from '../../shared/counters.ts'
import { unreachable } from '../../shared/errors.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import { ClusterSweeper } from './cluster-sweeper.ts'
import { OffsetsReader } from './offsets-reader.ts'
import { StorageSender } from './storage-sender.ts'

/** All that one kafka thread does: the sweepers of its clusters, its share of every consumer module, the ways to storage. */
export class KafkaActor {
  readonly control: ThreadControl
  readonly #post: (message: ToMain) => void
  readonly #sender: StorageSender
  readonly #sweeperByCluster = new Map<string, ClusterSweeper>()
  readonly #readers: OffsetsReader[] = []

  /** `post` goes to main, `ended` is called when `stop` was asked for and done. */
  constructor(init: Omit<KafkaInit, 'control'>, logger: Logger, post: (message: ToMain) => void, ended: () => void) {
    const counters = new Counters(init.counters)
    const clock = clockFromWord(init.clock)
    this.#post = post
    this.#sender = new StorageSender(init.shards)
    for (const settings of init.clusters) {
      const sweeper = new ClusterSweeper({
        settings,
        sender: this.#sender,
        counters,
        clock,
        logger: logger.child({ coordinator: 'cluster', name: settings.name }),
        post: message => {
          if (message.kind === 'known-topics') this.#learn(message)
          post(message)
        }
      })
      this.#sweeperByCluster.set(settings.name, sweeper)
    }
    for (const [consumer, settings] of init.consumers.entries()) {
      const reader = new OffsetsReader({
        settings,
        consumer,
        thread: init.thread,
        threads: init.threads,
        positionTable: init.positionTables[consumer]!,
        sender: this.#sender,
        counters,
        clock,
        logger: logger.child({ coordinator: 'consumer', name: settings.name }),
        post,
        want: (cluster, topics) => this.#want(cluster, topics)
      })
      this.#readers.push(reader)
    }
    this.control = {
      stop: async () => {
        this.stop()
        ended()
      },
      stats: async () => this.stats()
    }
  }

  start(): void {
    for (const sweeper of this.#sweeperByCluster.values()) sweeper.start()
    for (const reader of this.#readers) reader.start()
  }

  receive(message: FromMain): void {
    switch (message.kind) {
      case 'connect':
        this.#sender.connect(message.shard, message.epoch, message.port)
        break
      case 'known-topics':
        this.#learn(message)
        break
      case 'wanted-topics':
        this.#sweeperByCluster.get(message.cluster)?.want(message.topics)
        break
      case 'epoch':
        break // for evaluators; we learn of a new shard by its port
      default:
        unreachable(message)
    }
  }

  stop(): void {
    for (const reader of this.#readers) reader.stop()
    for (const sweeper of this.#sweeperByCluster.values()) sweeper.stop()
    this.#sender.close()
  }

  stats(): Readonly<Record<string, unknown>> {
    return {
      clusters: [...this.#sweeperByCluster.values()].map(sweeper => sweeper.stats()),
      consumers: this.#readers.map(reader => reader.stats()),
      keys: this.#sender.keys.count,
      unacknowledged: this.#sender.lanes.map(lane => lane.open)
    }
  }

  #learn(message: KnownTopics): void {
    for (const reader of this.#readers) reader.learn(message)
  }

  #want(cluster: string, topics: readonly string[]): void {
    const sweeper = this.#sweeperByCluster.get(cluster)
    if (sweeper) sweeper.want(topics)
    else this.#post({ kind: 'wanted-topics', cluster, topics })
  }
}
