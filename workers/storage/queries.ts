import {
  type DirectoriesQuery,
  fetchDirectories,
  fetchTopicAddresses,
  type Reply,
  type TopicAddressesQuery
} from '../../shared/actor/storage-messages.ts'
import { unreachable } from '../../shared/errors.ts'
import type { ConsumerPartition, ConsumerTopics } from '../../shared/protocol/consumer.ts'
import { StorageRequestConstant as Code, type StorageQuery } from '../../shared/protocol/storage.ts'
import { readEndOffsets, readWindow } from '../../shared/ring/ring-reader.ts'
import { groupDirectory, topicAddresses } from './addresses.ts'
import type { Group, GroupTopic } from './directory.ts'
import { deleteExpired, hasExpired } from './expiry.ts'
import type { StorageState } from './storage-state.ts'

/** Answers a query (spec 01 section 3.2, spec 02 sections 6.9 and 6.10). null = not found. */
export function answer(
  state: StorageState,
  query: StorageQuery | DirectoriesQuery | TopicAddressesQuery
): Reply['value'] {
  if (query.type === Code.FetchClusters) return [...state.clusterByName.keys()]
  const cluster = state.clusterByName.get(query.cluster)
  if (!cluster) return null
  switch (query.type) {
    case Code.FetchConsumers:
      return [...cluster.groupByName.keys()]
    case Code.FetchTopics:
      return [...cluster.topicByName.keys()]
    case Code.FetchTopic: {
      const topic = cluster.topicByName.get(query.topic)
      return topic ? Array.from(topic.newest, offset => (Number.isNaN(offset) ? -1 : offset)) : null
    }
    case Code.FetchConsumersForTopic: {
      const topic = cluster.topicByName.get(query.topic)
      return topic ? Array.from(topic.groupTopics, groupTopic => groupTopic.group.name) : []
    }
    case Code.FetchConsumer:
      return mapLiving(state, cluster.groupByName.get(query.group), group => consumerTopics(state, group))
    case fetchDirectories:
      return query.groups.map(group => mapLiving(state, cluster.groupByName.get(group), groupDirectory))
    case fetchTopicAddresses:
      return topicAddresses(cluster)
    default:
      return unreachable(query)
  }
}

/** Expiry is checked here and, long after, by the sweep; nowhere else. */
function mapLiving<T>(state: StorageState, group: Group | undefined, make: (group: Group) => T): T | null {
  if (!group) return null
  if (!hasExpired(state, group)) return make(group)
  deleteExpired(state, group)
  return null
}

function consumerTopics(state: StorageState, group: Group): ConsumerTopics {
  const partitionsByTopic = new Map<string, ConsumerPartition[]>()
  for (const [name, groupTopic] of group.topicByName) {
    partitionsByTopic.set(
      name,
      Array.from({ length: groupTopic.run.partitions }, (_, partition) =>
        consumerPartition(state, groupTopic, partition)
      )
    )
  }
  return partitionsByTopic
}

/** A partition without end offsets or without commits has no lag (spec 09 B1). */
function consumerPartition(state: StorageState, groupTopic: GroupTopic, partition: number): ConsumerPartition {
  const { run, topic, owners, clientIds } = groupTopic
  const offsets = readWindow(run.slab, run, partition, state.intervals)
  const last = offsets.at(-1)
  const newest = topic.newest[partition]
  return {
    offsets,
    brokerOffsets: readEndOffsets(topic.run.slab, topic.run, partition, state.intervals),
    owner: owners?.[partition] ?? '',
    clientId: clientIds?.[partition] ?? '',
    currentLag: last && newest !== undefined && newest > last.offset ? newest - last.offset : 0
  }
}
