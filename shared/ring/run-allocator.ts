import type { Clock } from '../clock.ts'
import { RestingPlaces } from './resting-places.ts'
import { lineBytes, runHeader } from './ring-layout.ts'
import { Run } from './run.ts'
import type { SlabSource } from './slab-source.ts'
import type { SlabView } from './slabs.ts'

/** Slabs that runs are cut from. */
export const runSlabBytes = 4 * 1024 * 1024
/** A larger run gets a slab of its own, so that at most an eighth of a slab is lost at its end. */
export const sharedRunBytesMax = runSlabBytes / 8
/** Longest run: byte offsets in a slab must fit a signed 32-bit shift. */
export const runBytesMax = 1024 * 1024 * 1024
/** Rest of a freed run before it is used again, far longer than any read. */
export const runRestMs = 10_000

/**
 * Cuts slabs into runs and uses freed ones again by exact size. Storage thread only.
 *
 * A place, once it was a run, is a run of that size for ever: its sequence word goes on rising from tenant to tenant and its
 * generation changes when a run is freed and once more when it is given out, so that an address can never match a later tenant.
 */
export class RunAllocator {
  readonly #slabs: SlabSource
  readonly #clock: Clock
  readonly #restMs: number
  readonly #restingByBytes = new Map<number, RestingPlaces>()
  #slab: SlabView | null = null
  #used = 0
  #runs = 0
  #runBytes = 0

  constructor(slabs: SlabSource, clock: Clock, restMs = runRestMs) {
    this.#slabs = slabs
    this.#clock = clock
    this.#restMs = restMs
  }

  /** Runs in use, and their memory. */
  get stats(): { readonly runs: number; readonly runBytes: number; readonly slabBytes: number } {
    return { runs: this.#runs, runBytes: this.#runBytes, slabBytes: this.#slabs.bytes }
  }

  /** A run of zeros behind its header. `bytes` is a multiple of 64 from ring-layout.ts. Throws RangeError past `runBytesMax`. */
  allocate(bytes: number, partitions: number): Run {
    if (bytes > runBytesMax || bytes % lineBytes !== 0) throw new RangeError(`no run of ${bytes} bytes`)
    const resting = this.#restingByBytes.get(bytes)
    const place = resting?.take(this.#clock.nowMs() - this.#restMs)
    if (resting?.count === 0) this.#restingByBytes.delete(bytes)
    this.#runs++
    this.#runBytes += bytes
    return place ? giveAgain(place.slab, place.at, bytes, partitions) : this.#cut(bytes, partitions)
  }

  /** The caller must not use `run` any more, and must not hold it in the writer. */
  free(run: Run): void {
    const words = run.slab.i32
    const header = run.at >>> 2
    Atomics.add(words, header + runHeader.seq, 1)
    Atomics.add(words, header + runHeader.generation, 1)
    Atomics.add(words, header + runHeader.seq, 1)
    let resting = this.#restingByBytes.get(run.bytes)
    if (!resting) {
      resting = new RestingPlaces()
      this.#restingByBytes.set(run.bytes, resting)
    }
    resting.add(run.slab, run.at, this.#clock.nowMs())
    this.#runs--
    this.#runBytes -= run.bytes
  }

  /** From memory that was never used: it is all zeros already, and pages that stay so cost nothing. */
  #cut(bytes: number, partitions: number): Run {
    let slab: SlabView
    let at = 0
    if (bytes > sharedRunBytesMax) {
      slab = this.#slabs.create(bytes)
    } else {
      if (!this.#slab || this.#used + bytes > runSlabBytes) {
        this.#slab = this.#slabs.create(runSlabBytes)
        this.#used = 0
      }
      slab = this.#slab
      at = this.#used
      this.#used += bytes
    }
    const header = at >>> 2
    Atomics.store(slab.i32, header + runHeader.partitions, partitions)
    const generation = Atomics.add(slab.i32, header + runHeader.generation, 1) + 1
    return new Run(slab, at, bytes, partitions, generation)
  }
}

function giveAgain(slab: SlabView, at: number, bytes: number, partitions: number): Run {
  const header = at >>> 2
  Atomics.add(slab.i32, header + runHeader.seq, 1)
  const generation = (Atomics.add(slab.i32, header + runHeader.generation, 1) + 1) | 0
  Atomics.store(slab.i32, header + runHeader.partitions, partitions)
  slab.f64.fill(0, (at + lineBytes) >>> 3, (at + bytes) >>> 3)
  Atomics.add(slab.i32, header + runHeader.seq, 1)
  return new Run(slab, at, bytes, partitions, generation)
}
