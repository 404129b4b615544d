import { type Clock, wholeSeconds } from '../../shared/clock.ts'
import type { ConsumerTopics } from '../../shared/protocol/consumer.ts'
import { StorageRequestConstant } from '../../shared/protocol/storage.ts'
import { type DirectoryCache, type LocatedGroup, lastCommitMs } from './directory-cache.ts'
import type { ShardPorts } from './shard-ports.ts'

/** Deadline of every question to storage; main's own deadline for a page is longer. */
export const storageDeadlineMs = 3000
/** Directories that may turn out to be outdated, one after the other, before storage is asked for a copy. */
export const directoryTriesMax = 3

/** Two ways to the same answer. */
export interface ReadGroup<T> {
  /** From shared memory, without waiting. */
  inPlace(located: LocatedGroup): T | 'busy' | 'moved'
  /** From a copy that storage made, when the rings could not be read. */
  fromCopy(topics: ConsumerTopics): T
}

/**
 * Finds a group and reads it: in place by its directory (kept, or asked from storage once), else from a copy. Evaluator thread.
 */
export class GroupReader {
  readonly #ports: ShardPorts
  readonly #clock: Clock
  readonly expireGroupSeconds: number
  readonly #cacheByShard: readonly DirectoryCache[]

  constructor(ports: ShardPorts, clock: Clock, expireGroupSeconds: number, cacheByShard: readonly DirectoryCache[]) {
    this.#ports = ports
    this.#clock = clock
    this.expireGroupSeconds = expireGroupSeconds
    this.#cacheByShard = cacheByShard
  }

  /** Null = no such cluster or group, or it has expired. Rejects with BurrowError when storage does not answer. */
  async read<T>(cluster: string, group: string, how: ReadGroup<T>): Promise<T | null> {
    const shard = this.#ports.shardOf(cluster, group)
    const port = this.#ports.of(shard)
    const cache = this.#cacheByShard[shard]!
    for (let tries = 0; tries < directoryTriesMax; tries++) {
      const located = cache.lookup(cluster, group) ?? (await cache.fetch(port, cluster, group, storageDeadlineMs))
      if (!located) return null
      if (this.#isExpired(located)) break
      const answer = how.inPlace(located)
      if (answer === 'busy') break
      if (answer !== 'moved') return answer
      cache.forget(cluster, group)
    }
    // This question deletes a group that has expired and says that it is not there (spec 02 section 6.10).
    const query = { type: StorageRequestConstant.FetchConsumer, cluster, group } as const
    const topics = await port.ask(query, { deadlineMs: storageDeadlineMs })
    return topics && how.fromCopy(topics)
  }

  /** Asks for the directory if there is none, so that many groups are asked for at once and then read without waiting. */
  async warm(cluster: string, group: string): Promise<void> {
    const shard = this.#ports.shardOf(cluster, group)
    const cache = this.#cacheByShard[shard]!
    if (!cache.lookup(cluster, group)) await cache.fetch(this.#ports.of(shard), cluster, group, storageDeadlineMs)
  }

  #isExpired(located: LocatedGroup): boolean {
    return (wholeSeconds(this.#clock) - this.expireGroupSeconds) * 1000 > lastCommitMs(located)
  }
}
