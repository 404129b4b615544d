import type { Names } from '../../shared/actor/storage-messages.ts'

/** Most key numbers in use by one kafka thread. A key costs about 100 bytes here and in each shard. */
export const keysMax = 4_000_000

/**
 * The numbers that stand for (cluster, group, topic) in packed records, for all readers and sweepers of one thread. Numbers are
 * given out in turn and never change, until all are forgotten at once because there were too many.
 */
export class KeyNames {
  #clusters: string[] = []
  #groups: (string | null)[] = []
  #topics: string[] = []
  #shards: number[] = []
  readonly #max: number
  /** Rises when all numbers were forgotten: whoever keeps some must forget them too. */
  life = 0

  constructor(max = keysMax) {
    this.#max = max
  }

  get count(): number {
    return this.#topics.length
  }
  get isFull(): boolean {
    return this.count >= this.#max
  }

  /** A new number; the caller keeps it. `shard` -1: every shard is told of it. */
  add(cluster: string, group: string | null, topic: string, shard: number): number {
    this.#clusters.push(cluster)
    this.#groups.push(group)
    this.#shards.push(shard)
    return this.#topics.push(topic) - 1
  }

  /** What `shard` is told of the numbers from `from` on; null = nothing. */
  names(from: number, shard: number): Names | null {
    const keys: number[] = []
    for (let key = from; key < this.count; key++) {
      if (this.#shards[key] === shard || this.#shards[key] === -1) keys.push(key)
    }
    if (keys.length === 0) return null
    return {
      kind: 'names',
      keys,
      clusters: keys.map(key => this.#clusters[key]!),
      groups: keys.map(key => this.#groups[key]!),
      topics: keys.map(key => this.#topics[key]!)
    }
  }

  /** Only while nothing that uses a number waits to be sent. */
  forget(): void {
    this.life++
    this.#clusters = []
    this.#groups = []
    this.#topics = []
    this.#shards = []
  }
}
