import { endOffsetRunBytes } from '../../shared/ring/ring-layout.ts'
import { type Cluster, Topic } from './directory.ts'
import { removeGroupTopic } from './groups.ts'
import type { StorageState } from './storage-state.ts'

/** SetBrokerOffset (spec 02 section 6.1; a bad partition is refused before anything is created: spec 09 B2). */
export function setEndOffset(
  state: StorageState,
  cluster: Cluster,
  name: string,
  known: Topic | null,
  partition: number,
  topicPartitionCount: number,
  offset: number
): Topic | null {
  let topic = known?.alive ? known : (cluster.topicByName.get(name) ?? null)
  const partitions = Math.max(topicPartitionCount, topic?.run.partitions ?? 0)
  if (partition < 0 || partition >= partitions || partitions > state.partitionsMax) {
    state.outcomes.add(state.outcomes.badPartition)
    return topic
  }
  if (!topic) topic = addTopic(state, cluster, name, partitions)
  else if (partitions > topic.run.partitions) growTopic(state, topic, partitions)
  state.writer.addEndOffset(topic.run, partition, offset)
  state.outcomes.add(state.outcomes.storedEndOffset)
  topic.newest[partition] = offset
  return topic
}

/** SetDeleteTopic (spec 02 section 6.7). A group whose last topic goes is gone too (spec 09 B11). */
export function deleteTopic(state: StorageState, cluster: Cluster, name: string): void {
  const topic = cluster.topicByName.get(name)
  if (!topic) return
  state.writer.release()
  for (const groupTopic of topic.groupTopics) removeGroupTopic(state, groupTopic)
  cluster.topicByName.delete(name)
  topic.alive = false
  state.runs.free(topic.run)
  state.counters.add('deleted_topics')
}

/**
 * The topic was deleted and created again under its name. Its end offsets are those of the old one and go. Windows stay: Kafka has
 * written tombstones for the old one's commits, which came by on the way of all commits, so what is there now are the first
 * commits on the new topic. Only if the new topic has fewer partitions everything goes, as when a topic is deleted.
 */
export function restartTopic(state: StorageState, cluster: Cluster, name: string, partitions: number): void {
  const topic = cluster.topicByName.get(name)
  if (!topic) return
  if (partitions < topic.run.partitions) {
    deleteTopic(state, cluster, name)
    return
  }
  state.writer.release()
  const old = topic.run
  topic.run = state.runs.allocate(old.bytes, old.partitions)
  topic.newest.fill(Number.NaN)
  state.runs.free(old)
}

function addTopic(state: StorageState, cluster: Cluster, name: string, partitions: number): Topic {
  const run = state.runs.allocate(endOffsetRunBytes(partitions, state.intervals), partitions)
  const topic = new Topic(name, cluster, run)
  cluster.topicByName.set(name, topic)
  return topic
}

/** Readers that come with the old address are told that it moved, and ask for the directory again. */
function growTopic(state: StorageState, topic: Topic, partitions: number): void {
  const { writer, runs, intervals } = state
  const old = topic.run
  const run = runs.allocate(endOffsetRunBytes(partitions, intervals), partitions)
  writer.copyEndOffsets(old, run)
  writer.release()
  const newest = new Float64Array(partitions).fill(Number.NaN)
  newest.set(topic.newest)
  topic.run = run
  topic.newest = newest
  runs.free(old)
}
