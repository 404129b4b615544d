import type { SetConsumerOwner } from '../../shared/protocol/storage.ts'
import type { Cluster, GroupTopic } from './directory.ts'
import { ensureGroup, ensureGroupTopic } from './groups.ts'
import type { StorageState } from './storage-state.ts'

/** SetConsumerOwner (spec 02 section 6.5): creates the group even when there is no such topic. */
export function setOwner(state: StorageState, cluster: Cluster, command: SetConsumerOwner): void {
  if (!state.filter.accept(command.group)) {
    state.outcomes.add(state.outcomes.filtered)
    return
  }
  const group = ensureGroup(state, cluster, command.group)
  const topic = cluster.topicByName.get(command.topic)
  if (!topic || Number.isNaN(topic.newest[command.partition] ?? Number.NaN)) {
    state.outcomes.add(command.partition < 0 ? state.outcomes.badPartition : state.outcomes.noEndOffset)
    return
  }
  own(state, ensureGroupTopic(state, group, topic, command.partition), command)
}

/** ClearConsumerOwners (spec 02 section 6.6). */
export function clearOwners(state: StorageState, cluster: Cluster, name: string): void {
  if (!state.filter.accept(name)) {
    state.outcomes.add(state.outcomes.filtered)
    return
  }
  const group = cluster.groupByName.get(name)
  if (!group) return
  for (const groupTopic of group.topicByName.values()) {
    groupTopic.owners = null
    groupTopic.clientIds = null
  }
  group.words.raiseVersion()
}

function own(state: StorageState, groupTopic: GroupTopic, { partition, owner, clientId }: SetConsumerOwner): void {
  const { run, group } = groupTopic
  if (!state.writer.hasWindow(run, partition)) {
    state.writer.openWindow(run, partition)
    groupTopic.windows++
    state.noteChange(group)
  }
  groupTopic.owners ??= noNames(groupTopic)
  groupTopic.clientIds ??= noNames(groupTopic)
  groupTopic.owners[partition] = owner
  groupTopic.clientIds[partition] = clientId
  group.words.raiseVersion()
}

function noNames(groupTopic: GroupTopic): string[] {
  return new Array<string>(groupTopic.run.partitions).fill('')
}
