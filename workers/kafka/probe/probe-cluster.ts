import type {
  BrokerAnswer,
  ClusterAnswer,
  FetchAnswerOf,
  KafkaProbe,
  KafkaProbeAnswer,
  OffsetsTopicAnswer,
  ServerAnswer
} from '../../../shared/actor/kafka-probe.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { KafkaErrorCode } from '../../../shared/kafka-api/error-codes.ts'
import { decodeFetch, encodeFetchRequest, fetchApi } from '../../../shared/kafka-api/fetch.ts'
import { listOffsetsApi } from '../../../shared/kafka-api/list-offsets.ts'
import {
  decodeMetadata,
  encodeMetadataRequest,
  encodeMetadataWithRightsRequest,
  type Metadata,
  metadataApi,
  metadataWithRightsApi,
  type TopicMetadata
} from '../../../shared/kafka-api/metadata.ts'
import type { ApiRange } from '../../../shared/kafka-api/version-choice.ts'
import type { Logger } from '../../../shared/protocol/application-context.ts'
import { parseServer } from '../server-address.ts'
import type { BrokerLink } from '../transport.ts'
import { forEachOf, ProbeLinks, reasonOf } from './probe-links.ts'

/** More brokers than this are counted only. */
const brokersMax = 100

/**
 * Tries every server of a probe as the program would, with TLS and login, then every broker where the cluster says it is, and reads from
 * the offsets topics: what a monitor may do is best seen by doing it. Kafka threads. Leaves no socket open.
 */
export async function probeCluster(probe: KafkaProbe, deadlineMs: number, logger: Logger): Promise<KafkaProbeAnswer> {
  const links = new ProbeLinks(probe.profile, deadlineMs, logger)
  try {
    const tried = await forEachOf(probe.servers, address => tryServer(links, address))
    const first = tried.find(each => each.link !== null)
    const cluster = first?.link ? await lookAround(links, first.link, probe.offsetsTopics) : null
    return { id: probe.id, servers: tried.map(each => each.answer), cluster }
  } finally {
    await links.close()
  }
}

async function tryServer(
  links: ProbeLinks,
  address: string
): Promise<{ answer: ServerAnswer; link: BrokerLink | null }> {
  const began = performance.now()
  const tookMs = () => performance.now() - began
  try {
    const { host, port } = parseServer(address)
    const link = await links.to(host, port)
    const { brokers, clusterId } = await askMetadata(links, link, metadataApi, version =>
      encodeMetadataRequest(version, [])
    )
    const versionByApi = Object.fromEntries(neededApis.map(api => [api.name, link.version(api)]))
    const facts = { clusterId, brokers: brokers.length, versionByApi, certificate: link.certificate }
    return { answer: { address, tookMs: tookMs(), ok: true, facts }, link }
  } catch (error) {
    return { answer: { address, tookMs: tookMs(), ok: false, reason: reasonOf(error) }, link: null }
  }
}

const neededApis: readonly ApiRange[] = [fetchApi, listOffsetsApi, metadataApi]

/** A server that answered may fail now: then nothing is known of the cluster but its brokers' silence. */
async function lookAround(
  links: ProbeLinks,
  link: BrokerLink,
  offsetsTopics: readonly string[]
): Promise<ClusterAnswer | null> {
  let all: Metadata
  let named: Metadata
  try {
    all = await askWithRights(links, link)
    // A topic that may not be described is missing from the list of all; asked for by its name, it has an error that says so.
    named = await askMetadata(links, link, metadataApi, version => encodeMetadataRequest(version, offsetsTopics))
  } catch (error) {
    reasonOf(error)
    return null
  }
  const tried = all.brokers.slice(0, brokersMax)
  const linkByNode = new Map<number, BrokerLink>()
  const brokers = await forEachOf(tried, async ({ nodeId, host, port }): Promise<BrokerAnswer> => {
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    try {
      linkByNode.set(nodeId, await links.to(host, port))
      return { nodeId, address, reason: null }
    } catch (error) {
      return { nodeId, address, reason: reasonOf(error) }
    }
  })
  const answers: OffsetsTopicAnswer[] = []
  for (const topic of named.topics) answers.push(await readOffsets(links, topic, linkByNode))
  return {
    clusterId: all.clusterId,
    brokers,
    brokersLeftOut: all.brokers.length - tried.length,
    topics: all.topics.filter(topic => !topic.internal && topic.errorCode === KafkaErrorCode.none).length,
    operations: all.clusterOperations,
    offsetsTopics: answers
  }
}

/** Brokers before 2.3 do not know the question. */
async function askWithRights(links: ProbeLinks, link: BrokerLink): Promise<Metadata> {
  try {
    const encode = (version: number) => encodeMetadataWithRightsRequest(version, null)
    return await askMetadata(links, link, metadataWithRightsApi, encode)
  } catch (error) {
    if (!(error instanceof BurrowError) || error.code !== 'UNSUPPORTED') throw error
    return askMetadata(links, link, metadataApi, version => encodeMetadataRequest(version, null))
  }
}

async function askMetadata(
  links: ProbeLinks,
  link: BrokerLink,
  api: ApiRange,
  encode: (version: number) => Uint8Array
): Promise<Metadata> {
  const { bytes, version } = await links.ask(link, api, encode)
  return decodeMetadata(bytes, version)
}

/** A record of one partition from each broker that leads some. */
async function readOffsets(
  links: ProbeLinks,
  { name, errorCode, leaders }: TopicMetadata,
  linkByNode: ReadonlyMap<number, BrokerLink>
): Promise<OffsetsTopicAnswer> {
  const firstByLeader = new Map<number, number>()
  let leaderless = 0
  for (const [partition, leader] of leaders.entries()) {
    if (leader < 0) leaderless++
    else if (!firstByLeader.has(leader)) firstByLeader.set(leader, partition)
  }
  const reachable = [...firstByLeader].filter(([nodeId]) => linkByNode.has(nodeId))
  const fetches = await forEachOf(reachable, ([nodeId, partition]) =>
    readOne(links, linkByNode.get(nodeId)!, name, nodeId, partition)
  )
  return { name, errorCode, partitions: leaders.length, leaderless, fetches }
}

async function readOne(
  links: ProbeLinks,
  link: BrokerLink,
  topic: string,
  nodeId: number,
  partition: number
): Promise<FetchAnswerOf> {
  try {
    const { bytes, version } = await links.ask(link, fetchApi, each =>
      encodeFetchRequest(each, {
        topic,
        maxWaitMs: 0,
        minBytes: 0,
        maxBytes: 1, // brokers give the first batch all the same
        partitions: [{ partition, offset: 0, maxBytes: 1 }]
      })
    )
    const answer = decodeFetch(bytes, version)
    const found = answer.partitions.find(each => each.topic === topic && each.partition === partition)
    if (answer.errorCode !== KafkaErrorCode.none) return { nodeId, partition, errorCode: answer.errorCode, reason: '' }
    if (!found) return { nodeId, partition, errorCode: null, reason: 'the answer to Fetch leaves the partition out' }
    return { nodeId, partition, errorCode: found.errorCode, reason: '' }
  } catch (error) {
    return { nodeId, partition, errorCode: null, reason: reasonOf(error) }
  }
}
