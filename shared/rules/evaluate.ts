import { compareUtf8 } from '../json/utf8-order.ts'
import type {
  ConsumerGroupStatus,
  ConsumerOffset,
  ConsumerPartition,
  ConsumerTopics,
  PartitionStatus
} from '../protocol/consumer.ts'
import { StatusConstant } from '../protocol/status.ts'
import { Rule, statusOfRule, type Trial, tryRules } from './lag-rules.ts'

/** What the verdict on a group depends on besides its data. */
export interface EvaluationSettings {
  readonly intervals: number
  /** 32-bit float; a partition less complete than this is OK. */
  readonly minimumComplete: number
  readonly allowedLag: number
}

/**
 * How full a window is, as the original computes it: a division of 32-bit floats. Without commits it is 0 (spec 09, C6; the
 * original says 1/N there).
 */
export function completeOf(commits: number, intervals: number): number {
  if (commits === 0) return 0
  return commits >= intervals ? 1 : Math.fround(commits / intervals)
}

/**
 * Adds up the verdict on a group, partition by partition in the order of the answer (spec 03 section 3), or topic by topic.
 * `maxlag` is kept by the caller: `add` says whether what was added takes its place.
 */
export class GroupTally {
  status: StatusConstant = StatusConstant.OK
  totalPartitions = 0
  totalLag = 0
  /** -1 = no partition yet. */
  maxLag = -1
  #completePartitions = 0

  /** True if no partition before had as much lag. */
  add(status: StatusConstant, currentLag: number, complete: number): boolean {
    this.totalPartitions++
    this.totalLag += currentLag
    if (complete === 1) this.#completePartitions++
    return this.#worsen(status, currentLag)
  }

  /** The partitions of `later` follow those added so far. True if one of them takes the place of maxlag. */
  addAll(later: GroupTally): boolean {
    const { totalPartitions, totalLag, status, maxLag } = later
    return this.addMany(totalPartitions, later.#completePartitions, totalLag, status, maxLag)
  }

  /** The same for partitions that were added up elsewhere: how many, how many with a full window, their worst status. */
  addMany(partitions: number, complete: number, totalLag: number, status: StatusConstant, maxLag: number): boolean {
    this.totalPartitions += partitions
    this.totalLag += totalLag
    this.#completePartitions += complete
    return this.#worsen(status, maxLag)
  }

  #worsen(status: StatusConstant, lag: number): boolean {
    if (status > this.status) this.status = status > StatusConstant.Error ? StatusConstant.Error : status
    if (lag <= this.maxLag) return false
    this.maxLag = lag
    return true
  }

  /** Share of partitions whose window is full; 32-bit float, 0 for a group without partitions. */
  get complete(): number {
    return this.totalPartitions === 0 ? 0 : Math.fround(this.#completePartitions / this.totalPartitions)
  }
}

/** The verdict on a group from a copy of its data, with the full-window rules. Partitions by topic (UTF-8 bytes) and number. */
export function evaluateTopics(
  cluster: string,
  group: string,
  topics: ConsumerTopics,
  settings: EvaluationSettings,
  nowSeconds: number,
  showAll: boolean
): ConsumerGroupStatus {
  const tally = new GroupTally()
  const shown: PartitionStatus[] = []
  let maxlag: PartitionStatus | null = null
  for (const topic of [...topics.keys()].sort(compareUtf8)) {
    for (const [index, partition] of topics.get(topic)!.entries()) {
      const status = evaluatePartition(topic, index, partition, settings, nowSeconds)
      if (tally.add(status.status, status.currentLag, status.complete)) maxlag = status
      if (showAll || status.status > StatusConstant.OK) shown.push(status)
    }
  }
  return groupStatus(cluster, group, tally, shown, maxlag)
}

/** The verdict on one partition (spec 03 section 4). */
export function evaluatePartition(
  topic: string,
  index: number,
  partition: ConsumerPartition,
  settings: EvaluationSettings,
  nowSeconds: number
): PartitionStatus {
  const { window, complete, trials } = tryPartition(partition, settings, nowSeconds)
  return {
    topic,
    partition: index,
    owner: partition.owner,
    clientId: partition.clientId,
    status: statusOfRule(trials.at(-1)!.rule),
    start: window[0] ?? null,
    end: window.at(-1) ?? null,
    currentLag: partition.currentLag,
    complete
  }
}

/** What a partition was judged by, and the rules that were tried; the last one decided. */
export interface TriedPartition {
  /** Without empty places. */
  readonly window: readonly ConsumerOffset[]
  readonly complete: number
  readonly trials: readonly [Trial, ...Trial[]]
}

/** Judges one partition and says how. A window that is not full enough is not judged, which is OK. */
export function tryPartition(
  { offsets, brokerOffsets, currentLag }: ConsumerPartition,
  { minimumComplete, allowedLag }: EvaluationSettings,
  nowSeconds: number
): TriedPartition {
  const window = offsets.filter((commit): commit is ConsumerOffset => commit !== null)
  const complete = completeOf(window.length, offsets.length)
  if (window.length > 0 && complete < minimumComplete) {
    const compared = { commits: window.length, intervals: offsets.length, complete, minimumComplete }
    return { window, complete, trials: [{ rule: Rule.NotJudged, decides: true, compared }] }
  }
  return { window, complete, trials: tryRules({ window, brokerOffsets, currentLag, nowSeconds, allowedLag }) }
}

export function groupStatus(
  cluster: string,
  group: string,
  tally: GroupTally,
  partitions: readonly PartitionStatus[],
  maxlag: PartitionStatus | null
): ConsumerGroupStatus {
  const { status, complete, totalPartitions, totalLag } = tally
  return { cluster, group, status, complete, partitions, totalPartitions, maxlag, totalLag }
}

/** What an unknown cluster or group is answered with; `complete` is 1 (spec 03 section 2, quirk C7). */
export function notFoundStatus(cluster: string, group: string): ConsumerGroupStatus {
  return {
    cluster,
    group,
    status: StatusConstant.NotFound,
    complete: 1,
    partitions: [],
    totalPartitions: 0,
    maxlag: null,
    totalLag: 0
  }
}
