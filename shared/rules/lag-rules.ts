import { StatusConstant } from '../protocol/status.ts'

/**
 * The rules of Burrow on one partition (spec 03 section 5): small predicates over a plain window and one decision.
 * Pure; any thread. `summary.ts` gives the same verdict without the window.
 */
export interface Commit {
  readonly offset: number
  readonly timestampMs: number
  /** Records behind at the time of the commit; null = not known, such a commit says nothing about lag. */
  readonly lag: number | null
}

export interface PartitionFacts {
  /** Oldest first by order, without empty places; may be empty. */
  readonly window: readonly Commit[]
  /** End offsets, oldest first; may be empty. */
  readonly brokerOffsets: readonly number[]
  /** Newest end offset minus newest committed offset, never below 0. */
  readonly currentLag: number
  readonly nowSeconds: number
  /** Lag up to and including this counts as none. */
  readonly allowedLag: number
}

/** Which rule decided: the number of the step in spec 03 section 5; first match wins. */
export const Rule = {
  /** Not judged: no commits, or fewer than `minimum-complete` asks for. */
  NotJudged: 0,
  CurrentLagAllowed: 1,
  Stopped: 2,
  Rewound: 3,
  LagWasAllowed: 4,
  Stalled: 5,
  LagNotDecreasing: 6,
  MakingProgress: 7
} as const
export type Rule = (typeof Rule)[keyof typeof Rule]

const statusByRule = [
  StatusConstant.OK,
  StatusConstant.OK,
  StatusConstant.Stop,
  StatusConstant.Rewind,
  StatusConstant.OK,
  StatusConstant.Stall,
  StatusConstant.Warning,
  StatusConstant.OK
] as const

export function statusOfRule(rule: Rule): StatusConstant {
  return statusByRule[rule]
}

/** A verdict with its reason: the rule and the numbers that it compared, by name. */
export interface Verdict {
  readonly status: StatusConstant
  readonly rule: Rule
  readonly compared: Readonly<Record<string, number>>
}

export function judgePartition(facts: PartitionFacts): Verdict {
  const { window, brokerOffsets, currentLag, nowSeconds, allowedLag } = facts
  const first = window[0]
  const last = window.at(-1)
  if (!first || !last) return verdict(Rule.NotJudged, { commits: 0 })
  if (currentLag <= allowedLag) return verdict(Rule.CurrentLagAllowed, { currentLag, allowedLag })
  if (stopped(window, nowSeconds) && !recentLagZero(window, brokerOffsets)) {
    return verdict(Rule.Stopped, {
      sinceLastCommitMs: nowSeconds * 1000 - last.timestampMs,
      windowSpanMs: last.timestampMs - first.timestampMs,
      lastOffset: last.offset,
      // Without any end offset there is nothing to compare with, which counts as "lag in all that is remembered".
      ...(brokerOffsets.length > 0 ? { smallestEndOffset: smallest(brokerOffsets) } : {})
    })
  }
  const rewind = rewindIndex(window)
  if (rewind !== -1 && !rewindRecovered(window, rewind)) {
    return verdict(Rule.Rewound, {
      at: rewind,
      offsetBefore: window[rewind - 1]!.offset,
      offsetAfter: window[rewind]!.offset
    })
  }
  if (!lagAlwaysAbove(window, allowedLag)) {
    return verdict(Rule.LagWasAllowed, { smallestLag: smallest(knownLags(window)), allowedLag })
  }
  if (stalled(window)) return verdict(Rule.Stalled, { commits: window.length, offset: last.offset, currentLag })
  const lags = knownLags(window)
  if (lagNotDecreasing(window)) {
    const ends = lags.length > 0 ? { firstLag: lags[0]!, lastLag: lags.at(-1)! } : {}
    return verdict(Rule.LagNotDecreasing, { ...ends, knownLags: lags.length, currentLag })
  }
  const fall = lags.findIndex((lag, index) => index > 0 && lag < lags[index - 1]!)
  return verdict(Rule.MakingProgress, { lagBefore: lags[fall - 1]!, lagAfter: lags[fall]! })
}

/** The group has been silent for longer than the whole window spans, so by its own habits a commit is overdue. */
export function stopped(window: readonly Commit[], nowSeconds: number): boolean {
  const last = window.at(-1)!.timestampMs
  return nowSeconds * 1000 - last > last - window[0]!.timestampMs
}

/**
 * At some remembered moment the newest commit was at the end of the partition: the group was silent because there was nothing
 * to read, and what waits now is new. Allowed lag does not count here (quirk C5).
 */
export function recentLagZero(window: readonly Commit[], brokerOffsets: readonly number[]): boolean {
  const last = window.at(-1)!.offset
  return brokerOffsets.some(endOffset => endOffset <= last)
}

/** Where the group first went back, counted from 0; -1 if it never did. Later steps back are not looked at (quirk C2). */
export function rewindIndex(window: readonly Commit[]): number {
  return window.findIndex((commit, index) => index > 0 && commit.offset < window[index - 1]!.offset)
}

/** The group came back to where it was before it went back, so a restart from an older offset did no lasting harm. */
export function rewindRecovered(window: readonly Commit[], rewind: number): boolean {
  const before = window[rewind - 1]!.offset
  return window.some((commit, index) => index >= rewind && commit.offset >= before)
}

/** The group never once caught up inside the window. A commit whose lag is not known proves neither. */
export function lagAlwaysAbove(window: readonly Commit[], allowedLag: number): boolean {
  return window.every(commit => commit.lag === null || commit.lag > allowedLag)
}

/** The group commits the same offset again and again: alive, but not getting anywhere. True for a single commit. */
export function stalled(window: readonly Commit[]): boolean {
  return window.every((commit, index) => index === 0 || commit.offset === window[index - 1]!.offset)
}

/** The group moves, but lag never shrank from one known value to the next: it does not gain on the producers. */
export function lagNotDecreasing(window: readonly Commit[]): boolean {
  const lags = knownLags(window)
  return lags.every((lag, index) => index === 0 || lag >= lags[index - 1]!)
}

function knownLags(window: readonly Commit[]): number[] {
  return window.map(commit => commit.lag).filter(lag => lag !== null)
}

/** A loop, since spreading a window of 65,535 into Math.min could overflow the stack. */
function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
}

function verdict(rule: Rule, compared: Readonly<Record<string, number>>): Verdict {
  return { status: statusOfRule(rule), rule, compared }
}
