import { encodeOffsetCommitKey, encodeOffsetCommitValue } from '../../shared/codec/offset-commit-writer.ts'
import { encodeRecordBatch } from '../../shared/codec/record-batch-writer.ts'
import { offsetsPartitionOf } from '../../shared/kafka-api/offsets-partition.ts'
import { BrokerConnection } from '../../test/support/broker-connection.ts'
import type { KafkaClient } from '../../test/support/kafka-client.ts'
import { waitFor } from '../../test/support/wait-for.ts'
import { WireReader, WireWriter } from '../../test/support/wire-format.ts'
import type { BacklogShape } from './backlog-shape.ts'
import { endOffsetOf, groupName, offsetAt, timeAt, topicName, topicOfGroup } from './backlog-shape.ts'

// Brokers let nobody else write into their own topics.
const adminClientId = '__admin_client'
const produceKey = 0
const produceVersion = 7
const acksOfAll = -1
const requestTimeoutMs = 30_000
const inFlightMax = 8
// A new partition whose broker has not yet heard that it leads it.
const passingErrors = new Set([3, 5, 6])

interface BatchOfPartition {
  readonly topic: string
  readonly partition: number
  readonly batch: Uint8Array
}

/** Topics with their end offsets, before anybody commits. */
export async function writeTopics(client: KafkaClient, server: string, shape: BacklogShape): Promise<void> {
  for (let topic = 0; topic < shape.topics; topic++) await client.createTopic(topicName(topic), shape.partitions)
  const value = Buffer.from('x')
  const records = Array.from({ length: endOffsetOf(shape) }, () => ({
    key: null,
    value,
    timestampMs: shape.firstTimeMs
  }))
  const batch = encodeRecordBatch({ baseOffset: 0, records })
  await produceAll(server, 'burrow-bench', function* () {
    for (let topic = 0; topic < shape.topics; topic++) {
      yield Array.from({ length: shape.partitions }, (_, partition) => ({ topic: topicName(topic), partition, batch }))
    }
  })
}

/**
 * Rounds `fromRound` to `toRound` - 1 straight into the offsets topic: one batch for each group and round, as an OffsetCommit
 * of all its partitions would leave it, in value version 3. The group coordinator does not know of them; readers cannot tell.
 */
export async function writeCommits(
  server: string,
  shape: BacklogShape,
  offsetsPartitions: number,
  [fromRound, toRound]: readonly [number, number]
): Promise<void> {
  const groupsByPartition = groupsOfPartitions(shape, offsetsPartitions)
  await produceAll(server, adminClientId, function* () {
    for (let round = fromRound; round < toRound; round++) {
      // A request takes one batch for each partition: the first group of every partition, then the second of every one...
      for (let turn = 0; ; turn++) {
        const batches = groupsByPartition.flatMap((groups, partition) => {
          const group = groups[turn]
          if (group === undefined) return []
          return [{ topic: '__consumer_offsets', partition, batch: commitBatch(shape, group, round) }]
        })
        if (batches.length === 0) break
        yield batches
      }
    }
  })
}

/**
 * One round by OffsetCommit requests, which the broker stamps with its own time. (A coordinator that finds in its partition
 * what it has not written itself loads it again first: seconds, once.)
 */
export function commitRound(client: KafkaClient, shape: BacklogShape, round: number): Promise<number> {
  const partitions = Array.from({ length: shape.partitions }, (_, partition) => partition)
  return client.commitAll(
    (function* () {
      for (let group = 0; group < shape.groups; group++) {
        const offsets = partitions.map(partition => ({ partition, offset: offsetAt(group, partition, round) }))
        yield { group: groupName(group), topics: [{ topic: topicOfGroup(shape, group), partitions: offsets }] }
      }
    })()
  )
}

/** The group that is written last in each partition of the offsets topic that has any. */
export function lastGroups(shape: BacklogShape, offsetsPartitions: number): number[] {
  return groupsOfPartitions(shape, offsetsPartitions).flatMap(groups => groups.slice(-1))
}

function groupsOfPartitions(shape: BacklogShape, offsetsPartitions: number): number[][] {
  const groupsByPartition: number[][] = Array.from({ length: offsetsPartitions }, () => [])
  for (let group = 0; group < shape.groups; group++) {
    groupsByPartition[offsetsPartitionOf(groupName(group), offsetsPartitions)]!.push(group)
  }
  return groupsByPartition
}

function commitBatch(shape: BacklogShape, group: number, round: number): Uint8Array {
  const name = groupName(group)
  const topic = topicOfGroup(shape, group)
  const records = Array.from({ length: shape.partitions }, (_, partition) => {
    const timestampMs = timeAt(shape, group, partition, round)
    const value = { version: 3, offset: offsetAt(group, partition, round), metadata: '', timestampMs } as const
    return { key: encodeOffsetCommitKey(name, topic, partition), value: encodeOffsetCommitValue(value), timestampMs }
  })
  return encodeRecordBatch({ baseOffset: 0, records })
}

async function produceAll(
  server: string,
  clientId: string,
  requests: () => Generator<readonly BatchOfPartition[]>
): Promise<void> {
  const connection = await BrokerConnection.open(server, clientId)
  const open = new Set<Promise<void>>()
  let isFirst = true
  try {
    for (const batches of requests()) {
      const answered = produce(connection, batches).finally(() => open.delete(answered))
      open.add(answered)
      // The first one alone: it may have to be sent again to brokers that have just heard of a topic, and those behind it
      // would overtake it.
      if (isFirst || open.size >= inFlightMax) await Promise.race(open)
      isFirst = false
    }
    await Promise.all(open)
  } finally {
    connection.close()
  }
}

async function produce(connection: BrokerConnection, batches: readonly BatchOfPartition[]): Promise<void> {
  let left = batches
  const taken = async () => {
    const errorByPartition = await produceOnce(connection, left)
    left = left.filter(({ partition }) => errorByPartition.get(partition) !== 0)
    const refused = [...errorByPartition.values()].find(error => error !== 0 && !passingErrors.has(error))
    if (refused !== undefined) throw new Error(`the broker refused a batch: error ${refused}`)
    return left.length === 0
  }
  await waitFor(taken, `${batches.length} batches in ${batches[0]!.topic}`, requestTimeoutMs)
}

async function produceOnce(
  connection: BrokerConnection,
  batches: readonly BatchOfPartition[]
): Promise<Map<number, number>> {
  const body = new WireWriter().string(null).int16(acksOfAll).int32(requestTimeoutMs)
  body.array([batches[0]!.topic], (out, name) =>
    out.string(name).array(batches, (each, { partition, batch }) => each.int32(partition).bytes(batch))
  )
  const answer = await connection.send({ apiKey: produceKey, apiVersion: produceVersion, body: body.finish() })
  const topics = new WireReader(answer).array(reader => {
    reader.string()
    return reader.array(partition => {
      const answered = [partition.int32(), partition.int16()] as const
      for (let field = 0; field < 3; field++) partition.int64() // base offset, append time, log start
      return answered
    })
  })
  return new Map(topics.flat())
}
