/**
 * How far each storage shard has applied each partition of an offsets topic, in shared memory, so that a kafka thread that
 * replaces a dead one goes on exactly there, and a new storage shard is filled again from the start.
 *
 *   Float64 rows of `offsetsPartitionsMax`:
 *
 *   row 0            startAt     where reading began; -1 = not yet. Written by the kafka thread, once, and again if the offsets
 *                                partition was lost and begins anew
 *   row 1 + 2 s      appliedTo   shard s has applied every record below; written by shard s after a batch
 *   row 2 + 2 s      resumeFrom  oldest record that still matters (an open transaction, a member of a KIP-848 group), at most
 *                                appliedTo; the same
 *
 * A reader resumes at the smallest resumeFrom of all shards and sends to shard s only what is at or above appliedTo[s].
 * Main sets a shard's rows to -1 (nothing applied: begin at startAt) when that shard is replaced, before its successor runs.
 */
export const offsetsPartitionsMax = 2048

export interface PositionTable {
  readonly buffer: SharedArrayBuffer
  readonly shards: number
}

export function createPositionTable(shards: number): PositionTable {
  const buffer = new SharedArrayBuffer(8 * offsetsPartitionsMax * (1 + 2 * shards))
  new Float64Array(buffer).fill(-1)
  return { buffer, shards }
}

export const startAtIndex = (partition: number): number => partition
export const appliedToIndex = (shard: number, partition: number): number =>
  (1 + 2 * shard) * offsetsPartitionsMax + partition
export const resumeFromIndex = (shard: number, partition: number): number =>
  (2 + 2 * shard) * offsetsPartitionsMax + partition

/** Main only, while no thread of that shard runs. */
export function forgetShard(table: PositionTable, shard: number): void {
  const view = new Float64Array(table.buffer)
  view.fill(-1, appliedToIndex(shard, 0), appliedToIndex(shard, 0) + 2 * offsetsPartitionsMax)
}
