import { commitF64 } from '../../shared/ring/ring-layout.ts'
import type { RingWriter } from '../../shared/ring/ring-writer.ts'
import type { Run } from '../../shared/ring/run.ts'

/** What became of a commit. */
export const Inserted = { stored: 0, merged: 1, duplicate: 2, tooOld: 3 } as const
export type Inserted = (typeof Inserted)[keyof typeof Inserted]

/**
 * Finds the place of a commit in its window by order alone and writes it there (spec 02 sections 6.3.1 and 6.4).
 *
 * `commits[at]` is the offset, then order and timestampMs. `endOffset` is the newest one of the partition: the lag of a
 * commit is known only if it is the newest by order, since for an older one that end offset says nothing.
 */
export function insertCommit(
  writer: RingWriter,
  run: Run,
  partition: number,
  commits: Float64Array,
  at: number,
  endOffset: number,
  observedSeconds: number,
  minDistanceMs: number
): Inserted {
  const count = writer.count(run, partition)
  if (count > 0 && commits[at + 1]! <= writer.lastOrder(run, partition)) {
    return insertLate(writer, run, partition, commits, at, observedSeconds, minDistanceMs)
  }
  const lag = Math.max(0, endOffset - commits[at]!)
  if (count > 0 && commits[at + 2]! - writer.lastTimestampMs(run, partition) < minDistanceMs) {
    writer.mergeNewest(run, partition, commits, at, lag, observedSeconds)
    return Inserted.merged
  }
  writer.append(run, partition, commits, at, lag, observedSeconds)
  return Inserted.stored
}

/** A commit that is not the newest by order; rare, as one partition of the offsets topic is read in order. */
function insertLate(
  writer: RingWriter,
  run: Run,
  partition: number,
  commits: Float64Array,
  at: number,
  observedSeconds: number,
  minDistanceMs: number
): Inserted {
  const order = commits[at + 1]!
  const { f64 } = run.slab
  const count = writer.count(run, partition)
  const full = count === writer.intervals
  let older = count // commits before the place
  while (older > 0) {
    const other = f64[writer.commitAt(run, partition, older - 1) + commitF64.order]!
    if (other < order) break
    if (other === order) return full && older === 1 ? Inserted.tooOld : Inserted.duplicate
    older--
  }
  if (older === 0) {
    if (full) return Inserted.tooOld
    writer.prepend(run, partition, commits, at, observedSeconds)
    return Inserted.stored
  }
  if (full && older === 1) {
    writer.replace(run, partition, 0, commits, at, observedSeconds)
    return Inserted.stored
  }
  const beforeMs = f64[writer.commitAt(run, partition, older - 1) + commitF64.timestampMs]!
  if (commits[at + 2]! - beforeMs < minDistanceMs) {
    writer.merge(run, partition, older - 1, commits, at, observedSeconds)
    return Inserted.merged
  }
  writer.insert(run, partition, older, commits, at, observedSeconds)
  return Inserted.stored
}
