import { windowRunBytes } from '../../shared/ring/ring-layout.ts'
import { type Cluster, Group, GroupTopic, type Topic } from './directory.ts'
import type { StorageState } from './storage-state.ts'

export function ensureGroup(state: StorageState, cluster: Cluster, name: string): Group {
  const known = cluster.groupByName.get(name)
  if (known) return known
  const createdMs = state.nowSeconds() * 1000
  const group = new Group(name, cluster, state.groupWords.allocate(createdMs), createdMs)
  cluster.groupByName.set(name, group)
  return group
}

/** The topic in the group with room for `partition`, which the topic has (spec 02 section 6.3 step 6). */
export function ensureGroupTopic(state: StorageState, group: Group, topic: Topic, partition: number): GroupTopic {
  const known = group.topicByName.get(topic.name)
  if (known) {
    if (partition >= known.run.partitions) growGroupTopic(state, known)
    return known
  }
  const { partitions } = topic.run
  const run = state.runs.allocate(windowRunBytes(partitions, state.intervals), partitions)
  const groupTopic = new GroupTopic(group, topic, run)
  group.topicByName.set(topic.name, groupTopic)
  topic.groupTopics.add(groupTopic)
  group.words.raiseVersion()
  return groupTopic
}

/** Extends to the number of partitions that the topic has now: a larger run, then the version, then the old run goes. */
export function growGroupTopic(state: StorageState, groupTopic: GroupTopic): void {
  const { writer, runs, intervals } = state
  const old = groupTopic.run
  const { partitions } = groupTopic.topic.run
  const run = runs.allocate(windowRunBytes(partitions, intervals), partitions)
  writer.copyWindows(old, run)
  writer.release()
  groupTopic.run = run
  groupTopic.owners = extend(groupTopic.owners, partitions)
  groupTopic.clientIds = extend(groupTopic.clientIds, partitions)
  groupTopic.group.words.raiseVersion()
  runs.free(old)
}

/** Takes the topic out of its group; without any topic left the group goes too. */
export function removeGroupTopic(state: StorageState, groupTopic: GroupTopic): void {
  const { group } = groupTopic
  group.words.raiseVersion()
  forgetGroupTopic(state, groupTopic)
  if (group.topicByName.size > 0) return
  forgetGroup(state, group)
  state.counters.add('deleted_groups')
}

/** SetDeleteGroup (spec 02 section 6.8). */
export function deleteGroup(state: StorageState, cluster: Cluster, name: string, topic: string | undefined): void {
  const group = cluster.groupByName.get(name)
  if (!group) return
  // An empty topic name stands for no topic, as in the original, which cannot tell the two apart.
  if (topic === undefined || topic === '') {
    removeGroup(state, group)
    state.counters.add('deleted_groups')
    return
  }
  const groupTopic = group.topicByName.get(topic)
  if (groupTopic) removeGroupTopic(state, groupTopic)
}

/** The group with all it has. The caller counts why. */
export function removeGroup(state: StorageState, group: Group): void {
  group.words.raiseVersion()
  for (const groupTopic of group.topicByName.values()) forgetGroupTopic(state, groupTopic)
  forgetGroup(state, group)
}

/** An offset tombstone: the window of one partition goes at once, owners stay (spec 09 E7). */
export function deleteWindow(state: StorageState, groupTopic: GroupTopic, partition: number): void {
  const { writer, counters } = state
  const { run, group, owners, clientIds } = groupTopic
  if (partition < 0 || partition >= run.partitions) {
    state.outcomes.add(state.outcomes.badPartition)
    return
  }
  if (!writer.hasWindow(run, partition)) return
  writer.removeWindow(run, partition)
  groupTopic.windows--
  state.noteChange(group)
  counters.add('deleted_windows')
  if (groupTopic.windows > 0 || owners?.some(name => name !== '') || clientIds?.some(name => name !== '')) return
  removeGroupTopic(state, groupTopic)
}

function forgetGroupTopic(state: StorageState, groupTopic: GroupTopic): void {
  state.writer.release()
  groupTopic.alive = false
  groupTopic.topic.groupTopics.delete(groupTopic)
  groupTopic.group.topicByName.delete(groupTopic.topic.name)
  state.runs.free(groupTopic.run)
}

function forgetGroup(state: StorageState, group: Group): void {
  group.alive = false
  group.cluster.groupByName.delete(group.name)
  state.groupWords.free(group.words)
}

function extend(names: string[] | null, length: number): string[] | null {
  if (!names) return null
  return [...names, ...new Array<string>(length - names.length).fill('')]
}
