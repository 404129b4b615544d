import { type SlabView, SlabViews } from './slabs.ts'

/**
 * Makes the slabs of one storage shard, numbered from 0 for runs and group words alike. Storage thread only. `onSlab` is called
 * for each new slab, before anything in it has an address.
 */
export class SlabSource {
  readonly views = new SlabViews()
  readonly #onSlab: (slab: SlabView) => void
  #bytes = 0

  constructor(onSlab: (slab: SlabView) => void = () => {}) {
    this.#onSlab = onSlab
  }

  /** Memory of all slabs. It is never given back, only used again; pages that were never written cost nothing. */
  get bytes(): number {
    return this.#bytes
  }

  create(bytes: number): SlabView {
    const slab = this.views.attach(this.views.count, new SharedArrayBuffer(bytes))
    this.#bytes += bytes
    this.#onSlab(slab)
    return slab
  }
}
