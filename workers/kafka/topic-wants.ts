import type { KnownTopics } from '../../shared/actor/thread-messages.ts'
import { sleep } from './back-off.ts'
import { Wish } from './signal.ts'
import type { SweptTopic } from './swept-topic.ts'
import { idOfName, isListingMarker, tellTopics } from './topic-news.ts'

/** A topic that somebody wants and that is not there is asked for this often, so long apart: a new topic spreads slowly. */
export const wantedTries = 3
export const wantedPauseMs = 400
/** Between two answers to wants: what comes meanwhile is asked together. */
export const wantedGapMs = 100
/** Nobody need wake us for this long. */
const wantedCheckMs = 60_000

export interface TopicWantsOptions {
  readonly cluster: string
  readonly stopped: AbortSignal
  /** All topics, and whether one is there. */
  all(): readonly SweptTopic[]
  has(name: string): boolean
  /** Asks the brokers for these topics and their end offsets; answers with those that exist, all shards having been told. */
  look(names: readonly string[], ids: readonly string[]): Promise<readonly SweptTopic[]>
  /** Resolves when every shard has what it was sent. */
  settled(): Promise<void>
  post(message: KnownTopics): void
  onFailure(error: unknown): void
}

/**
 * Answers those who want to know of topics (topic-news.ts): of some, looked for at once, or of all that are known. Kafka threads;
 * one per sweeper.
 */
export class TopicWants {
  readonly #options: TopicWantsOptions
  readonly #wanted = new Set<string>()
  readonly #markers = new Set<string>()
  readonly #someWanted = new Wish()
  #isComplete = false

  constructor(options: TopicWantsOptions) {
    this.#options = options
  }

  /** Somebody reads commits of these topics. None: say everything again; so does a marker, which is said back. */
  want(topics: readonly string[]): void {
    if (topics.length === 0) this.#markers.add('')
    for (const topic of topics) (isListingMarker(topic) ? this.#markers : this.#wanted).add(topic)
    this.#someWanted.ask()
  }

  /** The first sweep is over: now all that is known can be said, and is. */
  complete(): void {
    this.#isComplete = true
    this.want([])
  }

  /** Until stopped. */
  async answer(): Promise<void> {
    const { stopped } = this.#options
    while (!stopped.aborted) {
      if (this.#wanted.size === 0 && (this.#markers.size === 0 || !this.#isComplete)) {
        await this.#someWanted.take(wantedCheckMs, stopped)
        continue
      }
      if (this.#isComplete && this.#markers.size > 0) await this.#tellAll()
      if (this.#wanted.size > 0) await this.#tellWanted()
      await sleep(wantedGapMs, stopped)
    }
  }

  async #tellAll(): Promise<void> {
    const markers = [...this.#markers]
    this.#markers.clear()
    await this.#options.settled()
    if (this.#options.stopped.aborted) return
    this.#tell(
      this.#options.all(),
      markers.filter(each => each !== ''),
      true
    )
  }

  async #tellWanted(): Promise<void> {
    const { stopped, look, has, onFailure } = this.#options
    let wanted = [...this.#wanted]
    this.#wanted.clear()
    for (let left = wantedTries; left > 0 && wanted.length > 0 && !stopped.aborted; left--) {
      try {
        const ids = wanted.flatMap(name => idOfName(name) ?? [])
        const found = await look(
          wanted.filter(name => idOfName(name) === null),
          ids
        )
        this.#tell(found, [], false)
        const isFound = new Set(found.flatMap(({ name, id }) => [name, id]))
        wanted = wanted.filter(name => !isFound.has(idOfName(name) ?? name))
      } catch (error) {
        onFailure(error)
      }
      if (wanted.length > 0) await sleep(wantedPauseMs, stopped)
    }
    const gone = wanted.filter(name => !has(name))
    if (gone.length > 0) this.#tell([], gone, false)
  }

  #tell(topics: readonly SweptTopic[], gone: readonly string[], complete: boolean): void {
    tellTopics(this.#options.cluster, topics, gone, complete, this.#options.post)
  }
}
