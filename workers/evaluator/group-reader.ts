import { type Clock, wholeSeconds } from '../../shared/clock.ts'
import type { ConsumerTopics } from '../../shared/protocol/consumer.ts'
import { StorageRequestConstant } from '../../shared/protocol/storage.ts'
import { type DirectoryCache, isCurrent, type LocatedGroup, lastCommitMs } from './directory-cache.ts'
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

  /**
   * The groups from the `from`-th on, null = not there (any more). What is not known yet is asked for all at once, so that the groups can
   * be read without waiting. Rejects with BurrowError when storage does not answer.
   */
  async locate(cluster: string, groups: readonly string[], from: number): Promise<readonly (LocatedGroup | null)[]> {
    const located: (LocatedGroup | null)[] = []
    const asked: Promise<void>[] = []
    for (let next = from; next < groups.length; next++) {
      const group = groups[next]!
      const shard = this.#ports.shardOf(cluster, group)
      const cache = this.#cacheByShard[shard]!
      const place = located.push(cache.lookup(cluster, group)) - 1
      if (located[place]) continue
      const fetched = cache.fetch(this.#ports.of(shard), cluster, group, storageDeadlineMs)
      asked.push(
        fetched.then(found => {
          located[place] = found
        })
      )
    }
    if (asked.length > 0) await Promise.all(asked)
    return located
  }

  /** Of what `locate` found, at once; null = that cannot be, so ask `read`. A promise would cost as much as a small group. */
  readNow<T>(located: LocatedGroup, how: ReadGroup<T>): T | null {
    if (located.port.isClosed || !isCurrent(located) || this.#isExpired(located)) return null
    const answer = how.inPlace(located)
    return answer === 'busy' || answer === 'moved' ? null : answer
  }

  #isExpired(located: LocatedGroup): boolean {
    return (wholeSeconds(this.#clock) - this.expireGroupSeconds) * 1000 > lastCommitMs(located)
  }
}
