import type { PartitionExplanation } from '../live/shapes.ts'

/** What is drawn of a partition's window; all of one length, times in seconds since the epoch, ascending. */
export interface WindowSeries {
  readonly times: readonly number[]
  readonly lags: readonly (number | null)[]
  readonly commits: readonly (number | null)[]
  readonly endOffsets: readonly (number | null)[]
}

/**
 * A point for each commit, and one for now: the lag of now, and the end offset that the monitor saw last. The end offset at a commit is what
 * its lag was told from.
 */
export function windowSeries(of: PartitionExplanation, evaluatedAt: number): WindowSeries {
  const points = of.commits
    .filter(commit => commit !== null)
    .map(({ timestamp, offset, lag }) => ({ atMs: timestamp, lag, offset, end: lag === null ? null : offset + lag }))
    .sort((a, b) => a.atMs - b.atMs)
  const last = points.at(-1)
  if (last && evaluatedAt > last.atMs) {
    // A commit may be ahead of the end offset that was seen last.
    const end = Math.max(of.end_offsets.at(-1) ?? 0, last.offset + of.current_lag)
    points.push({ atMs: evaluatedAt, lag: of.current_lag, offset: last.offset, end })
  }
  return {
    times: points.map(({ atMs }) => atMs / 1000),
    lags: points.map(({ lag }) => lag),
    commits: points.map(({ offset }) => offset),
    endOffsets: points.map(({ end }) => end)
  }
}
