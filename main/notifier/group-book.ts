import { groupKey } from '../../shared/lru-map.ts'
import type { Incident } from './decide.ts'

/** A group that somebody wants to hear of. */
export interface WatchedGroup {
  readonly cluster: string
  readonly group: string
  /** By module: do its lists let the group in? */
  readonly watchers: readonly boolean[]
  incident: Incident | null
  /** No longer listed: whoever still holds it lets go. */
  isGone: boolean
}

export function keyOf({ cluster, group }: WatchedGroup): string {
  return groupKey(cluster, group)
}

/** Which groups there are, and what is open about them: bounded, and forgotten with the group. Main thread. */
export class GroupBook {
  readonly #groupsMax: number
  readonly #watchersOf: (group: string) => readonly boolean[]
  /** null: a group that no module watches. */
  readonly #groupsByCluster = new Map<string, Map<string, WatchedGroup | null>>()
  #size = 0

  constructor(groupsMax: number, watchersOf: (group: string) => readonly boolean[]) {
    this.#groupsMax = groupsMax
    this.#watchersOf = watchersOf
  }

  get size(): number {
    return this.#size
  }

  get clusters(): readonly string[] {
    return [...this.#groupsByCluster.keys()]
  }

  /** Takes up what is new in the list of a cluster's groups. `refused`: how many there was no room for. */
  add(
    cluster: string,
    listed: readonly string[]
  ): { readonly added: readonly WatchedGroup[]; readonly refused: number } {
    const groups = this.#groupsByCluster.get(cluster) ?? new Map<string, WatchedGroup | null>()
    this.#groupsByCluster.set(cluster, groups)
    const added: WatchedGroup[] = []
    let refused = 0
    for (const group of listed) {
      if (groups.has(group)) continue
      if (this.#size >= this.#groupsMax) {
        refused++
        continue
      }
      const watchers = this.#watchersOf(group)
      const watched = watchers.includes(true) ? { cluster, group, watchers, incident: null, isGone: false } : null
      groups.set(group, watched)
      this.#size++
      if (watched) added.push(watched)
    }
    return { added, refused }
  }

  /** Forgets the groups of a cluster that its list does not name any more, and gives those that were watched. */
  removeUnlisted(cluster: string, listed: readonly string[]): readonly WatchedGroup[] {
    const groups = this.#groupsByCluster.get(cluster)
    if (!groups) return []
    const still = new Set(listed)
    const gone: WatchedGroup[] = []
    for (const [group, watched] of groups) {
      if (still.has(group)) continue
      groups.delete(group)
      this.#size--
      if (!watched) continue
      watched.isGone = true
      gone.push(watched)
    }
    if (groups.size === 0) this.#groupsByCluster.delete(cluster)
    return gone
  }
}
