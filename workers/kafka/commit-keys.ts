import { shardOf } from '../../shared/actor/shard.ts'
import type { GroupFilter } from '../../shared/rules/group-filter.ts'
import { CommitInterner } from './commit-interner.ts'
import type { KeyNames } from './key-names.ts'
import type { KnownTopicTable } from './known-topics.ts'
import type { HeldCommits } from './transactions.ts'

/** What is known of a (group, topic), by its entry in the interner: worked out once, looked up for each commit. */
export class CommitKeys {
  /** Number that stands for it in packed records. */
  readonly keys: number[] = []
  readonly shards: number[] = []
  /** By the allow and deny lists of the consumer module. */
  readonly accepted: boolean[] = []
  /** Number of the topic in the KnownTopicTable. */
  readonly topics: number[] = []
  readonly groups: string[] = []
  readonly #interner: CommitInterner
  readonly #names: KeyNames
  #namesLife: number

  constructor(cluster: string, names: KeyNames, shardCount: number, filter: GroupFilter, topics: KnownTopicTable) {
    this.#names = names
    this.#namesLife = names.life
    this.#interner = new CommitInterner((entry, groupBytes, topicBytes) => {
      const group = text(groupBytes)
      const topic = text(topicBytes)
      const shard = shardOf(cluster, group, shardCount)
      this.accepted[entry] = filter.accept(group)
      this.shards[entry] = shard
      this.topics[entry] = topics.numberOf(topic)
      this.groups[entry] = group
      this.keys[entry] = this.accepted[entry] ? names.add(cluster, group, topic, shard) : -1
    })
  }

  get size(): number {
    return this.#interner.size
  }

  /** `at` is where the length of the group is, `end` where the topic ends. */
  entryOf(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    return this.#interner.entryOf(bytes, view, at, end)
  }

  /**
   * Forgets everything if numbers became worthless or too many. Commits that are held by an open transaction keep their
   * meaning: they get new entries. To be called between two walks.
   */
  forgetIfStale(held: () => Iterable<HeldCommits>): void {
    if (this.#names.life === this.#namesLife && !this.#interner.isFull) return
    const all = [...held()]
    const pairByOld = new Map<number, Uint8Array>()
    for (const commits of all) {
      for (let index = 0; index < commits.count; index++) {
        const entry = commits.entry(index)
        if (!pairByOld.has(entry)) pairByOld.set(entry, this.#interner.bytesOf(entry))
      }
    }
    this.#namesLife = this.#names.life
    this.#interner.forget()
    for (const list of [this.keys, this.shards, this.accepted, this.topics, this.groups]) list.length = 0
    const newByOld = new Map<number, number>()
    for (const [old, pair] of pairByOld) {
      newByOld.set(old, this.entryOf(pair, new DataView(pair.buffer, pair.byteOffset), 0, pair.length))
    }
    for (const commits of all) commits.renumber(newByOld)
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
