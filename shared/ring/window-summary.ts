import { commitF64, summaryF64, summaryU16, unknownLag } from './ring-layout.ts'
import type { SlabView } from './slabs.ts'

/**
 * Keeps the 64-byte summary of a window true (ring-layout.ts has the meaning of each word). Used by ring-writer.ts only, inside a
 * held run.
 *
 * Appending changes a window at its two ends, so three steps in constant time suffice: dropOldest, dropNewest, addNewest. All
 * other changes are rare (commits out of order) and use `recompute`.
 *
 * `s` is the Float64 index of the summary, `w` of the window. `next` and `count` in the summary are set by the caller: before
 * addNewest and dropNewest they are those of the window without the newest commit, before dropOldest with the oldest.
 */
export class WindowSummary {
  readonly intervals: number
  readonly allowedLag: number

  constructor(intervals: number, allowedLag: number) {
    this.intervals = intervals
    this.allowedLag = allowedLag
  }

  /** The commit at `next` of a full window is about to be lost. */
  dropOldest(slab: SlabView, s: number, w: number): void {
    const { f64, u16 } = slab
    const n = this.intervals
    if (n === 1) {
      this.#forget(slab, s)
      return
    }
    const oldest = u16[s * 4 + summaryU16.next]!
    const second = oldest + 1 === n ? 0 : oldest + 1
    const at = w + oldest * commitF64.words
    const after = w + second * commitF64.words
    const offset = f64[at + commitF64.offset]!
    const offsetAfter = f64[after + commitF64.offset]!
    if (offsetAfter !== offset) u16[s * 4 + summaryU16.offsetMoves]!--
    if (offsetAfter < offset) u16[s * 4 + summaryU16.offsetFalls]!--
    f64[s + summaryF64.firstTimestampMs] = f64[after + commitF64.timestampMs]!
    const lag = f64[at + commitF64.lag]!
    if (lag === unknownLag) return
    if (lag <= this.allowedLag) u16[s * 4 + summaryU16.lagsAtOrUnderAllowed]!--
    const lagAfter = this.#knownLagAfter(slab, w, oldest)
    if (lagAfter === unknownLag) f64[s + summaryF64.lastKnownLag] = unknownLag
    else if (lagAfter < lag) u16[s * 4 + summaryU16.lagFalls]!--
  }

  /** The commit at `next` is about to be replaced by another newest one; `count` others stay. */
  dropNewest(slab: SlabView, s: number, w: number): void {
    const { f64, u16 } = slab
    const count = u16[s * 4 + summaryU16.count]!
    if (count === 0) {
      this.#forget(slab, s)
      return
    }
    const newest = u16[s * 4 + summaryU16.next]!
    const at = w + newest * commitF64.words
    const before = w + (newest === 0 ? this.intervals - 1 : newest - 1) * commitF64.words
    const offset = f64[at + commitF64.offset]!
    const offsetBefore = f64[before + commitF64.offset]!
    if (offset !== offsetBefore) u16[s * 4 + summaryU16.offsetMoves]!--
    if (offset < offsetBefore) u16[s * 4 + summaryU16.offsetFalls]!--
    f64[s + summaryF64.lastOffset] = offsetBefore
    const lag = f64[at + commitF64.lag]!
    if (lag === unknownLag) return
    if (lag <= this.allowedLag) u16[s * 4 + summaryU16.lagsAtOrUnderAllowed]!--
    const lagBefore = this.#knownLagBefore(slab, w, newest, count)
    f64[s + summaryF64.lastKnownLag] = lagBefore
    if (lag < lagBefore) u16[s * 4 + summaryU16.lagFalls]!--
  }

  /** The commit at `next` was written behind `count` others. */
  addNewest(slab: SlabView, s: number, w: number): void {
    const { f64, u16 } = slab
    const at = w + u16[s * 4 + summaryU16.next]! * commitF64.words
    const offset = f64[at + commitF64.offset]!
    const timestampMs = f64[at + commitF64.timestampMs]!
    const lag = f64[at + commitF64.lag]!
    if (u16[s * 4 + summaryU16.count]! === 0) {
      f64[s + summaryF64.firstTimestampMs] = timestampMs
      f64[s + summaryF64.lastKnownLag] = unknownLag
    } else {
      const last = f64[s + summaryF64.lastOffset]!
      if (offset !== last) u16[s * 4 + summaryU16.offsetMoves]!++
      if (offset < last) u16[s * 4 + summaryU16.offsetFalls]!++
    }
    f64[s + summaryF64.lastOffset] = offset
    f64[s + summaryF64.lastTimestampMs] = timestampMs
    f64[s + summaryF64.lastOrder] = f64[at + commitF64.order]!
    f64[s + summaryF64.lastLag] = lag
    if (lag === unknownLag) return
    if (lag <= this.allowedLag) u16[s * 4 + summaryU16.lagsAtOrUnderAllowed]!++
    if (lag < f64[s + summaryF64.lastKnownLag]!) u16[s * 4 + summaryU16.lagFalls]!++
    f64[s + summaryF64.lastKnownLag] = lag
  }

  /** From the window; `count` and `next` are those of the window as it is now. */
  recompute(slab: SlabView, s: number, w: number): void {
    const { u16 } = slab
    const count = u16[s * 4 + summaryU16.count]!
    const next = u16[s * 4 + summaryU16.next]!
    this.#forget(slab, s)
    for (let i = 0; i < count; i++) {
      u16[s * 4 + summaryU16.count] = i
      u16[s * 4 + summaryU16.next] = (next - count + i + this.intervals) % this.intervals
      this.addNewest(slab, s, w)
    }
    u16[s * 4 + summaryU16.count] = count
    u16[s * 4 + summaryU16.next] = next
  }

  #forget(slab: SlabView, s: number): void {
    slab.f64[s + summaryF64.lastKnownLag] = unknownLag
    slab.u16.fill(0, s * 4 + summaryU16.lagsAtOrUnderAllowed, s * 4 + summaryU16.offsetFalls + 1)
  }

  /** Of a full window whose oldest commit is at `oldest`. */
  #knownLagAfter(slab: SlabView, w: number, oldest: number): number {
    for (let i = 1; i < this.intervals; i++) {
      const index = oldest + i < this.intervals ? oldest + i : oldest + i - this.intervals
      const lag = slab.f64[w + index * commitF64.words + commitF64.lag]!
      if (lag !== unknownLag) return lag
    }
    return unknownLag
  }

  /** Of the `count` commits before the one at `newest`. */
  #knownLagBefore(slab: SlabView, w: number, newest: number, count: number): number {
    for (let i = 1; i <= count; i++) {
      const index = newest - i < 0 ? newest - i + this.intervals : newest - i
      const lag = slab.f64[w + index * commitF64.words + commitF64.lag]!
      if (lag !== unknownLag) return lag
    }
    return unknownLag
  }
}
