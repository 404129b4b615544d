import type { RunAddress } from '../../shared/actor/storage-messages.ts'
import type { ConsumerOffset } from '../../shared/protocol/consumer.ts'
import { commitF64, summaryAt, summaryU16, unknownLag, windowAt } from '../../shared/ring/ring-layout.ts'
import type { SlabView } from '../../shared/ring/slabs.ts'

/** Oldest and newest commit of a window, both null when there is none. */
export interface WindowEdges {
  readonly start: ConsumerOffset | null
  readonly end: ConsumerOffset | null
  readonly count: number
}

/** Inside a `readRun` body: what it gives counts only if that read ended well. */
export function edgesOfWindow(slab: SlabView, run: RunAddress, partition: number, intervals: number): WindowEdges {
  const u16 = summaryAt(run.at, partition) >> 1
  const count = Math.min(slab.u16[u16 + summaryU16.count]!, intervals)
  if (count === 0) return { start: null, end: null, count }
  const next = slab.u16[u16 + summaryU16.next]!
  const window = windowAt(run.at, run.partitions, partition, intervals)
  return {
    start: commitAt(slab, window, (next - count + intervals) % intervals, intervals),
    end: commitAt(slab, window, (next - 1 + intervals) % intervals, intervals),
    count
  }
}

function commitAt(slab: SlabView, window: number, slot: number, intervals: number): ConsumerOffset {
  const commit = (window >> 3) + slot * commitF64.words
  const lag = slab.f64[commit + commitF64.lag]!
  return {
    offset: slab.f64[commit + commitF64.offset]!,
    order: slab.f64[commit + commitF64.order]!,
    timestampMs: slab.f64[commit + commitF64.timestampMs]!,
    observedTimestampMs: slab.u32[(window >> 2) + intervals * commitF64.words * 2 + slot]! * 1000,
    lag: lag === unknownLag ? null : lag
  }
}
