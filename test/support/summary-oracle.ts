import { expect } from 'chai'
import type { ConsumerOffset } from '../../shared/protocol/consumer.ts'
import { commitF64, summaryAt, summaryF64, summaryU16, windowAt } from '../../shared/ring/ring-layout.ts'
import { readWindow } from '../../shared/ring/ring-reader.ts'
import type { SlabView } from '../../shared/ring/slabs.ts'

interface Place {
  readonly at: number
  readonly partitions: number
}

/** The words of a summary that readers may rely on, by the names in ring-layout.ts. */
export interface Summary {
  count: number
  lagsAtOrUnderAllowed: number
  lagFalls: number
  offsetMoves: number
  offsetFalls: number
  lastOffset: number
  lastTimestampMs: number
  firstTimestampMs: number
  lastOrder: number
  lastLag: number
  lastKnownLag: number
}
const names: readonly (keyof Summary)[] = [
  ...(['count', 'lagsAtOrUnderAllowed', 'lagFalls', 'offsetMoves', 'offsetFalls'] as const),
  ...(['lastOffset', 'lastTimestampMs', 'firstTimestampMs', 'lastOrder', 'lastLag', 'lastKnownLag'] as const)
]

export function readSummary(slab: SlabView, run: Place, partition: number): Summary {
  const u16 = summaryAt(run.at, partition) / 2
  const f64 = summaryAt(run.at, partition) / 8
  return {
    count: slab.u16[u16 + summaryU16.count]!,
    lagsAtOrUnderAllowed: slab.u16[u16 + summaryU16.lagsAtOrUnderAllowed]!,
    lagFalls: slab.u16[u16 + summaryU16.lagFalls]!,
    offsetMoves: slab.u16[u16 + summaryU16.offsetMoves]!,
    offsetFalls: slab.u16[u16 + summaryU16.offsetFalls]!,
    lastOffset: slab.f64[f64 + summaryF64.lastOffset]!,
    lastTimestampMs: slab.f64[f64 + summaryF64.lastTimestampMs]!,
    firstTimestampMs: slab.f64[f64 + summaryF64.firstTimestampMs]!,
    lastOrder: slab.f64[f64 + summaryF64.lastOrder]!,
    lastLag: slab.f64[f64 + summaryF64.lastLag]!,
    lastKnownLag: slab.f64[f64 + summaryF64.lastKnownLag]!
  }
}

/** The same, computed from the window by the meaning of each word in ring-layout.ts; null for a window without commits. */
export function summaryOf(commits: readonly ConsumerOffset[], allowedLag: number): Summary | null {
  const first = commits[0]
  const last = commits.at(-1)
  if (!first || !last) return null
  const known = commits.map(({ lag }) => lag).filter(lag => lag !== null)
  return {
    count: commits.length,
    lagsAtOrUnderAllowed: known.filter(lag => lag <= allowedLag).length,
    lagFalls: known.filter((lag, i) => i > 0 && lag < known[i - 1]!).length,
    offsetMoves: commits.filter(({ offset }, i) => i > 0 && offset !== commits[i - 1]!.offset).length,
    offsetFalls: commits.filter(({ offset }, i) => i > 0 && offset < commits[i - 1]!.offset).length,
    lastOffset: last.offset,
    lastTimestampMs: last.timestampMs,
    firstTimestampMs: first.timestampMs,
    lastOrder: last.order,
    lastLag: last.lag ?? -1,
    lastKnownLag: known.at(-1) ?? -1
  }
}

/** Throws unless the summary says what the window says, and the window's orders rise. */
export function checkSummary(
  slab: SlabView,
  run: Place,
  partition: number,
  intervals: number,
  allowedLag: number
): void {
  const commits = readWindow(slab, run, partition, intervals).filter(commit => commit !== null)
  const found = readSummary(slab, run, partition)
  const wanted = summaryOf(commits, allowedLag)
  if (!wanted) {
    const counters = [found.count, found.lagsAtOrUnderAllowed, found.lagFalls, found.offsetMoves, found.offsetFalls]
    if (counters.some(counter => counter !== 0)) expect(counters, 'without commits').to.deep.equal([0, 0, 0, 0, 0])
    return
  }
  for (const name of names) {
    if (found[name] !== wanted[name]) expect(found, `summary of partition ${partition}`).to.deep.equal(wanted)
  }
  for (const [i, { order }] of commits.entries()) {
    if (i > 0 && order <= commits[i - 1]!.order) throw new Error('orders do not rise')
  }
  const next = slab.u16[summaryAt(run.at, partition) / 2 + summaryU16.next]!
  const newest = windowAt(run.at, run.partitions, partition, intervals) / 8 + ((next - 1 + intervals) % intervals) * 4
  if (slab.f64[newest + commitF64.order] !== wanted.lastOrder) throw new Error('next does not follow the newest commit')
}
