import type { KnownTopics } from '../../shared/actor/thread-messages.ts'
import type { Clock } from '../../shared/clock.ts'
import { sleep } from './back-off.ts'
import type { KnownTopicTable } from './known-topics.ts'
import { listingMarker } from './topic-news.ts'

/** The sweeper is asked for the list of topics again after this long without an answer. */
const listingAskMs = 2_000

export interface TopicAsksOptions {
  readonly cluster: string
  readonly topics: KnownTopicTable
  readonly clock: Clock
  readonly stopped: AbortSignal
  /** To the sweeper of the cluster, on whatever thread it is. */
  want(cluster: string, topics: readonly string[]): void
}

/** A reader's talk with the sweeper of its cluster: all topics at the beginning, later those that it meets. Kafka threads. */
export class TopicAsks {
  readonly #options: TopicAsksOptions
  #marker = ''
  #isListed = false

  constructor(options: TopicAsksOptions) {
    this.#options = options
  }

  /** All topics were listed since that was asked for; only then can commits be judged. */
  get isListed(): boolean {
    return this.#isListed
  }

  /** Forgets what is known. Every shard is told of the topics before we are; asked until answered: a thread may be starting. */
  async list(): Promise<void> {
    const { cluster, topics, stopped, want } = this.#options
    const marker = listingMarker()
    this.#marker = marker
    this.#isListed = false
    topics.forget()
    while (this.#marker === marker && !stopped.aborted) {
      want(cluster, [marker])
      await sleep(listingAskMs, stopped)
    }
  }

  /** Of the topics that something waits for. */
  askForWanted(): void {
    const wanted = this.#options.topics.takeWanted()
    if (wanted.length > 0) this.#options.want(this.#options.cluster, wanted)
  }

  learn(message: KnownTopics): void {
    this.#options.topics.learn(message, this.#options.clock.nowMs())
    if (message.complete && this.#marker !== '' && message.topics.includes(this.#marker)) {
      this.#marker = ''
      this.#isListed = true
    }
  }
}
