import { errorName, KafkaErrorCode } from '../../shared/kafka-api/error-codes.ts'
import type { Metadata } from '../../shared/kafka-api/metadata.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { EndOffsetOutlet } from './end-offset-outlet.ts'
import type { RareLog } from './rare-log.ts'
import { SweptTopic } from './swept-topic.ts'

/** Full listings in a row that must lack a topic before its data goes: a broker that has just started lists too little. */
export const missedListingsMax = 2

/**
 * The topics of a cluster, kept in step with its metadata. Kafka threads; one per sweeper. What goes (deleted, or created
 * again) is told to the readers first, so that they hold its commits, and then deleted in every shard.
 */
export class TopicBook {
  readonly #outlet: EndOffsetOutlet
  readonly #logger: Logger
  readonly #rareLog: RareLog
  readonly #tell: (topics: readonly SweptTopic[], gone: readonly string[]) => void
  readonly #topicByName = new Map<string, SweptTopic>()

  constructor(
    outlet: EndOffsetOutlet,
    logger: Logger,
    rareLog: RareLog,
    tell: (topics: readonly SweptTopic[], gone: readonly string[]) => void
  ) {
    this.#outlet = outlet
    this.#logger = logger
    this.#rareLog = rareLog
    this.#tell = tell
  }

  get size(): number {
    return this.#topicByName.size
  }
  get(name: string): SweptTopic | undefined {
    return this.#topicByName.get(name)
  }
  all(): readonly SweptTopic[] {
    return [...this.#topicByName.values()]
  }

  /** Takes over what is said of the topics named; returns those that exist. Topics that are not named are left alone. */
  merge(metadata: Metadata): SweptTopic[] {
    const topics: SweptTopic[] = []
    for (const found of metadata.topics) {
      if (found.errorCode === KafkaErrorCode.unknownTopicOrPartition) continue
      if (found.errorCode === KafkaErrorCode.unknownTopicId) continue
      let topic = this.#topicByName.get(found.name)
      if (found.leaders.length === 0) {
        this.#rareLog.warn(`topic error ${errorName(found.errorCode)}`, { topic: found.name })
        if (topic) topic.missedListings = 0 // it is there; what is known of it stays
      } else if (!topic) {
        topic = this.#add(new SweptTopic(found))
      } else if (!topic.update(found)) {
        this.recreate(topic, found.leaders.length)
        topic.isAlive = false
        topic = this.#add(new SweptTopic(found))
      }
      if (found.leaders.includes(-1)) this.#rareLog.warn('topic has partitions without leader', { topic: found.name })
      if (topic) topics.push(topic)
    }
    return topics
  }

  /** After the merge of a full listing: forgets what it did not have. True if something may be gone, but is not sure yet. */
  dropUnlisted(listed: readonly SweptTopic[]): boolean {
    const isListed = new Set(listed)
    const gone: SweptTopic[] = []
    let isUnsure = false
    for (const topic of this.#topicByName.values()) {
      if (isListed.has(topic)) continue
      if (++topic.missedListings >= missedListingsMax) gone.push(topic)
      else isUnsure = true
    }
    if (gone.length > 0) this.#forget(gone)
    return isUnsure
  }

  /** The topic is another one of the same name: the end offsets of the old one go. Its windows went by tombstones. */
  recreate(topic: SweptTopic, partitions = topic.partitions): void {
    this.#logger.info('topic was deleted and created again', { topic: topic.name })
    topic.restart()
    this.#tell([topic], [])
    this.#outlet.nameTopic(topic)
    this.#outlet.restartTopic(topic, partitions)
  }

  #add(topic: SweptTopic): SweptTopic {
    this.#outlet.nameTopic(topic)
    this.#topicByName.set(topic.name, topic)
    return topic
  }

  #forget(topics: readonly SweptTopic[]): void {
    const names = topics.map(topic => topic.name)
    for (const topic of topics) {
      topic.isAlive = false
      this.#topicByName.delete(topic.name)
      this.#logger.info('topic was deleted', { topic: topic.name })
    }
    this.#tell([], names)
    this.#outlet.deleteTopics(names)
  }
}
