/**
 * Where things are in the shared memory of offset histories. Constants and address arithmetic only, no behaviour.
 * The only writer is `ring-writer.ts` on the storage thread; `ring-reader.ts` reads on any thread.
 *
 * A slab is one fixed-size SharedArrayBuffer. It is cut into runs. A run holds all partitions of one (group, topic), or
 * the end offsets of all partitions of one topic; partition = index in the run. All addresses are byte offsets in the slab,
 * multiples of 8; a run starts at a multiple of 64.
 *
 * Window run, n partitions, N = intervals:
 *
 *    0                64                    64 + 64 n                        64 + 64 n + W n
 *   +----------------+----------+- -+------+--------------+- -+-------------+
 *   | run header     | summary 0|   | n-1  | window 0     |   | window n-1  |
 *   +----------------+----------+- -+------+--------------+- -+-------------+
 *
 * Run header (64 bytes, one cache line, so that its words are not shared with the data of a neighbour):
 *
 *    0     4            8            12                 64
 *   +-----+------------+------------+-------------------+
 *   | seq | generation | partitions | unused            |     Int32 each, through Atomics
 *   +-----+------------+------------+-------------------+
 *   seq         odd while the writer is inside; a reader works between two equal, even values
 *   generation  changes when the run is freed and when it is given out again; a reader that holds an old one is told
 *
 * Summary (64 bytes, one cache line; enough to judge a partition without its window, see rules/summary.ts):
 *
 *    0            8              16               24          32        40                          48                 56
 *   +------------+--------------+----------------+-----------+---------+------+------+-------+-----+----+----+----+----+--------------+
 *   | lastOffset | lastTimestamp| firstTimestamp | lastOrder | lastLag | count| next | state |  -  | a  | b  | c  | d  | lastKnownLag |
 *   +------------+--------------+----------------+-----------+---------+------+------+-------+-----+----+----+----+----+--------------+
 *     doubles (times in ms); count .. d are Uint16
 *   count   commits in the window, 0..N           next   index in the window where the next commit goes, 0..N-1
 *   state   0 = no window (nothing ever committed or owned here), 1 = window
 *   a  commits with a known lag at or under allowed-lag       b  known lags smaller than the known lag before them
 *   c  neighbouring commits with different offsets            d  neighbouring commits whose offset went back
 *   lastLag, lastKnownLag   -1 = unknown / none known
 *
 * Window (N commits in a circle, oldest at (next - count) mod N), W = 36 N rounded up to 8 bytes:
 *
 *    0                                  32                      32 N             32 N + 4 N
 *   +--------+-------+-----------+-----+--------+- - - - - - - +----------------+
 *   | offset | order | timestamp | lag | commit 1 ...          | observed 0..N-1|
 *   +--------+-------+-----------+-----+--------+- - - - - - - +----------------+
 *     doubles; lag -1 = unknown                                  Uint32, seconds since the epoch
 *
 * End-offset run, n partitions:
 *
 *    0            64                         64 + E n
 *   +------------+- - -+---------------+- - -+     E = 8 + 8 N
 *   | run header |     | partition p   |     |
 *   +------------+- - -+---------------+- - -+
 *   partition: Uint16 count, Uint16 next, 4 unused bytes, then N doubles in a circle, oldest at (next - count) mod N
 *
 * Group words (32 bytes per group, in slabs of their own):
 *
 *    0         4         8              16            24
 *   +---------+---------+--------------+-------------+--------+
 *   | version | writes  | lastCommitMs | createdMs   | unused |     version, writes: Int32 through Atomics; doubles
 *   +---------+---------+--------------+-------------+--------+
 *   version  moves when the group's directory (topics, runs, owners) changes or the group goes; then ask storage again
 *   writes   moves after every batch that changed a window of the group
 */
export const lineBytes = 64

export const runHeader = { seq: 0, generation: 1, partitions: 2 } as const // Int32 index from the start of the run
export const summaryF64 = {
  lastOffset: 0,
  lastTimestampMs: 1,
  firstTimestampMs: 2,
  lastOrder: 3,
  lastLag: 4,
  lastKnownLag: 7
} as const // Float64 index from the start of the summary
export const summaryU16 = {
  count: 20,
  next: 21,
  state: 22,
  lagsAtOrUnderAllowed: 24,
  lagFalls: 25,
  offsetMoves: 26,
  offsetFalls: 27
} as const // Uint16 index from the start of the summary
export const windowState = { none: 0, present: 1 } as const
export const commitF64 = { offset: 0, order: 1, timestampMs: 2, lag: 3, words: 4 } as const
export const unknownLag = -1
export const endOffsetU16 = { count: 0, next: 1 } as const
export const groupWordsBytes = 32
export const groupWordsI32 = { version: 0, writes: 1 } as const
export const groupWordsF64 = { lastCommitMs: 1, createdMs: 2 } as const

/** Longest window: its counters are 16 bits wide. */
export const intervalsMax = 65_535

export function windowBytes(intervals: number): number {
  return (36 * intervals + 7) & ~7
}

export function windowRunBytes(partitions: number, intervals: number): number {
  return roundUpToLine(lineBytes + partitions * (lineBytes + windowBytes(intervals)))
}

export function summaryAt(run: number, partition: number): number {
  return run + lineBytes + partition * lineBytes
}

export function windowAt(run: number, partitions: number, partition: number, intervals: number): number {
  return run + lineBytes + partitions * lineBytes + partition * windowBytes(intervals)
}

export function endOffsetRunBytes(partitions: number, intervals: number): number {
  return roundUpToLine(lineBytes + partitions * endOffsetBytes(intervals))
}

export function endOffsetBytes(intervals: number): number {
  return 8 + 8 * intervals
}

export function endOffsetAt(run: number, partition: number, intervals: number): number {
  return run + lineBytes + partition * endOffsetBytes(intervals)
}

function roundUpToLine(bytes: number): number {
  return Math.ceil(bytes / lineBytes) * lineBytes
}
