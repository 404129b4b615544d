import {
  commitF64,
  endOffsetAt,
  endOffsetU16,
  lineBytes,
  runHeader,
  summaryAt,
  summaryF64,
  summaryU16,
  unknownLag,
  windowAt,
  windowBytes,
  windowState
} from './ring-layout.ts'
import type { Run } from './run.ts'
import type { SlabView } from './slabs.ts'
import { WindowSummary } from './window-summary.ts'

/**
 * Writes to one run without letting it go at most. Bounds the time that readers of the run find it odd to some tens of µs,
 * while the two atomics of a hold stay small beside the writes: an atomic pair per commit costs 2 to 3 times the append.
 */
export const writesPerHoldMax = 128

/**
 * The only writer of windows and end offsets. Storage thread only.
 *
 * Every change first holds its run (sequence odd) and leaves it held, so that a series of changes to one run is one hold. The
 * caller calls `release` when its batch is done, before anything is freed, and before it waits for anything.
 *
 * Commits come as three neighbouring words of a Float64Array (offset, order, timestampMs), which is how they lie in a packed
 * batch. Partitions must be below `run.partitions` and offsets, orders and times be integers within ±(2^53 - 1): checked by the
 * caller. Commit numbers `i` count from the oldest, 0.
 */
export class RingWriter {
  readonly intervals: number
  readonly #summary: WindowSummary
  #held: Run | null = null
  #writes = 0

  constructor(intervals: number, allowedLag: number) {
    this.intervals = intervals
    this.#summary = new WindowSummary(intervals, allowedLag)
  }

