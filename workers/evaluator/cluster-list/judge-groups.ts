import { type Clock, wholeSeconds } from '../../../shared/clock.ts'
import type { ConsumerGroupStatus, ConsumerTopics } from '../../../shared/protocol/consumer.ts'
import { type EvaluationSettings, evaluateTopics } from '../../../shared/rules/evaluate.ts'
import { lastCommitMs } from '../directory-cache.ts'
import type { GroupEvaluator } from '../evaluate-group.ts'
import type { GroupReader } from '../group-reader.ts'

export interface GroupRowSources {
  readonly groups: GroupReader
  readonly evaluator: GroupEvaluator
  readonly settings: EvaluationSettings
  readonly clock: Clock
}

/**
 * Judges groups from the `from`-th on, as many as GroupReader.readFrom does at once. A group that is gone is passed over; `lastCommitMs` 0 = never.
 * Evaluator thread. Rejects with BurrowError when storage does not answer.
 */
export function judgeGroups(
  { groups, evaluator, settings, clock }: GroupRowSources,
  cluster: string,
  names: readonly string[],
  from: number,
  onGroup: (status: ConsumerGroupStatus, lastCommitMs: number) => void
): Promise<number | null> {
  return groups.readFrom(cluster, names, from, group => {
    const nowSeconds = wholeSeconds(clock)
    return {
      inPlace: located => {
        const status = evaluator.evaluate(located, cluster, group, nowSeconds, false)
        if (typeof status === 'string') return status
        onGroup(status, lastCommitMs(located))
        return status.totalPartitions
      },
      fromCopy: topics => {
        const status = evaluateTopics(cluster, group, topics, settings, nowSeconds, false)
        onGroup(status, newestCommitMs(topics))
        return status.totalPartitions
      }
    }
  })
}

function newestCommitMs(topics: ConsumerTopics): number {
  let newest = 0
  for (const partitions of topics.values()) {
    for (const { offsets } of partitions) newest = Math.max(newest, offsets.at(-1)?.timestampMs ?? 0)
  }
  return newest
}
