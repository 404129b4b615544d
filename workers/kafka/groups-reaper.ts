import { type UnlistedGroups, unlistedGroupsMax } from '../../shared/actor/thread-messages.ts'
import type { Counters } from '../../shared/counters.ts'
import { BurrowError } from '../../shared/errors.ts'
import { errorName } from '../../shared/kafka-api/error-codes.ts'
import { decodeListGroups, encodeListGroupsRequest, listGroupsApi } from '../../shared/kafka-api/list-groups.ts'
import {
  decodeMetadata,
  describeOperation,
  encodeMetadataWithRightsRequest,
  metadataWithRightsApi,
  type TopicMetadata
} from '../../shared/kafka-api/metadata.ts'
import type { ClusterClient } from './cluster-client.ts'
import type { StorageSender } from './storage-sender.ts'

/** Where Kafka keeps its groups, whatever topic a consumer module reads. */
const groupsTopic = '__consumer_offsets'

export interface GroupsReaperOptions {
  readonly cluster: string
  readonly client: Pick<ClusterClient, 'metadata' | 'send' | 'distrust'>
  readonly sender: Pick<StorageSender, 'groups'>
  readonly counters: Counters
  /** To main, which knows the groups that Kafka never lists, and deletes the others. */
  post(message: UnlistedGroups): void
}

/**
 * Finds groups that storage has and Kafka no longer lists (spec 06 section 1.4). Kafka threads; one per sweeper.
 *
 * What is missing from the list of a broker proves something only if that broker has coordinated the group all the while. So a
 * round says nothing at all unless every broker has answered, and every partition of the offsets topic had one and the
 * same leader before and after, and each broker said after its list that the login may describe the cluster: without that right a
 * list is short, without an error. Asked before, a right that is withdrawn meanwhile would go unnoticed.
 */
export class GroupsReaper {
  readonly #options: GroupsReaperOptions
  #isBusy = false

  constructor(options: GroupsReaperOptions) {
    this.#options = options
  }

  /** Rejects with why nothing can be said; counted. Does nothing while a round is under way. */
  async round(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    const { counters } = this.#options
    try {
      this.#say(await this.#unlisted())
      counters.add('reaper_rounds')
    } catch (error) {
      counters.add('reaper_rounds_failed')
      throw error
    } finally {
      this.#isBusy = false
    }
  }

  async #unlisted(): Promise<readonly string[]> {
    const { cluster, client, sender } = this.#options
    // Storage first: a group that begins while Kafka is asked is then no candidate.
    const stored = (await sender.groups(cluster)).flat()
    const { brokers, topics } = await client.metadata([groupsTopic])
    const before = settledLeaders(topics)
    const listed = new Set<string>()
    const lists = await Promise.all(brokers.map(({ nodeId }) => this.#list(nodeId)))
    for (const names of lists) for (const name of names) listed.add(name)
    const after = settledLeaders((await client.metadata([groupsTopic])).topics)
    if (!sameLeaders(before, after))
      throw new BurrowError('BROKER_ERROR', 'coordinators moved while groups were listed')
    return stored.filter(group => !listed.has(group))
  }

  async #list(nodeId: number): Promise<readonly string[]> {
    const { client } = this.#options
    const { bytes, version } = await client.send(nodeId, listGroupsApi, encodeListGroupsRequest)
    const { errorCode, names } = this.#decoded(nodeId, () => decodeListGroups(bytes, version))
    if (errorCode !== 0) {
      throw new BurrowError('BROKER_ERROR', `broker ${nodeId} does not list its groups: ${errorName(errorCode)}`)
    }
    const operations = await this.#operations(nodeId)
    if (operations !== null && (operations & describeOperation) === 0) {
      throw new BurrowError(
        'BROKER_ERROR',
        'no right to describe the cluster: brokers would leave groups out of their lists'
      )
    }
    return names
  }

  /** What one may do with the cluster, by this broker's word; null: it is too old to tell (before 2.3). */
  async #operations(nodeId: number): Promise<number | null> {
    try {
      const encode = (version: number) => encodeMetadataWithRightsRequest(version, [])
      const { bytes, version } = await this.#options.client.send(nodeId, metadataWithRightsApi, encode)
      return this.#decoded(nodeId, () => decodeMetadata(bytes, version)).clusterOperations
    } catch (error) {
      if (error instanceof BurrowError && error.code === 'UNSUPPORTED') return null
      throw error
    }
  }

  #decoded<T>(nodeId: number, decode: () => T): T {
    try {
      return decode()
    } catch (error) {
      if (error instanceof BurrowError && error.code === 'PROTOCOL_DECODE') this.#options.client.distrust(nodeId)
      throw error
    }
  }

  #say(groups: readonly string[]): void {
    const { cluster, post } = this.#options
    for (let from = 0; from < groups.length; from += unlistedGroupsMax) {
      post({ kind: 'unlisted-groups', cluster, groups: groups.slice(from, from + unlistedGroupsMax) })
    }
  }
}

/** Throws BurrowError BROKER_ERROR if a partition has no leader: nobody lists its groups. */
function settledLeaders(topics: readonly TopicMetadata[]): TopicMetadata {
  const topic = topics.find(({ name }) => name === groupsTopic)
  if (topic?.errorCode !== 0 || topic.leaders.length === 0) {
    const why = topic ? errorName(topic.errorCode) : 'no answer'
    throw new BurrowError('BROKER_ERROR', `coordinators are not known, ${groupsTopic}: ${why}`)
  }
  const partition = topic.leaders.indexOf(-1)
  if (partition >= 0) throw new BurrowError('BROKER_ERROR', `${groupsTopic} partition ${partition} has no leader`)
  return topic
}

function sameLeaders(before: TopicMetadata, after: TopicMetadata): boolean {
  return (
    before.leaders.length === after.leaders.length &&
    before.leaders.every((leader, partition) => leader === after.leaders[partition]) &&
    before.leaderEpochs.every((epoch, partition) => epoch === after.leaderEpochs[partition])
  )
}