  release(): void {
    if (!this.#held) return
    Atomics.add(this.#held.slab.i32, (this.#held.at >>> 2) + runHeader.seq, 1)
    this.#held = null
  }

  /** A window without commits, if there is none yet. */
  openWindow(run: Run, partition: number): void {
    this.#hold(run)
    run.slab.u16[(summaryAt(run.at, partition) >>> 1) + summaryU16.state] = windowState.present
  }

  /** The newest commit, `lag` behind the end offset; of a full window the oldest is lost. */
  append(run: Run, partition: number, from: Float64Array, at: number, lag: number, observedSeconds: number): void {
    this.#hold(run)
    const { slab } = run
    const { u16 } = slab
    const s = summaryAt(run.at, partition) >>> 3
    const w = this.#window(run, partition)
    const n = this.intervals
    let count = u16[s * 4 + summaryU16.count]!
    const next = u16[s * 4 + summaryU16.next]!
    if (count === n) {
      this.#summary.dropOldest(slab, s, w)
      count = n - 1
      u16[s * 4 + summaryU16.count] = count
    }
    this.#write(slab, w, next, from, at, from[at + 2]!, lag, observedSeconds)
    this.#summary.addNewest(slab, s, w)
    u16[s * 4 + summaryU16.count] = count + 1
    u16[s * 4 + summaryU16.next] = next + 1 === n ? 0 : next + 1
    u16[s * 4 + summaryU16.state] = windowState.present
  }

  /** Takes the place of the newest commit and keeps its timestamp (min-distance, spec 02 section 6.4). */
  mergeNewest(run: Run, partition: number, from: Float64Array, at: number, lag: number, observedSeconds: number): void {
    this.#hold(run)
    const { slab } = run
    const { u16 } = slab
    const s = summaryAt(run.at, partition) >>> 3
    const w = this.#window(run, partition)
    const next = u16[s * 4 + summaryU16.next]!
    const newest = next === 0 ? this.intervals - 1 : next - 1
    const timestampMs = slab.f64[w + newest * commitF64.words + commitF64.timestampMs]!
    u16[s * 4 + summaryU16.count]!--
    u16[s * 4 + summaryU16.next] = newest
    this.#summary.dropNewest(slab, s, w)
    this.#write(slab, w, newest, from, at, timestampMs, lag, observedSeconds)
    this.#summary.addNewest(slab, s, w)
    u16[s * 4 + summaryU16.count]!++
    u16[s * 4 + summaryU16.next] = next
  }

  /** A commit older than all, into a window that is not full. Lag unknown, as for the three below. */
  prepend(run: Run, partition: number, from: Float64Array, at: number, observedSeconds: number): void {
    this.#hold(run)
    const s = summaryAt(run.at, partition) >>> 3
    run.slab.u16[s * 4 + summaryU16.count]!++
    this.#writeLate(run, partition, 0, from, at, from[at + 2]!, observedSeconds)
  }

  /** Takes the place of commit `i` altogether. */
  replace(run: Run, partition: number, i: number, from: Float64Array, at: number, observedSeconds: number): void {
    this.#hold(run)
    this.#writeLate(run, partition, i, from, at, from[at + 2]!, observedSeconds)
  }

  /** Takes the place of commit `i` and keeps its timestamp. */
  merge(run: Run, partition: number, i: number, from: Float64Array, at: number, observedSeconds: number): void {
    this.#hold(run)
    const timestampMs = run.slab.f64[this.commitAt(run, partition, i) + commitF64.timestampMs]!
    this.#writeLate(run, partition, i, from, at, timestampMs, observedSeconds)
  }

  /** Before commit `i`, 0 < i < count; `i` and those after it move up by one, and of a full window the oldest is lost. */
  insert(run: Run, partition: number, i: number, from: Float64Array, at: number, observedSeconds: number): void {
    this.#hold(run)
    const { u16, u32, f64 } = run.slab
    const s = summaryAt(run.at, partition) >>> 3
    const w = this.#window(run, partition)
    const n = this.intervals
    const count = u16[s * 4 + summaryU16.count]!
    const next = u16[s * 4 + summaryU16.next]!
    const observed = this.#observed(w)
    for (let moved = count - i, to = next; moved > 0; moved--) {
      const source = to === 0 ? n - 1 : to - 1
      f64.copyWithin(w + to * commitF64.words, w + source * commitF64.words, w + (source + 1) * commitF64.words)
      u32[observed + to] = u32[observed + source]!
      to = source
    }
    u16[s * 4 + summaryU16.next] = next + 1 === n ? 0 : next + 1
    const full = count === n
    if (!full) u16[s * 4 + summaryU16.count] = count + 1
    this.#writeLate(run, partition, full ? i - 1 : i, from, at, from[at + 2]!, observedSeconds)
  }

  /** Back to "nothing ever committed here". */
  removeWindow(run: Run, partition: number): void {
    this.#hold(run)
    const s = summaryAt(run.at, partition) >>> 3
    run.slab.f64.fill(0, s, s + lineBytes / 8)
  }

  /** All windows of a run into a larger, fresh one. */
  copyWindows(from: Run, to: Run): void {
    this.#hold(to)
    const bytes = windowBytes(this.intervals)
    const windows = windowAt(from.at, from.partitions, 0, this.intervals) >>> 3
    const summaries = summaryAt(from.at, 0) >>> 3
    to.slab.f64.set(
      from.slab.f64.subarray(summaries, summaries + (from.partitions * lineBytes) / 8),
      summaryAt(to.at, 0) >>> 3
    )
    to.slab.f64.set(
      from.slab.f64.subarray(windows, windows + (from.partitions * bytes) / 8),
      windowAt(to.at, to.partitions, 0, this.intervals) >>> 3
    )
  }

  /** The newest end offset of a partition; of a full circle the oldest is lost. */
  addEndOffset(run: Run, partition: number, offset: number): void {
    this.#hold(run)
    const { u16, f64 } = run.slab
    const ring = endOffsetAt(run.at, partition, this.intervals)
    const next = u16[(ring >>> 1) + endOffsetU16.next]!
    const count = u16[(ring >>> 1) + endOffsetU16.count]!
    f64[(ring >>> 3) + 1 + next] = offset
    u16[(ring >>> 1) + endOffsetU16.next] = next + 1 === this.intervals ? 0 : next + 1
    if (count < this.intervals) u16[(ring >>> 1) + endOffsetU16.count] = count + 1
  }

  /** All end offsets of a run into a larger, fresh one. */
  copyEndOffsets(from: Run, to: Run): void {
    this.#hold(to)
    const first = endOffsetAt(from.at, 0, this.intervals) >>> 3
    const end = endOffsetAt(from.at, from.partitions, this.intervals) >>> 3
    to.slab.f64.set(from.slab.f64.subarray(first, end), endOffsetAt(to.at, 0, this.intervals) >>> 3)
  }

  /** Commits in a window, 0..intervals. */
  count(run: Run, partition: number): number {
    return run.slab.u16[(summaryAt(run.at, partition) >>> 1) + summaryU16.count]!
  }

  hasWindow(run: Run, partition: number): boolean {
    return run.slab.u16[(summaryAt(run.at, partition) >>> 1) + summaryU16.state] === windowState.present
  }

  /** Order of the newest commit; only for a window that has one. */
  lastOrder(run: Run, partition: number): number {
    return run.slab.f64[(summaryAt(run.at, partition) >>> 3) + summaryF64.lastOrder]!
  }

  lastTimestampMs(run: Run, partition: number): number {
    return run.slab.f64[(summaryAt(run.at, partition) >>> 3) + summaryF64.lastTimestampMs]!
  }

  /** Float64 index in the slab of commit `i`. */
  commitAt(run: Run, partition: number, i: number): number {
    return this.#window(run, partition) + this.#slot(run, partition, i) * commitF64.words
  }

  #hold(run: Run): void {
    if (this.#held === run && this.#writes < writesPerHoldMax) {
      this.#writes++
      return
    }
    this.release()
    this.#held = run
    this.#writes = 1
    // Read-modify-write, not a store: nothing written below may be seen before the sequence is seen odd.
    Atomics.add(run.slab.i32, (run.at >>> 2) + runHeader.seq, 1)
  }

  #window(run: Run, partition: number): number {
    return windowAt(run.at, run.partitions, partition, this.intervals) >>> 3
  }

  #slot(run: Run, partition: number, i: number): number {
    const u16 = summaryAt(run.at, partition) >>> 1
    const slot = run.slab.u16[u16 + summaryU16.next]! - run.slab.u16[u16 + summaryU16.count]! + i
    return slot < 0 ? slot + this.intervals : slot
  }

  /** Uint32 index of the observed times of a window. */
  #observed(w: number): number {
    return (w + this.intervals * commitF64.words) * 2
  }

  #writeLate(
    run: Run,
    partition: number,
    i: number,
    from: Float64Array,
    at: number,
    timestampMs: number,
    observedSeconds: number
  ): void {
    const w = this.#window(run, partition)
    this.#write(run.slab, w, this.#slot(run, partition, i), from, at, timestampMs, unknownLag, observedSeconds)
    this.#summary.recompute(run.slab, summaryAt(run.at, partition) >>> 3, w)
  }

  #write(
    slab: SlabView,
    w: number,
    slot: number,
    from: Float64Array,
    at: number,
    timestampMs: number,
    lag: number,
    observedSeconds: number
  ): void {
    const { f64 } = slab
    const commit = w + slot * commitF64.words
    f64[commit + commitF64.offset] = from[at]!
    f64[commit + commitF64.order] = from[at + 1]!
    f64[commit + commitF64.timestampMs] = timestampMs
    f64[commit + commitF64.lag] = lag
    slab.u32[this.#observed(w) + slot] = observedSeconds
  }
}
