import { compareUtf8 } from '../json/utf8-order.ts'
import type { ConsumerOffset, ConsumerPartition, ConsumerTopics } from '../protocol/consumer.ts'
import { StatusConstant, statusToText } from '../protocol/status.ts'
import { countToText, durationToText, recordsToText, timeToText } from './amount-words.ts'
import { type EvaluationSettings, GroupTally, tryPartition } from './evaluate.ts'
import { trialToText } from './explain-words.ts'
import { forecastPartition } from './forecast.ts'
import { type Rule, statusOfRule, type Trial } from './lag-rules.ts'

/** Why a verdict is what it is, and what becomes of it. Made by the functions that judge. Pure; any thread. */
export interface ExplainSettings extends EvaluationSettings {
  /** How often the cluster's end offsets are looked at. */
  readonly endOffsetSeconds: number
  /** A group whose newest commit is older is forgotten. */
  readonly expireGroupSeconds: number
}

export interface PartitionExplanation {
  readonly topic: string
  readonly partition: number
  readonly owner: string
  readonly clientId: string
  readonly status: StatusConstant
  readonly rule: Rule
  /** `STOP: the last commit is 312 s old, the window spans 50 s, and 1,204 records wait`. */
  readonly sentence: string
  readonly currentLag: number
  readonly complete: number
  /** The evidence, oldest first. */
  readonly window: readonly ConsumerOffset[]
  readonly endOffsets: readonly number[]
  readonly tried: readonly TriedRule[]
  /** Null = this verdict stays if nothing changes. */
  readonly forecast: ExplainedForecast | null
}

export interface TriedRule extends Trial {
  readonly sentence: string
}

export interface ExplainedForecast {
  readonly status: StatusConstant
  readonly atSeconds: number
  /** Greater than 0: the time is an estimate, for it takes so many further looks at the end offset. */
  readonly endOffsetLooks: number
  readonly sentence: string
}

export interface GroupExplanation {
  readonly cluster: string
  readonly group: string
  readonly status: StatusConstant
  readonly sentence: string
  readonly nowSeconds: number
  readonly settings: ExplainSettings
  readonly complete: number
  readonly totalLag: number
  readonly totalPartitions: number
  /** By status; partitions. */
  readonly countByStatus: ReadonlyMap<StatusConstant, number>
  /** What made the group as bad as it is: the highest status, among these the largest lag. Null for a group that is OK. */
  readonly worst: PartitionExplanation | null
  readonly maxlag: PartitionExplanation | null
  /** When the group itself becomes ERR; null = it stays what it is. */
  readonly forecast: ExplainedForecast | null
  /** First whole second at which the group is forgotten if it commits no more; null for a group without commits. */
  readonly expiresAtSeconds: number | null
  /** By topic (UTF-8 bytes) and number. */
  readonly partitions: readonly PartitionExplanation[]
}

export function explainPartition(
  topic: string,
  index: number,
  partition: ConsumerPartition,
  settings: ExplainSettings,
  nowSeconds: number
): PartitionExplanation {
  const { window, complete, trials } = tryPartition(partition, settings, nowSeconds)
  const { owner, clientId, currentLag, brokerOffsets } = partition
  const { rule } = trials.at(-1)!
  const tried = trials.map(trial => ({ ...trial, sentence: trialToText(trial, currentLag) }))
  return {
    topic,
    partition: index,
    owner,
    clientId,
    status: statusOfRule(rule),
    rule,
    sentence: tried.at(-1)!.sentence,
    currentLag,
    complete,
    window,
    endOffsets: brokerOffsets,
    tried,
    forecast: explainForecast(rule, window, brokerOffsets, settings, nowSeconds)
  }
}

