import type { TopicDirectory } from '../../shared/actor/storage-messages.ts'
import { StatusConstant } from '../../shared/protocol/status.ts'
import {
  endOffsetAt,
  endOffsetBytes,
  endOffsetU16,
  lineBytes,
  summaryAt,
  summaryF64,
  summaryU16,
  windowAt,
  windowBytes
} from '../../shared/ring/ring-layout.ts'
import type { SlabView } from '../../shared/ring/slabs.ts'
import { completeOf, type EvaluationSettings, type GroupTally } from '../../shared/rules/evaluate.ts'
import { statusOfRule } from '../../shared/rules/lag-rules.ts'
import { SummaryRules } from '../../shared/rules/summary.ts'

/**
 * The verdicts on all partitions of one topic, from their summaries and newest end offsets. One loop over local variables: a partition
 * without lag, as most are, needs a few words of shared memory and no call, so 30 million a second are judged where a call and fields of
 * an object for each allowed half of that. Call `judge` inside a read of both (read-both.ts); the figures count only if that read ended
 * well, and until the next topic. One per evaluator thread.
 */
export class TopicJudge {
  /** By partition. Longer than the topic. */
  statuses = new Uint8Array(128)
  lags = new Float64Array(128)
  partitions = 0
  /** The worst. */
  status: StatusConstant = StatusConstant.OK
  totalLag = 0
  /** -1 = no partition. */
  maxLag = -1
  /** The first partition with that lag, -1 = none. */
  maxlagPartition = -1
  /** Partitions with a full window. */
  fullPartitions = 0
  readonly #settings: EvaluationSettings
  readonly #rules: SummaryRules
  /** The fewest commits that a window is judged with; beyond `intervals` = never. */
  readonly #judgedFrom: number

  constructor(settings: EvaluationSettings) {
    this.#settings = settings
    this.#rules = new SummaryRules(settings.intervals, settings.allowedLag)
    this.#judgedFrom = fewestJudged(settings)
  }

  /** Once per group, so that all its partitions are judged at one time. */
  setTime(nowSeconds: number): void {
    this.#rules.nowMs = nowSeconds * 1000
  }

  /** `ends` is null for a topic that the cluster does not know. */
  judge(topic: TopicDirectory, slab: SlabView, ends: SlabView | null): void {
    const { intervals, allowedLag } = this.#settings
    const judgedFrom = this.#judgedFrom
    const { at, partitions } = topic.windows
    if (partitions > this.lags.length) this.#grow(partitions)
    const { statuses, lags } = this
    const { u16, f64 } = slab
    const endOffsets = ends === null ? null : topic.endOffsets
    const knownPartitions = endOffsets === null ? 0 : endOffsets.partitions
    const { u16: endsU16, f64: endsF64 } = ends ?? slab
    const rules = this.#rules
    let summary = summaryAt(at, 0)
    let window = windowAt(at, partitions, 0, intervals)
    let end = endOffsetAt(endOffsets?.at ?? 0, 0, intervals)
    const windowStep = windowBytes(intervals)
    const endStep = endOffsetBytes(intervals)
    let worst: StatusConstant = StatusConstant.OK
    let totalLag = 0
    let maxLag = -1
    let maxlagPartition = -1
    let fullPartitions = 0
    for (let partition = 0; partition < partitions; partition++) {
      const count = u16[(summary >> 1) + summaryU16.count]!
      let lag = 0
      // A partition that the cluster does not know (any more) has no end offset and so no lag (spec 09, B1).
      if (count !== 0 && partition < knownPartitions && endsU16[(end >> 1) + endOffsetU16.count] !== 0) {
        const next = endsU16[(end >> 1) + endOffsetU16.next]!
        const newest = endsF64[(end >> 3) + (next === 0 ? intervals : next)]!
        lag = newest - f64[(summary >> 3) + summaryF64.lastOffset]!
        if (lag < 0) lag = 0
      }
      let status: StatusConstant = StatusConstant.OK
      if (lag > allowedLag && count >= judgedFrom) {
        const known = partition < knownPartitions ? ends : null
        status = statusOfRule(rules.judge(slab, summary, window, known, end, lag))
        if (status > worst) worst = status
      }
      if (count >= intervals) fullPartitions++
      statuses[partition] = status
      lags[partition] = lag
      totalLag += lag
      if (lag > maxLag) {
        maxLag = lag
        maxlagPartition = partition
      }
      summary += lineBytes
      window += windowStep
      end += endStep
    }
    this.partitions = partitions
    this.status = worst
    this.totalLag = totalLag
    this.maxLag = maxLag
    this.maxlagPartition = maxlagPartition
    this.fullPartitions = fullPartitions
  }

  statusOf(partition: number): StatusConstant {
    return this.statuses[partition] as StatusConstant
  }

  /** The topic follows those added so far. True if its `maxlagPartition` takes the place of maxlag. */
  addTo(tally: GroupTally): boolean {
    return tally.addMany(this.partitions, this.fullPartitions, this.totalLag, this.status, this.maxLag)
  }

  #grow(partitions: number): void {
    this.statuses = new Uint8Array(partitions)
    this.lags = new Float64Array(partitions)
  }
}

function fewestJudged({ intervals, minimumComplete }: EvaluationSettings): number {
  for (let count = 1; count <= intervals; count++) if (completeOf(count, intervals) >= minimumComplete) return count
  return intervals + 1
}
