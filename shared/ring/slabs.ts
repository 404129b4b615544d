import { BurrowError } from '../errors.ts'

/** Slabs one process can name: numbers go into Int32 addresses, and a runaway producer must not fill the heap with views. */
export const slabsMax = 1 << 20

/** One slab seen as words of every width that ring-layout.ts uses. Fixed length: length-tracking views were 9 times slower. */
export class SlabView {
  readonly id: number
  readonly buffer: SharedArrayBuffer
  readonly i32: Int32Array
  readonly u16: Uint16Array
  readonly u32: Uint32Array
  readonly f64: Float64Array

  constructor(id: number, buffer: SharedArrayBuffer) {
    this.id = id
    this.buffer = buffer
    this.i32 = new Int32Array(buffer)
    this.u16 = new Uint16Array(buffer)
    this.u32 = new Uint32Array(buffer)
    this.f64 = new Float64Array(buffer)
  }
}

/**
 * The slabs that a thread knows of, by number. Any thread; one per life of a storage shard, since a new shard numbers its
 * slabs from 0 again.
 */
export class SlabViews {
  readonly #slabById: SlabView[] = []

  get count(): number {
    return this.#slabById.length
  }

  /** Slabs are numbered without holes and announced in that order; the same one may be announced twice. */
  attach(id: number, buffer: SharedArrayBuffer): SlabView {
    const known = this.#slabById[id]
    if (known) {
      if (known.buffer.byteLength !== buffer.byteLength)
        throw new RangeError(`slab ${id} was announced with another size`)
      return known
    }
    if (id !== this.#slabById.length) throw new RangeError(`slab ${id} announced after ${this.#slabById.length} slabs`)
    if (id >= slabsMax) throw new BurrowError('QUEUE_FULL', 'too many slabs', { slabsMax })
    const slab = new SlabView(id, buffer)
    this.#slabById.push(slab)
    return slab
  }

  /** An address that names an unknown slab is a broken promise of storage (slabs are announced first): throws RangeError. */
  get(id: number): SlabView {
    const slab = this.#slabById[id]
    if (!slab) throw new RangeError(`slab ${id} was never announced`)
    return slab
  }
}
