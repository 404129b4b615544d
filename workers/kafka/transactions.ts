/**
 * Commits inside transactions wait here for their marker (spec 09, E12), by producer. One per offsets partition; kafka threads.
 *
 * A commit counts from the moment of its marker, but keeps its own order: that is its place in the log.
 */

/** Commits that may wait in one kafka thread for one consumer module. 48 bytes each. */
export const heldCommitsMax = 500_000

/** How much may be remembered in all, by all who share it. */
export interface HoldBudget {
  held: number
  readonly max: number
}

const words = 5
const commitsAtFirst = 16

/** What one transaction has committed so far. */
export class HeldCommits {
  /** Of the first record: reading must begin there again to know what is held. */
  readonly firstOffset: number
  count = 0
  #values = new Float64Array(commitsAtFirst * words)

  constructor(firstOffset: number) {
    this.firstOffset = firstOffset
  }

  add(order: number, entry: number, partition: number, offset: number, timestampMs: number): void {
    const at = this.count * words
    if (at === this.#values.length) {
      const bigger = new Float64Array(this.#values.length * 2)
      bigger.set(this.#values)
      this.#values = bigger
    }
    this.#values[at] = order
    this.#values[at + 1] = entry
    this.#values[at + 2] = partition
    this.#values[at + 3] = offset
    this.#values[at + 4] = timestampMs
    this.count++
  }

  /** Entries are numbered anew. */
  renumber(newByOld: ReadonlyMap<number, number>): void {
    for (let index = 0; index < this.count; index++) {
      this.#values[index * words + 1] = newByOld.get(this.entry(index))!
    }
  }

  order(index: number): number {
    return this.#values[index * words]!
  }
  /** Of the interner. */
  entry(index: number): number {
    return this.#values[index * words + 1]!
  }
  partition(index: number): number {
    return this.#values[index * words + 2]!
  }
  offset(index: number): number {
    return this.#values[index * words + 3]!
  }
  timestampMs(index: number): number {
    return this.#values[index * words + 4]!
  }
}

export class OpenTransactions {
  /** In the order of their first offsets, as a map keeps the order in which keys were put in. */
  readonly #heldByProducer = new Map<number, HeldCommits>()
  readonly #budget: HoldBudget

  constructor(budget: HoldBudget) {
    this.#budget = budget
  }

  /** First offset of the oldest open transaction, Infinity = none is open. */
  get oldestOffset(): number {
    for (const held of this.#heldByProducer.values()) return held.firstOffset
    return Number.POSITIVE_INFINITY
  }

  /** False: there is no room, the commit is lost; the caller counts it. */
  hold(
    producerId: number,
    order: number,
    entry: number,
    partition: number,
    offset: number,
    timestampMs: number
  ): boolean {
    if (this.#budget.held >= this.#budget.max) return false
    let held = this.#heldByProducer.get(producerId)
    if (!held) {
      held = new HeldCommits(order)
      this.#heldByProducer.set(producerId, held)
    }
    held.add(order, entry, partition, offset, timestampMs)
    this.#budget.held++
    return true
  }

  /** What waits for this producer's marker. It goes on waiting until `end`. */
  held(producerId: number): HeldCommits | undefined {
    return this.#heldByProducer.get(producerId)
  }

  end(producerId: number): void {
    this.#budget.held -= this.#heldByProducer.get(producerId)?.count ?? 0
    this.#heldByProducer.delete(producerId)
  }

  all(): Iterable<HeldCommits> {
    return this.#heldByProducer.values()
  }

  /** They will be read again. */
  clear(): void {
    for (const producerId of [...this.#heldByProducer.keys()]) this.end(producerId)
  }
}
