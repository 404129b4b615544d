import type { SlabView } from './slabs.ts'

/**
 * One run as its owner, the storage thread, holds it: where it is and who it is (generation). Others know it by a RunAddress.
 * A freed run is never used again; the memory comes back as another Run.
 */
export class Run {
  readonly slab: SlabView
  /** Bytes from the start of the slab; a multiple of 64. */
  readonly at: number
  readonly bytes: number
  readonly partitions: number
  readonly generation: number

  constructor(slab: SlabView, at: number, bytes: number, partitions: number, generation: number) {
    this.slab = slab
    this.at = at
    this.bytes = bytes
    this.partitions = partitions
    this.generation = generation
  }
}
