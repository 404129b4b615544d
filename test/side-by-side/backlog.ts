import { encodeGroupMetadataKey, encodeGroupMetadataValue } from '../../shared/codec/group-metadata-writer.ts'
import { encodeOffsetCommitKey, encodeOffsetCommitValue } from '../../shared/codec/offset-commit-writer.ts'
import { encodeRecordBatch, type RecordToWrite } from '../../shared/codec/record-batch-writer.ts'
import { offsetsPartitionOf } from '../../shared/kafka-api/offsets-partition.ts'
import { adminClientId, produceBatches } from '../support/produce-batches.ts'

export const offsetsPartitions = 5
/** Written by hand. A coordinator loads a partition anew that somebody else wrote to, so it has others. */
export const partitionsByHand = [0, 1]
export const partitionsOfCoordinator = [2, 3]
/** For one record alone. */
const lonelyPartition = 4

/** A record of the offsets topic, for one group. */
export interface GroupRecord {
  readonly group: string
  readonly record: RecordToWrite
}

export interface OldCommit {
  readonly group: string
  readonly topic: string
  readonly partition?: number
  readonly offset: number
  readonly timestampMs: number
  readonly metadata?: string
  readonly version?: 0 | 1 | 2 | 3 | 4
  readonly keyType?: 0 | 1
}

export function commitOf(commit: OldCommit): GroupRecord {
  const { group, topic, partition = 0, offset, timestampMs, metadata = '', version = 3, keyType = 1 } = commit
  const value = encodeOffsetCommitValue({ version, offset, metadata, timestampMs })
  return { group, record: { key: encodeOffsetCommitKey(group, topic, partition, keyType), value, timestampMs } }
}

export function offsetTombstone(group: string, topic: string, partition = 0): GroupRecord {
  return {
    group,
    record: { key: encodeOffsetCommitKey(group, topic, partition), value: null, timestampMs: Date.now() }
  }
}

export interface OldMember {
  readonly clientId: string
  readonly host: string
  readonly assigned: Readonly<Record<string, readonly number[]>>
}

/** A generation of a classic group. Without members: the group is empty. */
export function generationOf(group: string, generation: number, members: readonly OldMember[]): GroupRecord {
  const timestampMs = Date.now()
  const value = encodeGroupMetadataValue({
    protocolType: 'consumer',
    generation,
    protocol: members.length > 0 ? 'range' : null,
    leader: members.length > 0 ? 'member-0' : null,
    currentStateTimestampMs: timestampMs,
    members: members.map(({ clientId, host, assigned }, index) => ({
      memberId: `member-${index}`,
      clientId,
      clientHost: host,
      topics: Object.keys(assigned),
      assignedPartitions: Object.entries(assigned).map(([topic, partitions]) => ({
        topic,
        partitions: [...partitions]
      }))
    }))
  })
  return { group, record: { key: encodeGroupMetadataKey(group), value, timestampMs } }
}

export function groupTombstone(group: string): GroupRecord {
  return { group, record: { key: encodeGroupMetadataKey(group), value: null, timestampMs: Date.now() } }
}

/** Straight into the offsets topic, in the order given, apart from what the coordinator writes. */
export function writeByHand(server: string, records: readonly GroupRecord[]): Promise<void> {
  return write(server, records, group => partitionsByHand[offsetsPartitionOf(group, partitionsByHand.length)]!)
}

/** As the first commits of groups of the coordinator's own, before it has any other. */
export function writeLeadCommits(server: string, records: readonly GroupRecord[]): Promise<void> {
  return write(server, records, group => offsetsPartitionOf(group, offsetsPartitions))
}

/** The only record its partition will have. */
export function writeAlone(server: string, record: GroupRecord): Promise<void> {
  return write(server, [record], () => lonelyPartition)
}

/** Where its group is of no interest. */
export function writeTo(server: string, partition: number, record: GroupRecord): Promise<void> {
  return write(server, [record], () => partition)
}

/** A name that Kafka keeps where nobody writes by hand, or in one such partition. */
export function coordinatedName(base: string, partitions: readonly number[] = partitionsOfCoordinator): string {
  for (let suffix = 0; ; suffix++) {
    const name = suffix === 0 ? base : `${base}-${suffix}`
    if (partitions.includes(offsetsPartitionOf(name, offsetsPartitions))) return name
  }
}

async function write(
  server: string,
  records: readonly GroupRecord[],
  partitionOf: (group: string) => number
): Promise<void> {
  const recordsByPartition = new Map<number, RecordToWrite[]>()
  for (const { group, record } of records) {
    const others = recordsByPartition.get(partitionOf(group))
    if (others) others.push(record)
    else recordsByPartition.set(partitionOf(group), [record])
  }
  const batches = [...recordsByPartition].map(([partition, some]) => ({
    topic: '__consumer_offsets',
    partition,
    batch: encodeRecordBatch({ baseOffset: 0, records: some })
  }))
  await produceBatches(server, adminClientId, () => [batches])
}
