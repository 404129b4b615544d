import { statusToText } from '../protocol/status.ts'
import { countToText, durationsToText, durationToText, recordsToText } from './amount-words.ts'
import { Rule, statusOfRule, type Trial } from './lag-rules.ts'

/**
 * A tried rule in words for a tired person, made of nothing but what the rule compared. Pure; any thread. The one that decided
 * begins with the status.
 */
export function trialToText(trial: Trial, currentLag: number): string {
  const words = wordsByRule[trial.rule](trial.compared, trial.decides, currentLag)
  return trial.decides ? `${statusToText(statusOfRule(trial.rule))}: ${words}` : words
}

type Compared = Trial['compared']
type Words = (compared: Compared, decides: boolean, currentLag: number) => string

const wordsByRule: Readonly<Record<Rule, Words>> = {
  [Rule.NotJudged]: notJudged,
  [Rule.CurrentLagAllowed]: currentLagAllowed,
  [Rule.Stopped]: stopped,
  [Rule.Rewound]: rewound,
  [Rule.LagWasAllowed]: lagWasAllowed,
  [Rule.Stalled]: stalled,
  [Rule.LagNotDecreasing]: lagNotDecreasing,
  [Rule.MakingProgress]: ({ lagBefore, lagAfter }, _, currentLag) =>
    `lag fell from ${countToText(lagBefore!)} to ${countToText(lagAfter!)} within the window, so the group does catch up, ` +
    `and ${wait(currentLag)}`
}

function notJudged({ commits, intervals, minimumComplete }: Compared): string {
  if (commits === 0) return 'there is no commit here, so there is nothing to judge'
  return `not judged yet: the window holds ${commits} of ${intervals} commits, and minimum-complete asks for a share of ${minimumComplete}`
}

function currentLagAllowed({ currentLag, allowedLag }: Compared, decides: boolean): string {
  const allowed = allowedLag === 0 ? 'none may' : `${countToText(allowedLag!)} may`
  if (!decides) return `${wait(currentLag!)}, ${allowed}`
  return currentLag === 0 ? 'no record waits' : `${wait(currentLag!)}, and ${countToText(allowedLag!)} may`
}

function stopped(compared: Compared, decides: boolean, currentLag: number): string {
  const { sinceLastCommitMs, windowSpanMs, lastOffset, smallestEndOffset } = compared
  const [age, span] = durationsToText(sinceLastCommitMs!, windowSpanMs!)
  const old =
    sinceLastCommitMs! < 0
      ? `the last commit is ${durationToText(-sinceLastCommitMs!)} ahead of this clock`
      : `the last commit is ${age} old`
  const backwards = windowSpanMs! < 0 ? ' (commit times run backwards)' : ''
  if (decides) return `${old}, the window spans ${span}${backwards}, and ${wait(currentLag)}`
  if (sinceLastCommitMs! <= windowSpanMs!) return `not stopped: ${old}, no longer than the window spans (${span})`
  return (
    `not stopped: ${old} and the window spans only ${span}${backwards}, but a remembered end offset ` +
    `(${countToText(smallestEndOffset!)}) is not beyond the last commit (${countToText(lastOffset!)}): the group had read all there was`
  )
}

function rewound({ offsetBefore, offsetAfter, furthestAfter }: Compared, decides: boolean): string {
  if (offsetBefore === undefined) return 'not rewound: no commit went back'
  const back = `the group went back from offset ${countToText(offsetBefore)} to ${countToText(offsetAfter!)}`
  if (!decides) return `not rewound: ${back}, but has reached ${countToText(furthestAfter!)} since`
  return `${back} and has come no further than ${countToText(furthestAfter!)} since`
}

function lagWasAllowed({ smallestLag, allowedLag }: Compared, decides: boolean): string {
  if (smallestLag === undefined) return 'not seen caught up: of no commit in the window the lag is known'
  const allowed = allowedLag === 0 ? '' : `, and ${countToText(allowedLag!)} may wait`
  if (!decides)
    return `not seen caught up: no commit in the window was closer than ${recordsToText(smallestLag)}${allowed}`
  if (smallestLag === 0) return `within the window the group had caught up${allowed}`
  return `within the window the group had caught up to ${recordsToText(smallestLag)}${allowed}`
}

function stalled({ commits, offset, currentLag, moves }: Compared, decides: boolean): string {
  if (!decides) return `not stalled: the offset moved ${moves === 1 ? 'once' : `${moves} times`} in ${commits} commits`
  const all = commits === 1 ? 'the only commit is' : `all ${commits} commits are`
  return `${all} at offset ${countToText(offset!)}, and ${wait(currentLag!)}`
}

function lagNotDecreasing(compared: Compared, decides: boolean): string {
  const { firstLag, lastLag, knownLags, currentLag } = compared
  if (!decides) return `not falling behind all the time: of ${knownLags} known lags one is smaller than the one before`
  const moves = 'the group moves but does not catch up'
  if (knownLags === 0) return `${moves}: of no commit the lag is known, and ${wait(currentLag!)}`
  if (knownLags === 1)
    return `${moves}: the one lag that is known is ${countToText(firstLag!)}, and ${wait(currentLag!)}`
  const way =
    firstLag === lastLag
      ? `lag stayed at ${countToText(firstLag!)}`
      : `lag grew from ${countToText(firstLag!)} to ${countToText(lastLag!)} and never shrank`
  return `${moves}: ${way} within the window, and ${wait(currentLag!)}`
}

/** `1 record waits`, `1,204 records wait`. */
function wait(count: number): string {
  return `${recordsToText(count)} ${count === 1 ? 'waits' : 'wait'}`
}
