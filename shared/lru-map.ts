/**
 * A map that forgets what was used longest ago when it would hold more than so many entries or so much weight. Any thread; not
 * shared. Up to three quarters full, nothing is near to being forgotten and the order of use is not kept: to move an entry costs ten
 * times what it costs to find it.
 */
export class LruMap<V> {
  readonly #entriesMax: number
  readonly #weightMax: number
  /** In order of use, those used while it was nearly full last: a Map keeps the order of insertion. */
  readonly #entryByKey = new Map<string, { readonly value: V; readonly weight: number }>()
  #weight = 0
  #evictions = 0

  constructor(entriesMax: number, weightMax = Number.POSITIVE_INFINITY) {
    this.#entriesMax = entriesMax
    this.#weightMax = weightMax
  }

  get size(): number {
    return this.#entryByKey.size
  }

  get weight(): number {
    return this.#weight
  }

  /** How many were forgotten to make room. */
  get evictions(): number {
    return this.#evictions
  }

  get(key: string): V | undefined {
    const entry = this.#entryByKey.get(key)
    if (!entry) return undefined
    if (this.#isNearlyFull()) {
      this.#entryByKey.delete(key)
      this.#entryByKey.set(key, entry)
    }
    return entry.value
  }

  /** What alone is heavier than the whole map may be is not kept. */
  set(key: string, value: V, weight = 1): void {
    this.delete(key)
    if (weight > this.#weightMax) {
      this.#evictions++
      return
    }
    this.#entryByKey.set(key, { value, weight })
    this.#weight += weight
    while (this.#entryByKey.size > this.#entriesMax || this.#weight > this.#weightMax) {
      const [oldest] = this.#entryByKey.keys()
      this.delete(oldest!)
      this.#evictions++
    }
  }

  delete(key: string): void {
    const entry = this.#entryByKey.get(key)
    if (!entry) return
    this.#weight -= entry.weight
    this.#entryByKey.delete(key)
  }

  clear(): void {
    this.#entryByKey.clear()
    this.#weight = 0
  }

  #isNearlyFull(): boolean {
    return this.#entryByKey.size > this.#entriesMax * 0.75 || this.#weight > this.#weightMax * 0.75
  }
}

/**
 * One key for a group of a cluster. The length in front says where the cluster ends, so that ('a b', 'c') and ('a', 'b c')
 * differ; the original splits at the first blank (spec 09, C10).
 */
export function groupKey(cluster: string, group: string): string {
  return `${cluster.length} ${cluster}${group}`
}