export function explainGroup(
  cluster: string,
  group: string,
  topics: ConsumerTopics,
  settings: ExplainSettings,
  nowSeconds: number
): GroupExplanation {
  const tally = new GroupTally()
  const partitions: PartitionExplanation[] = []
  const countByStatus = new Map<StatusConstant, number>()
  let maxlag: PartitionExplanation | null = null
  let worst: PartitionExplanation | null = null
  for (const topic of [...topics.keys()].sort(compareUtf8)) {
    for (const [index, partition] of topics.get(topic)!.entries()) {
      const explained = explainPartition(topic, index, partition, settings, nowSeconds)
      const { status, currentLag } = explained
      if (tally.add(status, currentLag, explained.complete)) maxlag = explained
      if (isWorse(explained, worst)) worst = explained
      countByStatus.set(status, (countByStatus.get(status) ?? 0) + 1)
      partitions.push(explained)
    }
  }
  const { status, complete, totalLag, totalPartitions } = tally
  const told = { cluster, group, status, complete, totalLag, totalPartitions, countByStatus, worst, maxlag, partitions }
  return {
    ...told,
    sentence: groupSentence(told),
    nowSeconds,
    settings,
    forecast: groupForecast(status, partitions),
    expiresAtSeconds: expiresAt(partitions, settings.expireGroupSeconds)
  }
}

function isWorse(explained: PartitionExplanation, worst: PartitionExplanation | null): boolean {
  if (explained.status <= StatusConstant.OK) return false
  if (worst === null || explained.status > worst.status) return true
  return explained.status === worst.status && explained.currentLag > worst.currentLag
}

function groupSentence({
  status,
  worst,
  countByStatus,
  totalLag,
  totalPartitions
}: Pick<GroupExplanation, 'status' | 'worst' | 'countByStatus' | 'totalLag' | 'totalPartitions'>): string {
  if (totalPartitions === 0) return `${statusToText(status)}: the group has no partitions`
  const of = totalPartitions === 1 ? 'its one partition' : `all of its ${countToText(totalPartitions)} partitions`
  if (!worst)
    return `${statusToText(status)}: ${of} ${totalPartitions === 1 ? 'is' : 'are'} OK; ${recordsToText(totalLag)} behind in all`
  const bad = [...countByStatus].filter(([each]) => each > StatusConstant.OK).sort(([a], [b]) => b - a)
  const counts = bad.map(([each, count]) => `${countToText(count)} ${statusToText(each)}`).join(', ')
  return (
    `${statusToText(status)}: ${counts} of ${countToText(totalPartitions)} partitions; ` +
    `worst is ${worst.topic}/${worst.partition}, ${worst.sentence}`
  )
}

function explainForecast(
  rule: Rule,
  window: readonly ConsumerOffset[],
  brokerOffsets: readonly number[],
  { intervals, endOffsetSeconds }: ExplainSettings,
  nowSeconds: number
): ExplainedForecast | null {
  const forecast = forecastPartition(rule, { window, brokerOffsets, nowSeconds }, intervals)
  if (!forecast) return null
  const { stoppedAtSeconds, endOffsetLooks } = forecast
  const atSeconds = Math.max(stoppedAtSeconds, nowSeconds + endOffsetLooks * endOffsetSeconds)
  return forecastTo(StatusConstant.Stop, atSeconds, endOffsetLooks, nowSeconds)
}

function forecastTo(
  status: StatusConstant,
  atSeconds: number,
  endOffsetLooks: number,
  nowSeconds: number
): ExplainedForecast {
  const about = endOffsetLooks > 0 ? 'about ' : ''
  const sentence =
    `${statusToText(status)} in ${about}${durationToText((atSeconds - nowSeconds) * 1000)} (${timeToText(atSeconds * 1000)}) ` +
    'if no commit arrives and the end offset stays'
  return { status, atSeconds, endOffsetLooks, sentence }
}

/** The first of its partitions to stop takes the group to ERR; one that is there already stays there. */
function groupForecast(status: StatusConstant, partitions: readonly PartitionExplanation[]): ExplainedForecast | null {
  if (status >= StatusConstant.Error) return null
  let first: ExplainedForecast | null = null
  for (const { forecast } of partitions)
    if (forecast && (!first || forecast.atSeconds < first.atSeconds)) first = forecast
  if (!first) return null
  return { ...first, status: StatusConstant.Error, sentence: first.sentence.replace(/^STOP/, 'ERR') }
}

/** Solves `(now - expire) * 1000 > newest commit` for the smallest whole second (spec 02 section 6.10). */
function expiresAt(partitions: readonly PartitionExplanation[], expireGroupSeconds: number): number | null {
  let newestMs = Number.NEGATIVE_INFINITY
  for (const { window } of partitions) newestMs = Math.max(newestMs, window.at(-1)?.timestampMs ?? newestMs)
  return newestMs === Number.NEGATIVE_INFINITY ? null : Math.floor(newestMs / 1000) + 1 + expireGroupSeconds
}
