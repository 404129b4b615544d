/**
 * What was last said of each group of a cluster: hashes of its row, in shared memory, so that the threads of the evaluator pool know what has
 * changed without keeping anything. Main makes it and lends it to a pass over the cluster; in a pass each group is looked at by one thread.
 *
 *    used slots: Int32 | not used, 60 bytes | slot 0 | slot 1 | ...
 *    slot: name, name | row, row and status      four Int32; the first 0 = free
 *
 * Open addressing. A slot is taken by a compare-exchange on its first word; a thread that comes by before the second word is there takes the slot for
 * another's, which it is. Slots are never given back: groups that are gone stay until main makes a new table.
 */
export class RowTable {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #slots: number

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer)
    this.#slots = (buffer.byteLength - headBytes) / slotBytes
  }

  /** For so many groups, with room for as many again. */
  static create(groups: number): RowTable {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(groups, 256) * 2))
    return new RowTable(new SharedArrayBuffer(headBytes + slots * slotBytes))
  }

  /** So many groups may be too many: time for a new table. */
  isTooSmallFor(groups: number): boolean {
    return Math.max(groups, Atomics.load(this.#words, 0)) > this.#slots * fullestShare
  }

  /** Notes the row of a group and says what has changed. `status`: 0 to 3. */
  note(group: string, row: Uint8Array, status: number): RowChange {
    const words = this.#words
    const name1 = hashText(group, seed1) || 1
    const name2 = hashText(group, seed2) || 1
    let hash1 = seed1
    let hash2 = seed2
    for (let index = 0; index < row.length; index++) {
      hash1 = mix(hash1, row[index]!)
      hash2 = mix(hash2, row[index]!)
    }
    const row1 = finish(hash1 ^ row.length)
    const row2 = (finish(hash2 ^ row.length) & ~statusMask) | (status & statusMask)
    const mask = this.#slots - 1
    for (let probe = 0, slot = name2 & mask; probe < this.#slots; probe++, slot = (slot + 1) & mask) {
      const at = headWords + slot * slotWords
      let first = Atomics.load(words, at)
      if (first === 0) {
        first = Atomics.compareExchange(words, at, 0, name1)
        if (first === 0) {
          words[at + 2] = row1
          words[at + 3] = row2
          Atomics.store(words, at + 1, name2)
          Atomics.add(words, 0, 1)
          return 'new'
        }
      }
      if (first !== name1 || Atomics.load(words, at + 1) !== name2) continue
      const before1 = words[at + 2]!
      const before2 = words[at + 3]!
      if (before1 === row1 && before2 === row2) return 'same'
      words[at + 2] = row1
      words[at + 3] = row2
      return (before2 & statusMask) === (row2 & statusMask) ? 'row' : 'status'
    }
    return 'new' // no room: said again in every pass, until the new table
  }
}

export type RowChange = 'same' | 'row' | 'status' | 'new'

const headWords = 16
const headBytes = headWords * 4
const slotWords = 4
const slotBytes = slotWords * 4
const statusMask = 3
/** Beyond it the way to a slot gets long. */
const fullestShare = 0.75
const seed1 = 0x9e3779b1
const seed2 = 0x85ebca77

/** Murmur's way to mix, one unit at a time: quick, and good enough for two of 32 bits. */
function hashText(text: string, seed: number): number {
  let hash = seed
  for (let index = 0; index < text.length; index++) hash = mix(hash, text.charCodeAt(index))
  return finish(hash ^ text.length)
}

function mix(hash: number, unit: number): number {
  const mixed = hash ^ Math.imul(unit + 1, 0xcc9e2d51)
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
