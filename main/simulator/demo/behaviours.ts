/**
 * What a demo consumer does with one partition, as a pure function of time: so that its past can be written in one go, and
 * so that its status stays what it is however long the demo runs and whenever a monitor comes to look.
 */
export interface Behaviour {
  /** Between two commits, seconds. */
  readonly periodSeconds: number
  /** The offset committed at a time, undefined = no commit at that time. */
  committedAt(timeMs: number, partition: PartitionInTime): number | undefined
}

export interface PartitionInTime {
  /** When the demo began, ms since the epoch; commits before that are its history. */
  readonly startMs: number
  endOffsetAt(timeMs: number): number
}

/** Reads up to the end each time: OK. */
export const follow: Behaviour = {
  periodSeconds: 2,
  committedAt: (timeMs, partition) => partition.endOffsetAt(timeMs)
}

/** Has read all there is and has had nothing to do for a long time: OK, because it has no lag. */
export const rest: Behaviour = {
  periodSeconds: 600,
  committedAt: (timeMs, { startMs, endOffsetAt }) => (timeMs > startMs - 3_600_000 ? undefined : endOffsetAt(startMs))
}

/**
 * Commits on and advances, but by less than is produced: WARN.
 *
 * The lag of a commit is told from the end offset that the monitor saw last, so between two commits it must have looked
 * again, or lag seems to shrink: the period is longer than an offset refresh of five seconds. For the same reason the
 * history stands still: all of it is replayed against one end offset, and any advance in it would be a shrinking lag.
 */
export const fallBehind: Behaviour = {
  periodSeconds: 7,
  committedAt(timeMs, { startMs, endOffsetAt }) {
    const backlog = endOffsetAt(startMs) - endOffsetAt(startMs - 240_000)
    const read = timeMs <= startMs ? 0 : (endOffsetAt(timeMs) - endOffsetAt(startMs)) / 5
    return endOffsetAt(startMs) - backlog + Math.floor(read)
  }
}

/** Advanced and fell silent six minutes ago, while producers went on: STOP. */
export const fallSilent: Behaviour = {
  periodSeconds: 10,
  committedAt: (timeMs, { startMs, endOffsetAt }) =>
    timeMs > startMs - 360_000 ? undefined : endOffsetAt(timeMs - 20_000)
}

/** Commits the same offset again and again, as behind a record that it cannot process: STALL. */
export const standStill: Behaviour = {
  periodSeconds: 2,
  committedAt: (_timeMs, { startMs, endOffsetAt }) => endOffsetAt(startMs - 900_000)
}

/**
 * Reads five commits far and begins again before where it was, for ever: REWIND. Each round ends one offset earlier than the one
 * before: a round that came as far would count as recovered.
 */
export const rewind: Behaviour = {
  periodSeconds: 2,
  committedAt(timeMs, { startMs, endOffsetAt }) {
    const step = Math.floor((timeMs - startMs) / 2000)
    const round = Math.floor(step / 5)
    const place = step - round * 5
    return endOffsetAt(startMs - 600_000) - round - (4 - place) * 250
  }
}

const followMs = 60_000
const standMs = 60_000
const catchUpMs = 60_000

/** A minute of each: follows, stands still, catches up. One sees it turn from OK to STALL and back. */
export const takeTurns: Behaviour = {
  periodSeconds: 2,
  committedAt(timeMs, { startMs, endOffsetAt }) {
    const cycleMs = followMs + standMs + catchUpMs
    const intoMs = (((timeMs - startMs) % cycleMs) + cycleMs) % cycleMs
    if (intoMs < followMs) return endOffsetAt(timeMs)
    const stuckAt = endOffsetAt(timeMs - intoMs + followMs)
    if (intoMs < followMs + standMs) return stuckAt
    const caughtUp = (intoMs - followMs - standMs) / catchUpMs
    return stuckAt + Math.floor((endOffsetAt(timeMs) - stuckAt) * caughtUp)
  }
}
