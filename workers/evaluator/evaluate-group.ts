import type { TopicDirectory } from '../../shared/actor/storage-messages.ts'
import type { Counters } from '../../shared/counters.ts'
import type { ConsumerGroupStatus, PartitionStatus } from '../../shared/protocol/consumer.ts'
import { StatusConstant } from '../../shared/protocol/status.ts'
import type { SlabView } from '../../shared/ring/slabs.ts'
import { completeOf, type EvaluationSettings, GroupTally, groupStatus } from '../../shared/rules/evaluate.ts'
import type { LocatedGroup } from './directory-cache.ts'
import { InPlaceJudge } from './judge-in-place.ts'
import { readBoth } from './read-both.ts'
import { edgesOfWindow } from './window-edges.ts'

/**
 * Judges groups in place: a cache line per partition (its summary) and the newest end offset. Windows are read only for
 * partitions that are shown, and for those whose group went back. One per evaluator thread.
 */
export class GroupEvaluator {
  readonly #settings: EvaluationSettings
  readonly #partition: InPlaceJudge
  readonly #counters: Counters

  constructor(settings: EvaluationSettings, counters: Counters) {
    this.#settings = settings
    this.#partition = new InPlaceJudge(settings)
    this.#counters = counters
  }

  /** `moved`: the directory holds no longer; `busy`: storage writes too much to be read beside. */
  evaluate(
    { port, directory }: LocatedGroup,
    cluster: string,
    group: string,
    nowSeconds: number,
    showAll: boolean
  ): ConsumerGroupStatus | 'busy' | 'moved' {
    this.#partition.setTime(nowSeconds)
    const tally = new GroupTally()
    const shown: PartitionStatus[] = []
    let maxlag: PartitionStatus | null = null
    for (const topic of directory.topics) {
      const verdict = new TopicVerdict()
      const outcome = readBoth(port.slabs, topic, this.#counters, (slab, ends) =>
        this.#judge(topic, slab, ends, showAll, verdict)
      )
      if (outcome !== 'ok') return outcome
      if (tally.addAll(verdict.tally)) maxlag = verdict.maxlag
      for (const partition of verdict.shown) shown.push(partition)
    }
    this.#counters.add('evaluations')
    this.#counters.add('evaluated_partitions', tally.totalPartitions)
    return groupStatus(cluster, group, tally, shown, maxlag)
  }

  /** Runs over half-written memory too; then what it leaves in `verdict` is thrown away by starting afresh. */
  #judge(topic: TopicDirectory, slab: SlabView, ends: SlabView | null, showAll: boolean, verdict: TopicVerdict): void {
    verdict.reset()
    const { tally } = verdict
    const judge = this.#partition
    const { intervals } = this.#settings
    let maxlagPartition = -1
    let maxlagStatus: StatusConstant = StatusConstant.OK
    for (let partition = 0; partition < topic.windows.partitions; partition++) {
      judge.judge(topic, slab, ends, partition)
      const { status, currentLag } = judge
      if (tally.add(status, currentLag, judge.complete)) {
        maxlagPartition = partition
        maxlagStatus = status
      }
      if (showAll || status !== StatusConstant.OK) {
        verdict.shown.push(describe(topic, slab, partition, status, currentLag, intervals))
      }
    }
    if (maxlagPartition !== -1) {
      verdict.maxlag = describe(topic, slab, maxlagPartition, maxlagStatus, tally.maxLag, intervals)
    }
  }
}

/** What one topic adds to the verdict on its group. */
class TopicVerdict {
  tally = new GroupTally()
  shown: PartitionStatus[] = []
  maxlag: PartitionStatus | null = null

  reset(): void {
    this.tally = new GroupTally()
    this.shown = []
    this.maxlag = null
  }
}

function describe(
  topic: TopicDirectory,
  slab: SlabView,
  partition: number,
  status: StatusConstant,
  currentLag: number,
  intervals: number
): PartitionStatus {
  const { start, end, count } = edgesOfWindow(slab, topic.windows, partition, intervals)
  return {
    topic: topic.topic,
    partition,
    owner: topic.owners?.[partition] ?? '',
    clientId: topic.clientIds?.[partition] ?? '',
    status,
    start,
    end,
    currentLag,
    complete: completeOf(count, intervals)
  }
}
