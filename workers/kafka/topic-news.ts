import { randomUUID } from 'node:crypto'
import { type KnownTopics, knownTopicsMax } from '../../shared/actor/thread-messages.ts'
import type { SweptTopic } from './swept-topic.ts'

/**
 * What sweepers and readers say to each other about topics, over main or directly. Kafka threads.
 *
 * A reader that begins, or that learnt of a new shard, must hear everything anew, and must not take news that were on their way
 * for the answer. So it wants a *marker*, a name that no topic can have, and the last message of the listing names it back.
 */
const markerStart = '#listing/'

/** Never the same twice, also not for the successor of a dead thread. */
export function listingMarker(): string {
  return `${markerStart}${randomUUID()}`
}

export function isListingMarker(topic: string): boolean {
  return topic.startsWith(markerStart)
}

const idStart = '#id/'

/** The name, such as no topic can have, by which a topic is wanted of which only the id (32 hex digits) is known. */
export function nameForId(id: string): string {
  return `${idStart}${id}`
}

/** The id that such a name stands for, null = it is a name as others. */
export function idOfName(topic: string): string | null {
  return topic.startsWith(idStart) ? topic.slice(idStart.length) : null
}

/** Says what is known of `topics`, and that `gone` do not exist, in messages of bounded size. */
export function tellTopics(
  cluster: string,
  topics: Iterable<SweptTopic>,
  gone: readonly string[],
  complete: boolean,
  post: (message: KnownTopics) => void
): void {
  const rows: { topic: string; id: string | null; partitions: number; missing: readonly number[] | null }[] = []
  for (const topic of topics) {
    rows.push({ topic: topic.name, id: topic.id, partitions: topic.partitions, missing: topic.missing() })
  }
  for (const topic of gone) rows.push({ topic, id: null, partitions: 0, missing: null })
  if (rows.length === 0 && !complete) return
  for (let from = 0; from === 0 || from < rows.length; from += knownTopicsMax) {
    const part = rows.slice(from, from + knownTopicsMax)
    post({
      kind: 'known-topics',
      cluster,
      topics: part.map(row => row.topic),
      topicIds: part.map(row => row.id),
      partitionCounts: part.map(row => row.partitions),
      missing: part.map(row => row.missing),
      complete: complete && from + knownTopicsMax >= rows.length
    })
  }
}
