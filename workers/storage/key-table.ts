import type { Names } from '../../shared/actor/storage-messages.ts'
import { BurrowError } from '../../shared/errors.ts'
import type { GroupFilter } from '../../shared/rules/group-filter.ts'
import type { Cluster, GroupTopic, Topic } from './directory.ts'

/** Keys that one port may name; a sender that uses more has lost count. */
export const keysMax = 8_000_000

/** What a key number stands for, and what it was last found to be: a commit finds its run without looking up a name. */
export class Key {
  /** null: not a cluster of ours. */
  readonly cluster: Cluster | null
  /** null: the key names a topic of the cluster. */
  readonly group: string | null
  readonly topic: string
  /** By the allow and deny lists. */
  readonly accepted: boolean
  /** To be used only while alive. */
  foundTopic: Topic | null = null
  foundGroupTopic: GroupTopic | null = null

  constructor(cluster: Cluster | null, group: string | null, topic: string, accepted: boolean) {
    this.cluster = cluster
    this.group = group
    this.topic = topic
    this.accepted = accepted
  }
}

/** The key numbers of one port. Storage thread only. */
export class KeyTable {
  readonly #clusterByName: ReadonlyMap<string, Cluster>
  readonly #filter: GroupFilter
  readonly #keyByNumber: (Key | undefined)[] = []

  constructor(clusterByName: ReadonlyMap<string, Cluster>, filter: GroupFilter) {
    this.#clusterByName = clusterByName
    this.#filter = filter
  }

  /** A number that was named before means something else from now on. */
  name({ keys, clusters, groups, topics }: Names): void {
    for (const [index, number] of keys.entries()) {
      const cluster = clusters[index]
      const group = groups[index]
      const topic = topics[index]
      if (cluster === undefined || group === undefined || topic === undefined) {
        throw new RangeError('names message with lists of different lengths')
      }
      if (!Number.isInteger(number) || number < 0) throw new RangeError(`no key number: ${number}`)
      if (number >= keysMax) throw new BurrowError('QUEUE_FULL', 'too many keys on one port', { keysMax })
      this.#keyByNumber[number] = new Key(
        this.#clusterByName.get(cluster) ?? null,
        group,
        topic,
        group === null || this.#filter.accept(group)
      )
    }
  }

  get(number: number): Key {
    const key = this.#keyByNumber[number]
    if (!key) throw new RangeError(`key ${number} was never named on this port`)
    return key
  }
}
