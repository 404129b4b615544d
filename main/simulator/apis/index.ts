import type { Api } from '../api.ts'
import { apiVersions } from './api-versions.ts'
import { createPartitions } from './create-partitions.ts'
import { createTopics } from './create-topics.ts'
import { deleteGroups } from './delete-groups.ts'
import { deleteTopics } from './delete-topics.ts'
import { describeConfigs } from './describe-configs.ts'
import { describeGroups } from './describe-groups.ts'
import { fetch } from './fetch.ts'
import { findCoordinator } from './find-coordinator.ts'
import { heartbeat } from './heartbeat.ts'
import { initProducerId } from './init-producer-id.ts'
import { joinGroup } from './join-group.ts'
import { leaveGroup } from './leave-group.ts'
import { listGroups } from './list-groups.ts'
import { listOffsets } from './list-offsets.ts'
import { metadata } from './metadata.ts'
import { offsetCommit } from './offset-commit.ts'
import { offsetFetch } from './offset-fetch.ts'
import { produce } from './produce.ts'
import { syncGroup } from './sync-group.ts'

const data = [produce, fetch, listOffsets, metadata, initProducerId]
const groups = [offsetCommit, offsetFetch, findCoordinator, joinGroup, heartbeat, leaveGroup, syncGroup]
const groupAdmin = [describeGroups, listGroups, deleteGroups]
const topicAdmin = [createTopics, deleteTopics, createPartitions, describeConfigs]

/** All that the simulator speaks, and so all that it advertises. */
export const apisByKey: ReadonlyMap<number, Api> = new Map(
  [...data, ...groups, ...groupAdmin, ...topicAdmin, apiVersions].map(api => [api.key, api])
)
