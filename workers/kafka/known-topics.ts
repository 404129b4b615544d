import type { KnownTopics } from '../../shared/actor/thread-messages.ts'
import { nameForId } from './topic-news.ts'

/**
 * Which partitions of a cluster have end offsets in every storage shard, as the sweeper of the cluster says (docs/architecture.md,
 * "Known topics"). Read for every commit, so topics are numbers here. Kafka threads; one per consumer module and thread.
 *
 * A commit that names something else waits: its offsets partition is not read on, which keeps the order and needs no memory.
 * The waits are bounded: each ends with an answer, or when `waitMaxMs` have passed; then the commit is dropped and counted.
 */

/** How long commits wait for an answer about a topic, or for a partition to get a leader, in one outage. */
export const waitMaxMs = 15_000
/** An ask that was not answered is made again after so long: it may have gone to a thread that died. */
export const askAgainMs = 2_000
/** An answer "does not exist" is good for so long; then a commit for that topic asks again. */
export const answerGoodMs = 1_000
/**
 * A topic that was not listed although it was committed to this long before the listing has been deleted since: nobody need be
 * asked. Replaying old commits of deleted topics is quick thanks to this. Covers metadata on its way and differing clocks.
 */
export const settleMs = 60_000

/** What becomes of a commit. */
export const Verdict = { known: 0, wait: 1, unknownTopic: 2, gaveUp: 3 } as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]

export class KnownTopicTable {
  /** Names that were asked about since they were taken last. */
  readonly #wanted = new Set<string>()
  readonly #numberByName = new Map<string, number>()
  readonly #numberById = new Map<string, number>()
  readonly #names: string[] = []
  readonly #ids: (string | null)[] = []
  /** Partitions of the topic, 0 = does not exist, -1 = nothing was said of it. */
  readonly #counts: number[] = []
  readonly #missing: (ReadonlySet<number> | null)[] = []
  /** When an answer was asked for last, and first since the last answer; 0 = not asked. */
  readonly #askedMs: number[] = []
  readonly #waitingSinceMs: number[] = []
  readonly #toldMs: number[] = []
  readonly #missingSinceMs: number[] = []
  #listedMs = 0
  /** Since when the sweeper has been silent though asked; 0 = it is not. */
  #silentSinceMs = 0

  /** All topics were listed at least once since `forget`. */
  get isListed(): boolean {
    return this.#listedMs > 0
  }

  numberOf(topic: string): number {
    const known = this.#numberByName.get(topic)
    if (known !== undefined) return known
    const number = this.#names.push(topic) - 1
    this.#numberByName.set(topic, number)
    this.#ids.push(null)
    this.#counts.push(-1)
    this.#missing.push(null)
    this.#askedMs.push(0)
    this.#waitingSinceMs.push(0)
    this.#missingSinceMs.push(0)
    this.#toldMs.push(0)
    return number
  }

  /** Of the topic with that id (32 hex digits), or of a stand-in that is asked about like a name and never has partitions. */
  numberOfId(id: string): number {
    return this.#numberById.get(id) ?? this.numberOf(nameForId(id))
  }

  nameOf(topic: number): string {
    return this.#names[topic]!
  }

  learn(message: KnownTopics, nowMs: number): void {
    for (const [index, topic] of message.topics.entries()) {
      const number = this.numberOf(topic)
      const missing = message.missing[index]
      this.#learnId(number, message.topicIds[index]!)
      this.#counts[number] = message.partitionCounts[index]!
      this.#missing[number] = missing ? new Set(missing) : null
      this.#toldMs[number] = nowMs
      this.#waitingSinceMs[number] = 0
      if (!missing) this.#missingSinceMs[number] = 0
      else if (this.#missingSinceMs[number] === 0) this.#missingSinceMs[number] = nowMs
    }
    this.#silentSinceMs = 0
    if (message.complete) this.#listedMs = nowMs
  }

  /** A shard begins empty: nothing is known until the sweeper has said it all again. Numbers stay. */
  forget(): void {
    this.#numberById.clear()
    this.#ids.fill(null)
    this.#counts.fill(-1)
    this.#missing.fill(null)
    this.#askedMs.fill(0)
    this.#toldMs.fill(0)
    this.#wanted.clear()
    this.#listedMs = 0
    this.#silentSinceMs = 0
    this.#waitingSinceMs.fill(0)
    this.#missingSinceMs.fill(0)
  }

  isKnown(topic: number, partition: number): boolean {
    return partition >= 0 && partition < this.#counts[topic]! && !this.#missing[topic]?.has(partition)
  }

  /** Partitions of a topic that is known. */
  count(topic: number): number {
    return this.#counts[topic]!
  }

  /** For a commit whose partition is not known; `timestampMs` is when it was made. */
  verdict(topic: number, partition: number, timestampMs: number, nowMs: number): Verdict {
    if (partition < 0) return Verdict.unknownTopic
    if (this.#missing[topic]?.has(partition)) {
      return nowMs - this.#missingSinceMs[topic]! < waitMaxMs ? Verdict.wait : Verdict.gaveUp
    }
    const toldMs = this.#toldMs[topic]!
    if (timestampMs + settleMs < Math.max(toldMs, this.#listedMs)) return Verdict.unknownTopic
    const askedMs = this.#askedMs[topic]!
    const isAnswered = askedMs > 0 && toldMs >= askedMs
    if (isAnswered && nowMs - toldMs < answerGoodMs) return Verdict.unknownTopic
    if (isAnswered || nowMs - askedMs >= askAgainMs) this.#ask(topic, nowMs)
    return this.#isPast(this.#waitingSinceMs[topic]!, nowMs) || this.#isPast(this.#silentSinceMs, nowMs)
      ? Verdict.gaveUp
      : Verdict.wait
  }

  /** Topics to ask the sweeper about. */
  takeWanted(): string[] {
    const wanted = [...this.#wanted]
    this.#wanted.clear()
    return wanted
  }

  /** A topic that was created again has another id; what is said of the old one does not hold for it. */
  #learnId(topic: number, id: string | null): void {
    const before = this.#ids[topic]!
    if (before !== null && before !== id) this.#numberById.delete(before)
    this.#ids[topic] = id
    if (id !== null) this.#numberById.set(id, topic)
  }

  #ask(topic: number, nowMs: number): void {
    this.#askedMs[topic] = nowMs
    this.#wanted.add(this.#names[topic]!)
    if (this.#waitingSinceMs[topic] === 0) this.#waitingSinceMs[topic] = nowMs
    if (this.#silentSinceMs === 0) this.#silentSinceMs = nowMs
  }

  #isPast(sinceMs: number, nowMs: number): boolean {
    return sinceMs > 0 && nowMs - sinceMs >= waitMaxMs
  }
}
