import type { StoragePort } from '../../shared/actor/actor-ref.ts'
import { fetchDirectories, type GroupDirectory } from '../../shared/actor/storage-messages.ts'
import { groupKey, LruMap } from '../../shared/lru-map.ts'
import { groupWordsF64, groupWordsI32 } from '../../shared/ring/ring-layout.ts'

/** Groups whose directories a thread keeps, and their topics and partitions' owners in all (the weight of a directory). */
export const directoriesMax = 100_000
export const directoryWeightMax = 4_000_000

/** A group's directory, with the port whose slabs it speaks of. */
export interface LocatedGroup {
  readonly port: StoragePort
  readonly directory: GroupDirectory
}

/**
 * Directories of groups, kept for as long as the version word of the group has not moved. One per evaluator thread and shard;
 * `forgetAll` when the shard was replaced.
 */
export class DirectoryCache {
  readonly #groups = new LruMap<LocatedGroup>(directoriesMax, directoryWeightMax)

  /** Null when it is not known or holds no longer. */
  lookup(cluster: string, group: string): LocatedGroup | null {
    const located = this.#groups.get(groupKey(cluster, group))
    return located && !located.port.isClosed && isCurrent(located) ? located : null
  }

  /** Asks storage, in one question; null = no such group. Rejects as StoragePort.ask does. */
  async fetch(
    port: StoragePort,
    cluster: string,
    groups: readonly string[],
    deadlineMs: number
  ): Promise<readonly (LocatedGroup | null)[]> {
    const directories = await port.ask({ type: fetchDirectories, cluster, groups }, { deadlineMs })
    return groups.map((group, index) => {
      const directory = directories?.[index] ?? null
      if (directory === null) {
        this.forget(cluster, group)
        return null
      }
      const located = { port, directory }
      this.#groups.set(groupKey(cluster, group), located, weightOf(directory))
      return located
    })
  }

  forget(cluster: string, group: string): void {
    this.#groups.delete(groupKey(cluster, group))
  }

  forgetAll(): void {
    this.#groups.clear()
  }
}

/** When the group last committed, ms since the epoch. Changes under our eyes. */
export function lastCommitMs({ port, directory: { words } }: LocatedGroup): number {
  return port.slabs.get(words.slab).f64[(words.at >>> 3) + groupWordsF64.lastCommitMs]!
}

export function isCurrent({ port, directory: { words, version } }: LocatedGroup): boolean {
  return Atomics.load(port.slabs.get(words.slab).i32, (words.at >>> 2) + groupWordsI32.version) === version
}

function weightOf(directory: GroupDirectory): number {
  let weight = 1
  for (const { owners, windows } of directory.topics) weight += 1 + (owners ? windows.partitions : 0)
  return weight
}
