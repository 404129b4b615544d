import { type ChangesResult, changeBytesMax, changeKeyF64 } from '../../shared/actor/evaluator-tasks.ts'

/** Rows, and names that are gone, in one event. */
export const rowsPerEventMax = 500

/** What a pass over a cluster found: figures of all groups, and rows of those that changed. Main thread. */
export class ChangedRows {
  readonly counts: [number, number, number] = [0, 0, 0]
  totalLag = 0
  changed = 0
  #rows: Row[] = []
  #statusRows = 0

  get groups(): number {
    return this.counts[0] + this.counts[1] + this.counts[2]
  }

  /** Rows with another status that the event has room for; each puts out one whose status is what it was. */
  get statusRoom(): number {
    return Math.max(0, rowsPerEventMax - this.#statusRows)
  }

  get quietRoom(): number {
    return Math.max(0, rowsPerEventMax - this.#rows.length)
  }

  count(results: readonly ChangesResult[]): void {
    for (const { keys, text, counts, totalLag, changed } of results) {
      for (const [index, count] of counts.entries()) this.counts[index]! += count
      this.totalLag += totalLag
      this.changed += changed
      let from = 0
      for (let at = 0; at < keys.length; at += changeKeyF64.words) {
        const to = keys[at + changeKeyF64.end]!
        const statusChanged = keys[at + changeKeyF64.statusChanged]!
        this.#statusRows += statusChanged
        this.#rows.push({
          statusChanged,
          status: keys[at + changeKeyF64.status]!,
          totalLag: keys[at + changeKeyF64.totalLag]!,
          json: text.subarray(from, to)
        })
        from = to
      }
    }
    if (this.#rows.length > rowsPerEventMax) this.#rows = this.#inOrder().slice(0, rowsPerEventMax)
  }

  /** Those with another status first, then the worst; and whether these are all that changed. */
  worst(): [rows: readonly Uint8Array[], all: boolean] {
    const rows: Uint8Array[] = []
    let bytes = 0
    for (const { json } of this.#inOrder()) {
      bytes += json.length
      if (bytes > changeBytesMax) break
      rows.push(json)
    }
    return [rows, rows.length === this.changed]
  }

  #inOrder(): Row[] {
    return this.#rows.toSorted(
      (a, b) => b.statusChanged - a.statusChanged || b.status - a.status || b.totalLag - a.totalLag
    )
  }
}

interface Row {
  readonly statusChanged: number
  readonly status: number
  readonly totalLag: number
  readonly json: Uint8Array
}
