import type { TopicDirectory } from '../../shared/actor/storage-messages.ts'
import { StatusConstant } from '../../shared/protocol/status.ts'
import { endOffsetAt, summaryAt, summaryF64, summaryU16, windowAt } from '../../shared/ring/ring-layout.ts'
import type { SlabView } from '../../shared/ring/slabs.ts'
import { completeOf, type EvaluationSettings } from '../../shared/rules/evaluate.ts'
import { statusOfRule } from '../../shared/rules/lag-rules.ts'
import { newestEndOffset, SummaryRules, unknownEndOffset } from '../../shared/rules/summary.ts'

/**
 * The verdict on one partition after the other, from its summary and its newest end offset. Call `judge` inside a read of both
 * (read-both.ts), then take the figures; they count only if that read ended well. One per evaluator thread.
 */
export class InPlaceJudge {
  status: StatusConstant = StatusConstant.OK
  currentLag = 0
  complete = 0
  /** Offset of the newest commit; worth nothing while `complete` is 0. */
  lastOffset = 0
  readonly #settings: EvaluationSettings
  readonly #rules: SummaryRules

  constructor(settings: EvaluationSettings) {
    this.#settings = settings
    this.#rules = new SummaryRules(settings.intervals, settings.allowedLag)
  }

  /** Once per group, so that all its partitions are judged at one time. */
  setTime(nowSeconds: number): void {
    this.#rules.nowMs = nowSeconds * 1000
  }

  /** `ends` is null for a topic that the cluster does not know. */
  judge(topic: TopicDirectory, slab: SlabView, ends: SlabView | null, partition: number): void {
    const { intervals, minimumComplete } = this.#settings
    const { at, partitions } = topic.windows
    const summary = summaryAt(at, partition)
    const count = slab.u16[(summary >> 1) + summaryU16.count]!
    this.complete = completeOf(count, intervals)
    this.currentLag = 0
    this.status = StatusConstant.OK
    if (count === 0) return
    // A partition that the cluster does not know (any more) has no end offset and so no lag (spec 09, B1).
    const known = topic.endOffsets !== null && partition < topic.endOffsets.partitions ? ends : null
    const end = endOffsetAt(topic.endOffsets?.at ?? 0, partition, intervals)
    const newest = known === null ? unknownEndOffset : newestEndOffset(known, end, intervals)
    this.lastOffset = slab.f64[(summary >> 3) + summaryF64.lastOffset]!
    this.currentLag = Math.max(0, newest - this.lastOffset)
    if (this.complete < minimumComplete) return
    const window = windowAt(at, partitions, partition, intervals)
    this.status = statusOfRule(this.#rules.judge(slab, summary, window, known, end, this.currentLag))
  }
}
