import type { TopicDirectory } from '../../shared/actor/storage-messages.ts'
import type { Counters } from '../../shared/counters.ts'
import type { ConsumerGroupStatus, PartitionStatus } from '../../shared/protocol/consumer.ts'
import { StatusConstant } from '../../shared/protocol/status.ts'
import type { SlabView } from '../../shared/ring/slabs.ts'
import { completeOf, type EvaluationSettings, GroupTally, groupStatus } from '../../shared/rules/evaluate.ts'
import type { LocatedGroup } from './directory-cache.ts'
import { TopicJudge } from './judge-topic.ts'
import { readBoth } from './read-both.ts'
import { edgesOfWindow } from './window-edges.ts'

/**
 * Judges groups in place: a cache line per partition (its summary) and the newest end offset. Windows are read only for
 * partitions that are shown, and for those whose group went back. What it says as objects, status-writer.ts says as bytes. One per
 * evaluator thread.
 */
export class GroupEvaluator {
  readonly #settings: EvaluationSettings
  readonly #judge: TopicJudge
  readonly #counters: Counters

  constructor(settings: EvaluationSettings, counters: Counters) {
    this.#settings = settings
    this.#judge = new TopicJudge(settings)
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
    this.#judge.setTime(nowSeconds)
    const tally = new GroupTally()
    const shown: PartitionStatus[] = []
    let maxlag: PartitionStatus | null = null
    for (const topic of directory.topics) {
      const verdict: TopicVerdict = { shown: [], maxlag: null }
      const outcome = readBoth(port.slabs, topic, this.#counters, (slab, ends) =>
        this.#describe(topic, slab, ends, showAll, verdict)
      )
      if (outcome !== 'ok') return outcome
      if (this.#judge.addTo(tally)) maxlag = verdict.maxlag
      for (const partition of verdict.shown) shown.push(partition)
    }
    this.#counters.add('evaluations')
    this.#counters.add('evaluated_partitions', tally.totalPartitions)
    return groupStatus(cluster, group, tally, shown, maxlag)
  }

  /** Runs over half-written memory too; then what it leaves in `verdict` is thrown away by starting afresh. */
  #describe(
    topic: TopicDirectory,
    slab: SlabView,
    ends: SlabView | null,
    showAll: boolean,
    verdict: TopicVerdict
  ): void {
    const judge = this.#judge
    const { intervals } = this.#settings
    judge.judge(topic, slab, ends)
    verdict.shown = []
    const describeOne = (partition: number): PartitionStatus =>
      describe(topic, slab, partition, judge.statusOf(partition), judge.lags[partition]!, intervals)
    for (let partition = 0; partition < topic.windows.partitions; partition++) {
      if (showAll || judge.statusOf(partition) !== StatusConstant.OK) verdict.shown.push(describeOne(partition))
    }
    verdict.maxlag = judge.maxlagPartition === -1 ? null : describeOne(judge.maxlagPartition)
  }
}

/** What one topic adds to the verdict on its group. */
interface TopicVerdict {
  shown: PartitionStatus[]
  maxlag: PartitionStatus | null
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
