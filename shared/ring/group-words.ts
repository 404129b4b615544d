import type { Clock } from '../clock.ts'
import { RestingPlaces } from './resting-places.ts'
import { groupWordsBytes, groupWordsF64, groupWordsI32 } from './ring-layout.ts'
import { runRestMs } from './run-allocator.ts'
import type { SlabSource } from './slab-source.ts'
import type { SlabView } from './slabs.ts'

/** Slabs that group words are cut from: 8192 groups each. */
export const groupSlabBytes = 8192 * groupWordsBytes

/** The words of one group (ring-layout.ts). Written by the storage thread only. */
export class GroupWords {
  readonly slab: SlabView
  readonly at: number

  constructor(slab: SlabView, at: number) {
    this.slab = slab
    this.at = at
  }

  get version(): number {
    return Atomics.load(this.slab.i32, (this.at >>> 2) + groupWordsI32.version)
  }

  /** Before the directory that readers hold stops being true: they look at the version after they read. */
  raiseVersion(): void {
    Atomics.add(this.slab.i32, (this.at >>> 2) + groupWordsI32.version, 1)
  }

  /** After a batch that changed a window of the group. */
  raiseWrites(lastCommitMs: number): void {
    this.slab.f64[(this.at >>> 3) + groupWordsF64.lastCommitMs] = lastCommitMs
    Atomics.add(this.slab.i32, (this.at >>> 2) + groupWordsI32.writes, 1)
  }
}

/**
 * Gives out group words and uses freed ones again after a rest. Storage thread only. Version and writes go on rising from
 * tenant to tenant: a directory of an earlier tenant never matches.
 */
export class GroupWordsAllocator {
  readonly #slabs: SlabSource
  readonly #clock: Clock
  readonly #restMs: number
  readonly #resting = new RestingPlaces()
  #slab: SlabView | null = null
  #used = 0

  constructor(slabs: SlabSource, clock: Clock, restMs = runRestMs) {
    this.#slabs = slabs
    this.#clock = clock
    this.#restMs = restMs
  }

  allocate(createdMs: number): GroupWords {
    const place = this.#resting.take(this.#clock.nowMs() - this.#restMs) ?? this.#cut()
    const words = new GroupWords(place.slab, place.at)
    words.slab.f64[(words.at >>> 3) + groupWordsF64.createdMs] = createdMs
    words.raiseVersion()
    words.raiseWrites(0)
    return words
  }

  free(words: GroupWords): void {
    words.raiseVersion()
    this.#resting.add(words.slab, words.at, this.#clock.nowMs())
  }

  #cut(): { readonly slab: SlabView; readonly at: number } {
    if (!this.#slab || this.#used + groupWordsBytes > groupSlabBytes) {
      this.#slab = this.#slabs.create(groupSlabBytes)
      this.#used = 0
    }
    const at = this.#used
    this.#used += groupWordsBytes
    return { slab: this.#slab, at }
  }
}
