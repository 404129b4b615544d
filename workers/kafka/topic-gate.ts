import type { Clock } from '../../shared/clock.ts'
import type { Counters } from '../../shared/counters.ts'
import { type KnownTopicTable, Verdict } from './known-topics.ts'
import type { OffsetsPartition } from './offsets-partition.ts'

/** Thrown to end a walk where something has to wait. One object: it says nothing by itself. */
const mustWait = new Error('a commit waits for its topic')

/**
 * Nothing may reach a shard before the end offset of its partition. What comes too early ends the walk: its offsets partition is
 * read again from there when more is known. Kafka threads; one per reader.
 */
export class TopicGate {
  readonly #topics: KnownTopicTable
  readonly #counters: Counters
  readonly #clock: Clock
  #p!: OffsetsPartition
  #waitAt = -1

  constructor(topics: KnownTopicTable, counters: Counters, clock: Clock) {
    this.#topics = topics
    this.#counters = counters
    this.#clock = clock
  }

  /** The last walk was ended by something that waits. */
  get isWaiting(): boolean {
    return this.#waitAt >= 0
  }

  /** Walks; returns where reading goes on. */
  walk(p: OffsetsPartition, walk: () => number): number {
    this.#p = p
    this.#waitAt = -1
    try {
      return walk()
    } catch (error) {
      if (error !== mustWait) throw error
      return this.#waitAt
    }
  }

  /** False: drop it, that was counted. If it must wait this does not return: the walk ends at `at`. */
  passes(topic: number, partition: number, timestampMs: number, at: number): boolean {
    if (this.#topics.isKnown(topic, partition)) return true
    const gaveUp = this.#verdict(topic, partition, timestampMs, at) === Verdict.gaveUp
    this.#counters.add(gaveUp ? 'refused_wait_overflow' : 'refused_unknown_topic')
    return false
  }

  /** Returns when there is nothing (more) to wait for, whether the partition is known or not. */
  await(topic: number, partition: number, timestampMs: number, at: number): void {
    if (!this.#topics.isKnown(topic, partition)) this.#verdict(topic, partition, timestampMs, at)
  }

  #verdict(topic: number, partition: number, timestampMs: number, at: number): Verdict {
    const verdict = this.#topics.verdict(topic, partition, timestampMs, this.#clock.nowMs())
    if (verdict !== Verdict.wait) return verdict
    if (this.#p.waitingAt !== at) this.#counters.add('commits_waited')
    this.#p.waitingAt = at
    this.#waitAt = at
    throw mustWait
  }
}
