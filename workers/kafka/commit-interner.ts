/**
 * Turns the group and topic bytes of a commit's key into a small number, without making a string unless the pair is new.
 * Kafka threads; one per consumer module and thread.
 *
 * In a key, group and topic lie side by side, each behind its length, so one piece of bytes says both:
 *
 *   +---------+-------+--------------+-------+--------------+-----------+
 *   | version | len   | group        | len   | topic        | partition |
 *   +---------+-------+--------------+-------+--------------+-----------+
 *             '------------ hashed and compared ------------'
 *
 * An open-addressed table of hashes leads to entries; the bytes themselves are kept in one arena and compared each time.
 */

/** Bytes of names at most; then everything is forgotten and learnt again. */
export const arenaBytesMax = 1024 * 1024 * 1024

/** Told of a new pair; puts what it wants to remember of it at `entry` into arrays of its own. */
export type OnNewEntry = (entry: number, group: Uint8Array, topic: Uint8Array) => void

export class CommitInterner {
  /** Pairs known; entries are 0 .. size - 1. */
  size = 0
  readonly #onNew: OnNewEntry
  #table = new Int32Array(1024) // entry + 1, 0 = free
  #hashes = new Int32Array(512)
  #starts = new Float64Array(512)
  #lengths = new Int32Array(512)
  #arena = new DataView(new ArrayBuffer(32 * 1024))
  #arenaUsed = 0

  constructor(onNew: OnNewEntry) {
    this.#onNew = onNew
  }

  get isFull(): boolean {
    return this.#arenaUsed > arenaBytesMax
  }

  /** `at` is where the length of the group is, `end` where the topic ends. */
  entryOf(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    const hash = hashOf(view, at, end)
    const mask = this.#table.length - 1
    let slot = hash & mask
    for (;;) {
      const found = this.#table[slot]!
      if (found === 0) return this.#add(slot, hash, bytes, view, at, end)
      if (this.#hashes[found - 1] === hash && this.#isSame(found - 1, view, at, end)) return found - 1
      slot = (slot + 1) & mask
    }
  }

  /** A copy of the bytes that `entryOf` was given for this entry. */
  bytesOf(entry: number): Uint8Array {
    const start = this.#starts[entry]!
    return new Uint8Array(this.#arena.buffer.slice(start, start + this.#lengths[entry]!))
  }

  forget(): void {
    this.size = 0
    this.#arenaUsed = 0
    this.#table.fill(0)
  }

  #isSame(entry: number, view: DataView, at: number, end: number): boolean {
    if (this.#lengths[entry] !== end - at) return false
    const arena = this.#arena
    let from = this.#starts[entry]!
    let i = at
    for (; i + 4 <= end; i += 4, from += 4) if (arena.getInt32(from) !== view.getInt32(i)) return false
    for (; i < end; i++) if (arena.getUint8(from++) !== view.getUint8(i)) return false
    return true
  }

  #add(slot: number, hash: number, bytes: Uint8Array, view: DataView, at: number, end: number): number {
    if ((this.size + 1) * 2 > this.#table.length) {
      this.#growTable()
      return this.entryOf(bytes, view, at, end)
    }
    const entry = this.size++
    this.#table[slot] = entry + 1
    this.#hashes[entry] = hash
    this.#starts[entry] = this.#arenaUsed
    this.#lengths[entry] = end - at
    this.#keep(bytes, at, end)
    const groupLength = Math.max(0, view.getInt16(at)) // -1: null, read as ''
    this.#onNew(entry, bytes.subarray(at + 2, at + 2 + groupLength), bytes.subarray(at + 4 + groupLength, end))
    return entry
  }

  #keep(bytes: Uint8Array, at: number, end: number): void {
    let { buffer } = this.#arena
    if (this.#arenaUsed + end - at > buffer.byteLength) {
      const bigger = new Uint8Array(Math.max(buffer.byteLength * 2, this.#arenaUsed + end - at))
      bigger.set(new Uint8Array(buffer))
      buffer = bigger.buffer
      this.#arena = new DataView(buffer)
    }
    new Uint8Array(buffer).set(bytes.subarray(at, end), this.#arenaUsed)
    this.#arenaUsed += end - at
  }

  #growTable(): void {
    const entries = this.#table.length
    this.#hashes = copyInto(new Int32Array(entries), this.#hashes)
    this.#lengths = copyInto(new Int32Array(entries), this.#lengths)
    this.#starts = copyInto(new Float64Array(entries), this.#starts)
    this.#table = new Int32Array(entries * 2)
    const mask = this.#table.length - 1
    for (let entry = 0; entry < this.size; entry++) {
      let slot = this.#hashes[entry]! & mask
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask
      this.#table[slot] = entry + 1
    }
  }
}

function copyInto<T extends Int32Array | Float64Array>(to: T, from: T): T {
  to.set(from)
  return to
}

/** Four bytes at a time (a byte loop was half as fast), mixed as in MurmurHash3. */
function hashOf(view: DataView, at: number, end: number): number {
  let hash = end - at
  let i = at
  for (; i + 4 <= end; i += 4) {
    let word = Math.imul(view.getInt32(i, true), 0xcc9e2d51)
    word = (word << 15) | (word >>> 17)
    hash ^= Math.imul(word, 0x1b873593)
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64
  }
  for (; i < end; i++) hash = Math.imul(hash ^ view.getUint8(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
