import { commitF64, endOffsetU16, summaryF64, summaryU16 } from '../ring/ring-layout.ts'
import { Rule } from './lag-rules.ts'

/**
 * The verdict of `lag-rules.ts` from the 64-byte summary of a window, in constant time and without objects. The window is read
 * only if the group went back in it, the circle of end offsets only if the group is silent.
 *
 * The functions read shared memory as it stands: call them inside `readRun`, and mind that between two words of a try
 * that will be repeated anything may be read; loops are therefore bounded by `intervals`, never by what was read.
 */
export interface RunWords {
  readonly f64: Float64Array
  readonly u16: Uint16Array
}

/** Below every offset, so that the lag is 0. */
export const unknownEndOffset = Number.NEGATIVE_INFINITY

/** Newest end offset, or `unknownEndOffset`. `at`: byte address of the partition's end offsets. */
export function newestEndOffset(words: RunWords, at: number, intervals: number): number {
  const u16 = at >> 1
  if (words.u16[u16 + endOffsetU16.count] === 0) return unknownEndOffset
  const next = words.u16[u16 + endOffsetU16.next]!
  return words.f64[(at >> 3) + 1 + (next === 0 ? intervals : next) - 1]!
}

/** Some remembered end offset is at or under `offset` (`recentLagZero`). */
export function anyEndOffsetAtOrUnder(words: RunWords, at: number, intervals: number, offset: number): boolean {
  const u16 = at >> 1
  const count = Math.min(words.u16[u16 + endOffsetU16.count]!, intervals)
  const next = words.u16[u16 + endOffsetU16.next]!
  const ring = (at >> 3) + 1
  for (let back = 1; back <= count; back++) {
    const index = next - back
    if (words.f64[ring + (index < 0 ? index + intervals : index)]! <= offset) return true
  }
  return false
}

/** Judges one partition after the other; `nowMs` is set once per group, so that all its partitions are judged at one time. */
export class SummaryRules {
  readonly intervals: number
  /** The one that storage counted `lagsAtOrUnderAllowed` with. */
  readonly allowedLag: number
  /** Whole seconds, in ms. */
  nowMs = 0

  constructor(intervals: number, allowedLag: number) {
    this.intervals = intervals
    this.allowedLag = allowedLag
  }

  /**
   * Which rule decides. `summary` and `window` are byte addresses of a window with at least one commit, `endsAt` of the
   * partition's end offsets; `ends` is null when topic or partition are not known.
   */
  judge(
    words: RunWords,
    summary: number,
    window: number,
    ends: RunWords | null,
    endsAt: number,
    currentLag: number
  ): Rule {
    if (currentLag <= this.allowedLag) return Rule.CurrentLagAllowed
    const f64 = summary >> 3
    const u16 = summary >> 1
    const last = words.f64[f64 + summaryF64.lastTimestampMs]!
    if (this.nowMs - last > last - words.f64[f64 + summaryF64.firstTimestampMs]!) {
      const lastOffset = words.f64[f64 + summaryF64.lastOffset]!
      if (ends === null || !anyEndOffsetAtOrUnder(ends, endsAt, this.intervals, lastOffset)) return Rule.Stopped
    }
    if (words.u16[u16 + summaryU16.offsetFalls] !== 0 && !returnedAfterRewind(words, summary, window, this.intervals)) {
      return Rule.Rewound
    }
    if (words.u16[u16 + summaryU16.lagsAtOrUnderAllowed] !== 0) return Rule.LagWasAllowed
    if (words.u16[u16 + summaryU16.offsetMoves] === 0) return Rule.Stalled
    return words.u16[u16 + summaryU16.lagFalls] === 0 ? Rule.LagNotDecreasing : Rule.MakingProgress
  }
}

/** `rewindIndex` and `rewindRecovered` in one walk: after its first step back, did the group return to where it was? */
function returnedAfterRewind(words: RunWords, summary: number, window: number, intervals: number): boolean {
  const u16 = summary >> 1
  const count = Math.min(words.u16[u16 + summaryU16.count]!, intervals)
  let index = words.u16[u16 + summaryU16.next]! - count
  if (index < 0) index += intervals
  let before = Number.NEGATIVE_INFINITY
  let wentBack = false
  for (let step = 0; step < count; step++) {
    const offset = words.f64[(window >> 3) + index * commitF64.words + commitF64.offset]!
    if (!wentBack && offset < before) wentBack = true
    else if (!wentBack) before = offset
    else if (offset >= before) return true
    index = index + 1 === intervals ? 0 : index + 1
  }
  return !wentBack
}
