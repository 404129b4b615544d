/** What is to be done when: a binary heap, so that looking costs nothing however much waits (spec 09, F13). Main thread. */
export class DueQueue<T> {
  readonly #heap: { readonly dueMs: number; readonly item: T }[] = []

  get size(): number {
    return this.#heap.length
  }

  push(dueMs: number, item: T): void {
    const heap = this.#heap
    const entry = { dueMs, item }
    let at = heap.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent]!.dueMs <= dueMs) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = entry
  }

  /** Takes what is due longest, if its time is before `nowMs`. */
  pop(nowMs: number): T | undefined {
    const first = this.#heap[0]
    if (first === undefined || first.dueMs >= nowMs) return undefined
    const last = this.#heap.pop()!
    if (this.#heap.length > 0) this.#sink(last)
    return first.item
  }

  #sink(entry: { readonly dueMs: number; readonly item: T }): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]!.dueMs < heap[child]!.dueMs) child++
      if (heap[child]!.dueMs >= entry.dueMs) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = entry
  }
}
