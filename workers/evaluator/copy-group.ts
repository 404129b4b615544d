import type { TopicDirectory } from '../../shared/actor/storage-messages.ts'
import type { Counters } from '../../shared/counters.ts'
import type { ConsumerPartition, ConsumerTopics } from '../../shared/protocol/consumer.ts'
import { readEndOffsets, readWindow } from '../../shared/ring/ring-reader.ts'
import type { SlabView } from '../../shared/ring/slabs.ts'
import type { LocatedGroup } from './directory-cache.ts'
import { readBoth } from './read-both.ts'

/**
 * The whole data of a group out of the rings: what storage would answer to FetchConsumer (spec 02 section 6.10), without
 * troubling it. Evaluator thread.
 */
export function copyGroup(
  { port, directory }: LocatedGroup,
  intervals: number,
  counters: Counters
): ConsumerTopics | 'busy' | 'moved' {
  const partitionsByTopic = new Map<string, ConsumerPartition[]>()
  for (const topic of directory.topics) {
    let partitions: ConsumerPartition[] = []
    const outcome = readBoth(port.slabs, topic, counters, (slab, ends) => {
      partitions = copyTopic(topic, slab, ends, intervals)
    })
    if (outcome !== 'ok') return outcome
    partitionsByTopic.set(topic.topic, partitions)
  }
  return partitionsByTopic
}

function copyTopic(
  { windows, endOffsets, owners, clientIds }: TopicDirectory,
  slab: SlabView,
  ends: SlabView | null,
  intervals: number
): ConsumerPartition[] {
  return Array.from({ length: windows.partitions }, (_, partition) => {
    const offsets = readWindow(slab, windows, partition, intervals)
    const brokerOffsets = ends && endOffsets ? readEndOffsets(ends, endOffsets, partition, intervals) : []
    const last = offsets.at(-1)
    const newest = brokerOffsets.at(-1)
    return {
      offsets,
      brokerOffsets,
      owner: owners?.[partition] ?? '',
      clientId: clientIds?.[partition] ?? '',
      currentLag: last && newest !== undefined ? Math.max(0, newest - last.offset) : 0
    }
  })
}
