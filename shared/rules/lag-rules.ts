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

const nameByRule = [
  'not-judged',
  'current-lag-allowed',
  'stopped',
  'rewound',
  'lag-was-allowed',
  'stalled',
  'lag-not-decreasing',
  'making-progress'
] as const

/** As it stands in JSON and in docs/explain.md. */
export function ruleToText(rule: Rule): string {
  return nameByRule[rule]
}

export function statusOfRule(rule: Rule): StatusConstant {
  return statusByRule[rule]
}

/** A verdict with its reason: the rule and the numbers that it compared, by name. */
export interface Verdict {
  readonly status: StatusConstant
  readonly rule: Rule
  readonly compared: Readonly<Record<string, number>>
}

/** One rule that was tried: what it compared, by name, and whether it decided. */
export interface Trial {
  readonly rule: Rule
  readonly decides: boolean
  readonly compared: Readonly<Record<string, number>>
}

export function judgePartition(facts: PartitionFacts): Verdict {
  const { rule, compared } = tryRules(facts).at(-1)!
  return { status: statusOfRule(rule), rule, compared }
}

/** The rules in their order, up to the one that decides, which is the last: a verdict and its explanation are one computation. */
export function tryRules(facts: PartitionFacts): readonly [Trial, ...Trial[]] {
  const first = facts.window.length === 0 ? tryEmpty() : tryCurrentLag(facts)
  const trials: [Trial, ...Trial[]] = [first]
  for (let next = 0; !trials.at(-1)!.decides; next++) trials.push(laterRules[next]!(facts))
  return trials
}

function tryEmpty(): Trial {
  return { rule: Rule.NotJudged, decides: true, compared: { commits: 0 } }
}

function tryCurrentLag({ currentLag, allowedLag }: PartitionFacts): Trial {
  return { rule: Rule.CurrentLagAllowed, decides: currentLag <= allowedLag, compared: { currentLag, allowedLag } }
}

/** With at least one commit. The last of them always decides. */
const laterRules: readonly ((facts: PartitionFacts) => Trial)[] = [
  tryStopped,
  tryRewound,
  tryLagWasAllowed,
  tryStalled,
  tryLagNotDecreasing,
  tryProgress
]

function tryStopped({ window, brokerOffsets, nowSeconds }: PartitionFacts): Trial {
  const last = window.at(-1)!
  return {
    rule: Rule.Stopped,
    decides: stopped(window, nowSeconds) && !recentLagZero(window, brokerOffsets),
    compared: {
      sinceLastCommitMs: nowSeconds * 1000 - last.timestampMs,
      windowSpanMs: last.timestampMs - window[0]!.timestampMs,
      lastOffset: last.offset,
      // Without any end offset there is nothing to compare with, which counts as "lag in all that is remembered".
      ...(brokerOffsets.length > 0 ? { smallestEndOffset: smallest(brokerOffsets) } : {})
    }
  }
}

function tryRewound({ window }: PartitionFacts): Trial {
  const at = rewindIndex(window)
  if (at === -1) return { rule: Rule.Rewound, decides: false, compared: {} }
  const compared = {
    at,
    offsetBefore: window[at - 1]!.offset,
    offsetAfter: window[at]!.offset,
    furthestAfter: window.slice(at).reduce((most, { offset }) => Math.max(most, offset), Number.NEGATIVE_INFINITY)
  }
  return { rule: Rule.Rewound, decides: !rewindRecovered(window, at), compared }
}

function tryLagWasAllowed({ window, allowedLag }: PartitionFacts): Trial {
  const lags = knownLags(window)
  const compared = { ...(lags.length > 0 ? { smallestLag: smallest(lags) } : {}), allowedLag }
  return { rule: Rule.LagWasAllowed, decides: !lagAlwaysAbove(window, allowedLag), compared }
}

function tryStalled({ window, currentLag }: PartitionFacts): Trial {
  const decides = stalled(window)
  const moves = window.filter(({ offset }, index) => index > 0 && offset !== window[index - 1]!.offset).length
  const compared = { commits: window.length, offset: window.at(-1)!.offset, currentLag }
  return { rule: Rule.Stalled, decides, compared: decides ? compared : { ...compared, moves } }
}

function tryLagNotDecreasing({ window, currentLag }: PartitionFacts): Trial {
  const lags = knownLags(window)
  const ends = lags.length > 0 ? { firstLag: lags[0]!, lastLag: lags.at(-1)! } : {}
  const decides = lagNotDecreasing(window)
  return { rule: Rule.LagNotDecreasing, decides, compared: { ...ends, knownLags: lags.length, currentLag } }
}

function tryProgress({ window }: PartitionFacts): Trial {
  const lags = knownLags(window)
  const fall = lags.findIndex((lag, index) => index > 0 && lag < lags[index - 1]!)
  return { rule: Rule.MakingProgress, decides: true, compared: { lagBefore: lags[fall - 1]!, lagAfter: lags[fall]! } }
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
