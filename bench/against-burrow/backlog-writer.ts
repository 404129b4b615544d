import { encodeOffsetCommitKey, encodeOffsetCommitValue } from '../../shared/codec/offset-commit-writer.ts'
import { encodeRecordBatch } from '../../shared/codec/record-batch-writer.ts'
import { offsetsPartitionOf } from '../../shared/kafka-api/offsets-partition.ts'
import type { KafkaClient } from '../../test/support/kafka-client.ts'
import { adminClientId, produceBatches } from '../../test/support/produce-batches.ts'
import type { BacklogShape } from './backlog-shape.ts'
import { endOffsetOf, groupName, offsetAt, timeAt, topicName, topicOfGroup } from './backlog-shape.ts'

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
  await produceBatches(server, 'burrow-bench', function* () {
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
  await produceBatches(server, adminClientId, function* () {
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
