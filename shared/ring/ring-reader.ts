import type { RunAddress } from '../actor/storage-messages.ts'
import type { Counters } from '../counters.ts'
import type { ConsumerOffset } from '../protocol/consumer.ts'
import {
  commitF64,
  endOffsetAt,
  endOffsetU16,
  runHeader,
  summaryAt,
  summaryU16,
  unknownLag,
  windowAt,
  windowState
} from './ring-layout.ts'
import type { SlabView, SlabViews } from './slabs.ts'

/** Times that a body is run for one read before it is given up as busy. */
export const readTriesMax = 16
/** Looks at an odd sequence word, back to back, before the reader lets the processor go. */
export const looksBeforeSleepMax = 400
/** Naps of `napMs` per read. With more threads than cores the writer may be off its core while inside a run. */
export const napsMax = 20
export const napMs = 0.1

/**
 * ok: the body saw one state of the run, from begin to end. busy: the writer never let go, ask storage for a copy.
 * moved: this address is no longer the run that was asked for, ask storage for the directory again.
 */
export type ReadOutcome = 'ok' | 'busy' | 'moved'

/**
 * Works on a run in place. Any thread, any number of them; never holds up the writer.
 *
 * `body` gets the slab and the address and computes byte offsets with ring-layout.ts. It may see half-written values and may
 * be run several times: it must start afresh each time, clamp what it uses as a loop bound, and only the results of a read
 * that ended `ok` count. An error that it throws over half-written values is forgotten with them.
 *
 * The second look at the sequence is a read-modify-write: on weakly ordered processors a plain atomic load could be done before
 * the plain loads of the body are; an add of 0 cannot.
 */
export function readRun(
  slabs: SlabViews,
  run: RunAddress,
  body: (slab: SlabView, run: RunAddress) => void,
  counters?: Counters
): ReadOutcome {
  const slab = slabs.get(run.slab)
  const words = slab.i32
  const seqAt = (run.at >>> 2) + runHeader.seq
  const generationAt = (run.at >>> 2) + runHeader.generation
  for (let tries = 0; tries < readTriesMax; tries++) {
    const before = waitUntilEven(words, seqAt)
    if (before === null) break
    if (Atomics.load(words, generationAt) !== run.generation) return 'moved'
    let failure: { error: unknown } | null = null
    try {
      body(slab, run)
    } catch (error) {
      failure = { error }
    }
    if (Atomics.add(words, seqAt, 0) === before) {
      if (failure) throw failure.error
      return 'ok'
    }
    counters?.add('ring_retries')
  }
  counters?.add('ring_busy')
  return 'busy'
}

/** The even sequence, or null when the writer stayed inside for as long as we are willing to wait. */
function waitUntilEven(words: Int32Array, seqAt: number): number | null {
  for (let naps = 0; naps <= napsMax; naps++) {
    let seq = 0
    for (let looks = 0; looks < looksBeforeSleepMax; looks++) {
      seq = Atomics.load(words, seqAt)
      if ((seq & 1) === 0) return seq
    }
    // The writer never notifies (that would cost it more than its writing); the wait ends by its time.
    if (naps < napsMax) Atomics.wait(words, seqAt, seq, napMs)
  }
  return null
}

/**
 * The window of one partition as in ConsumerPartition.offsets: `intervals` long with nulls in front, [] if there is no window.
 * Inside a `readRun` body, or on the storage thread.
 */
export function readWindow(
  slab: SlabView,
  run: Pick<RunAddress, 'at' | 'partitions'>,
  partition: number,
  intervals: number
): (ConsumerOffset | null)[] {
  const summary = summaryAt(run.at, partition) >>> 1
  const { u16, u32, f64 } = slab
  if (u16[summary + summaryU16.state] !== windowState.present) return []
  const count = Math.min(u16[summary + summaryU16.count]!, intervals)
  const next = u16[summary + summaryU16.next]!
  const window = windowAt(run.at, run.partitions, partition, intervals)
  const offsets: (ConsumerOffset | null)[] = new Array(intervals - count).fill(null)
  for (let i = count; i > 0; i--) {
    const slot = (next - i + intervals) % intervals
    const commit = (window >>> 3) + slot * commitF64.words
    const lag = f64[commit + commitF64.lag]!
    offsets.push({
      offset: f64[commit + commitF64.offset]!,
      order: f64[commit + commitF64.order]!,
      timestampMs: f64[commit + commitF64.timestampMs]!,
      observedTimestampMs: u32[(window >>> 2) + intervals * commitF64.words * 2 + slot]! * 1000,
      lag: lag === unknownLag ? null : lag
    })
  }
  return offsets
}

/** End offsets of one partition, oldest first, at most `intervals`; [] for a partition that the run does not have. */
export function readEndOffsets(
  slab: SlabView,
  run: Pick<RunAddress, 'at' | 'partitions'>,
  partition: number,
  intervals: number
): number[] {
  if (partition >= run.partitions) return []
  const ring = endOffsetAt(run.at, partition, intervals)
  const count = Math.min(slab.u16[(ring >>> 1) + endOffsetU16.count]!, intervals)
  const next = slab.u16[(ring >>> 1) + endOffsetU16.next]!
  const values: number[] = []
  for (let i = count; i > 0; i--) values.push(slab.f64[(ring >>> 3) + 1 + ((next - i + intervals) % intervals)]!)
  return values
}
