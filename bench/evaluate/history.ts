import type { FeederKey, PackedFeeder } from '../support/packed-feeder.ts'
import { endOffsetAt, groupName, intervals, kindOf, type Mix, offsetAt, timeAt, topicName } from './mixes.ts'

/** Groups of one mix, all of one size. */
export interface GroupsOfMix {
  readonly mix: Mix
  /** What their names begin with. */
  readonly prefix: string
  readonly groups: number
  /** Of each group, 1... */
  readonly partitions: number
  /** Groups that share a topic. Default 10. */
  readonly groupsPerTopic?: number
}

/** Writes full windows for all of them. Resolves when storage has them. */
export async function writeHistory(feeder: PackedFeeder, of: GroupsOfMix): Promise<void> {
  const { mix, prefix, groups, partitions, groupsPerTopic = 10 } = of
  const topics = Array.from({ length: Math.ceil(groups / groupsPerTopic) }, (_, at) => `${prefix}-${topicName(at)}`)
  const topicKeys = topics.map(topic => feeder.topic(topic))
  const groupKeys = Array.from({ length: groups }, (_, group) =>
    feeder.groupTopic(groupName(prefix, group), topics[Math.floor(group / groupsPerTopic)]!)
  )
  for (let round = 0; round < intervals; round++) {
    await tellEndOffsets(feeder, topicKeys, partitions, round)
    for (const [group, key] of groupKeys.entries()) {
      for (let partition = 0; partition < partitions; partition++) {
        const offset = offsetAt(kindOf(mix, group, partition), round)
        feeder.commit(key, partition, offset, round * groups + group, timeAt(round))
      }
      await feeder.room()
    }
    // Commits are held against the end offsets that were told last: none of the next round may come before all of this one.
    await feeder.settled()
  }
}

async function tellEndOffsets(
  feeder: PackedFeeder,
  topics: readonly FeederKey[],
  partitions: number,
  round: number
): Promise<void> {
  for (const key of topics) {
    for (let partition = 0; partition < partitions; partition++) {
      feeder.endOffset(key, partition, partitions, endOffsetAt(round))
    }
    await feeder.room()
  }
}
