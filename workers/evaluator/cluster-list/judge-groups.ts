import { figuresPerRequestMax } from '../../../shared/actor/evaluator-tasks.ts'
import { type Clock, wholeSeconds } from '../../../shared/clock.ts'
import type { ConsumerGroupStatus, ConsumerTopics } from '../../../shared/protocol/consumer.ts'
import { type EvaluationSettings, evaluateTopics } from '../../../shared/rules/evaluate.ts'
import { lastCommitMs } from '../directory-cache.ts'
import type { GroupEvaluator } from '../evaluate-group.ts'
import type { GroupReader, ReadGroup } from '../group-reader.ts'

export interface GroupRowSources {
  readonly groups: GroupReader
  readonly evaluator: GroupEvaluator
  readonly settings: EvaluationSettings
  readonly clock: Clock
}

/**
 * Judges groups from the `from`-th on until `figuresPerRequestMax` partitions are reached. Where to go on, null = all are judged. A group that is
 * gone is passed over; `lastCommitMs` 0 = never. Evaluator thread. Rejects with BurrowError when storage does not answer.
 */
export async function judgeGroups(
  { groups, evaluator, settings, clock }: GroupRowSources,
  cluster: string,
  names: readonly string[],
  from: number,
  onGroup: (status: ConsumerGroupStatus, lastCommitMs: number) => void
): Promise<number | null> {
  const located = await groups.locate(cluster, names, from)
  let partitions = 0
  let next = from
  while (next < names.length && partitions < figuresPerRequestMax) {
    const at = located[next - from]
    const group = names[next++]!
    const nowSeconds = wholeSeconds(clock)
    const how: ReadGroup<{ status: ConsumerGroupStatus; lastMs: number }> = {
      inPlace: located => {
        const status = evaluator.evaluate(located, cluster, group, nowSeconds, false)
        return typeof status === 'string' ? status : { status, lastMs: lastCommitMs(located) }
      },
      fromCopy: topics => ({
        status: evaluateTopics(cluster, group, topics, settings, nowSeconds, false),
        lastMs: newestCommitMs(topics)
      })
    }
    const judged = (at && groups.readNow(at, how)) ?? (await groups.read(cluster, group, how))
    if (!judged) continue // gone since the list was made
    partitions += judged.status.totalPartitions
    onGroup(judged.status, judged.lastMs)
  }
  return next < names.length ? next : null
}

function newestCommitMs(topics: ConsumerTopics): number {
  let newest = 0
  for (const partitions of topics.values()) {
    for (const { offsets } of partitions) newest = Math.max(newest, offsets.at(-1)?.timestampMs ?? 0)
  }
  return newest
}
