import { figuresPerRequestMax } from '../../shared/actor/evaluator-tasks.ts'
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
      const located = cache.lookup(cluster, group) ?? (await cache.fetch(port, cluster, [group], storageDeadlineMs))[0]
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
   * Reads groups from the `from`-th on until `figuresPerRequestMax` partitions are reached. Where to go on, null = all are read. `reading` gives
   * the ways to read a group, which answer with its partitions; of one that is gone, none is called. Rejects with BurrowError when storage does not answer.
   */
  async readFrom(
    cluster: string,
    groups: readonly string[],
    from: number,
    reading: (group: string) => ReadGroup<number>
  ): Promise<number | null> {
    const located = await this.#locate(cluster, groups, from)
    let partitions = 0
    let next = from
    while (next < groups.length && partitions < figuresPerRequestMax) {
      const at = located[next - from]
      const group = groups[next++]!
      const how = reading(group)
      const found = at ? this.#readNow(at, how) : null
      // A promise would cost as much as a small group: only for what could not be read at once.
      partitions += found ?? (await this.read(cluster, group, how)) ?? 0
    }
    return next < groups.length ? next : null
  }

  /** Null = not there (any more). What is not known yet is asked for in one question a shard, so that the groups can be read without waiting. */
  async #locate(cluster: string, groups: readonly string[], from: number): Promise<readonly (LocatedGroup | null)[]> {
    const located: (LocatedGroup | null)[] = []
    const missingByShard = this.#cacheByShard.map((): number[] => [])
    for (let next = from; next < groups.length; next++) {
      const shard = this.#ports.shardOf(cluster, groups[next]!)
      const place = located.push(this.#cacheByShard[shard]!.lookup(cluster, groups[next]!)) - 1
      if (!located[place]) missingByShard[shard]!.push(place)
    }
    const fetch = async (places: readonly number[], shard: number) => {
      if (places.length === 0) return
      const missing = places.map(place => groups[from + place]!)
      const cache = this.#cacheByShard[shard]!
      const found = await cache.fetch(this.#ports.of(shard), cluster, missing, storageDeadlineMs)
      for (const [index, place] of places.entries()) located[place] = found[index]!
    }
    if (missingByShard.some(({ length }) => length > 0)) await Promise.all(missingByShard.map(fetch))
    return located
  }

  /** Of what `#locate` found, at once; null = that cannot be, so ask `read`. */
  #readNow<T>(located: LocatedGroup, how: ReadGroup<T>): T | null {
    if (located.port.isClosed || !isCurrent(located) || this.#isExpired(located)) return null
    const answer = how.inPlace(located)
    return answer === 'busy' || answer === 'moved' ? null : answer
  }

  #isExpired(located: LocatedGroup): boolean {
    return (wholeSeconds(this.#clock) - this.expireGroupSeconds) * 1000 > lastCommitMs(located)
  }
}
