import type { ApiRange } from './version-choice.ts'
import { WireReader } from './wire-reader.ts'
import { WireWriter } from './wire-writer.ts'

/**
 * Metadata: brokers, topics, leaders (Kafka's MetadataRequest.json, KIP-516 for topic ids). Any thread.
 *
 *   request v1..   topics [name] (null = all)   v4+ allow creation   v8..10 cluster operations   v8+ topic operations
 *           v10+   topics [id uuid, name nullable]
 *   answer  v3+ throttle   brokers [id, host, port, rack]   v2+ cluster id   controller   topics   v8..10 operations
 *     topic        error, name, v10+ id, internal, partitions, v8+ operations
 *     partition    error, index, leader, v7+ leader epoch, replicas [], in-sync [], v5+ offline []
 *   v9+ flexible: compact strings and arrays, tagged fields behind every struct, and one tag count as the end of both headers
 *
 * Errors of a topic or a partition are kept as codes and spoil nothing else: a monitor must see a degraded cluster.
 */
export const metadataApi: ApiRange = { key: 3, name: 'Metadata', minVersion: 1, maxVersion: 12 }
/** Versions that tell what one may do with the cluster; brokers from 2.3 on have them. */
export const metadataWithRightsApi: ApiRange = { ...metadataApi, minVersion: 8, maxVersion: 10 }
/** Versions in which topics can be named by id. */
export const metadataByIdApi: ApiRange = { ...metadataApi, minVersion: 12 }

const flexibleFrom = 9
const topicIdsFrom = 10
const noTopicId = '0'.repeat(32)

export interface Metadata {
  readonly brokers: readonly BrokerAddress[]
  readonly clusterId: string | null
  readonly controllerId: number
  readonly topics: readonly TopicMetadata[]
  /** A bit for each operation, by Kafka's number of it (AclOperation); null = not asked, or the version does not tell. */
  readonly clusterOperations: number | null
}

/** AclOperation DESCRIBE of the cluster: without it a broker lists only groups that one may describe, and does not say so. */
export const describeOperation = 1 << 8
const operationsNotAsked = -0x8000_0000

export interface BrokerAddress {
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

/** Arrays have one place per partition. A partition without a leader, or that the answer left out, has leader -1. */
export interface TopicMetadata {
  readonly errorCode: number
  readonly name: string
  /** 32 hex digits; null when the broker does not tell. */
  readonly id: string | null
  readonly internal: boolean
  readonly leaders: Int32Array
  /** -1 = not told (before version 7). */
  readonly leaderEpochs: Int32Array
}

/** `topics` null asks for all of them. Topics are never created by asking. */
export function encodeMetadataRequest(version: number, topics: readonly string[] | null): Uint8Array {
  return encodeRequest(version, topics, writeTopicByName(version))
}

/** The same, with the question what one may do with the cluster: `metadataWithRightsApi`. */
export function encodeMetadataWithRightsRequest(version: number, topics: readonly string[] | null): Uint8Array {
  return encodeRequest(version, topics, writeTopicByName(version), true)
}

function writeTopicByName(version: number) {
  return (writer: WireWriter, topic: string, flexible: boolean) => {
    if (version >= topicIdsFrom) writer.zeros(16)
    writer.string(topic, flexible)
  }
}

/** Asks for topics by id, 32 hex digits each. Brokers take that from version 12 on: `metadataByIdApi`. */
export function encodeMetadataByIdRequest(version: number, ids: readonly string[]): Uint8Array {
  return encodeRequest(version, ids, (writer, id) => {
    writer.uuid(id)
    writer.nullString()
  })
}

function encodeRequest(
  version: number,
  topics: readonly string[] | null,
  write: (writer: WireWriter, topic: string, flexible: boolean) => void,
  withRights = false
): Uint8Array {
  const flexible = version >= flexibleFrom
  const writer = new WireWriter()
  if (flexible) writer.noTags() // the end of the request header
  writer.count(topics === null ? -1 : topics.length, flexible)
  for (const topic of topics ?? []) {
    write(writer, topic, flexible)
    if (flexible) writer.noTags()
  }
  if (version >= 4) writer.int8(0)
  if (tellsRights(version)) writer.int8(withRights ? 1 : 0)
  if (version >= 8) writer.int8(0)
  if (flexible) writer.noTags()
  return writer.finish()
}

export function decodeMetadata(bytes: Uint8Array, version: number): Metadata {
  const flexible = version >= flexibleFrom
  const reader = new WireReader(bytes, `Metadata v${version}`)
  if (flexible) reader.skipTags('header')
  if (version >= 3) reader.int32('throttle_time_ms')
  const brokers: BrokerAddress[] = []
  for (let left = reader.count('brokers', flexible, 9); left > 0; left--) brokers.push(readBroker(reader, flexible))
  const clusterId = version >= 2 ? reader.nullableString('cluster_id', flexible) : null
  const controllerId = reader.int32('controller_id')
  const topics: TopicMetadata[] = []
  for (let left = reader.count('topics', flexible, 5); left > 0; left--) topics.push(readTopic(reader, version))
  const operations = tellsRights(version) ? reader.int32('cluster_authorized_operations') : operationsNotAsked
  const clusterOperations = operations === operationsNotAsked ? null : operations
  return { brokers, clusterId, controllerId, topics, clusterOperations }
}

function tellsRights(version: number): boolean {
  return version >= metadataWithRightsApi.minVersion && version <= metadataWithRightsApi.maxVersion
}

function readBroker(reader: WireReader, flexible: boolean): BrokerAddress {
  const nodeId = reader.int32('node_id')
  const host = reader.string('host', flexible)
  const port = reader.int32('port')
  if (port < 0 || port > 65_535) reader.refuse('port', `${port} is no port`)
  reader.nullableString('rack', flexible)
  if (flexible) reader.skipTags('broker')
  return { nodeId, host, port }
}

function readTopic(reader: WireReader, version: number): TopicMetadata {
  const flexible = version >= flexibleFrom
  const errorCode = reader.int16('topic_error_code')
  const name = (version >= 12 ? reader.nullableString('name', flexible) : reader.string('name', flexible)) ?? ''
  const topicId = version >= topicIdsFrom ? reader.uuid('topic_id') : noTopicId
  const internal = reader.boolean('is_internal')
  const count = reader.count('partitions', flexible, 18)
  const leaders = new Int32Array(count).fill(-1)
  const leaderEpochs = new Int32Array(count).fill(-1)
  for (let left = count; left > 0; left--) {
    reader.int16('partition_error_code') // the leader says all: it is -1 when there is none
    const index = reader.int32('partition_index')
    // Kafka numbers partitions from 0 without holes and names them all, with or without a leader.
    if (index < 0 || index >= count) reader.refuse('partition_index', `${index} of ${count}`)
    leaders[index] = reader.int32('leader_id')
    if (version >= 7) leaderEpochs[index] = reader.int32('leader_epoch')
    reader.skipArray('replica_nodes', flexible, 4)
    reader.skipArray('isr_nodes', flexible, 4)
    if (version >= 5) reader.skipArray('offline_replicas', flexible, 4)
    if (flexible) reader.skipTags('partition')
  }
  if (version >= 8) reader.int32('topic_authorized_operations')
  if (flexible) reader.skipTags('topic')
  return { errorCode, name, id: topicId === noTopicId ? null : topicId, internal, leaders, leaderEpochs }
}
