import type { ConsumerGroupStatus, ConsumerOffset, PartitionStatus } from '../../protocol/consumer.ts'
import { statusType } from '../time/text-forms.ts'
import { fromUnixMs, zeroTime } from '../time/zoned-time.ts'
import {
  float32Value,
  intValue,
  mapValue,
  type PointerValue,
  type StructType,
  type StructValue,
  sliceValue,
  stringValue,
  type TimeZone,
  timeValue,
  uintValue,
  type Value
} from './value.ts'

/** What a notification says (spec 07 section 4.1). */
export interface NotifierData {
  readonly cluster: string
  readonly group: string
  /** Incident id, '' when there is none. */
  readonly id: string
  /** Start of the incident, ms since the epoch, whole; null = none, which shows as Go's zero time. */
  readonly startMs: number | null
  readonly extras: Readonly<Record<string, string>>
  readonly result: ConsumerGroupStatus
}

/** The data under the names and types that Burrow's templates know. */
export function dataValue(data: NotifierData, zone: TimeZone): StructValue {
  const extras = new Map(Object.entries(data.extras).map(([key, text]) => [key, stringValue(text)]))
  const start = data.startMs === null ? zeroTime : fromUnixMs(data.startMs, zone)
  return structValue(dataType, [
    () => stringValue(data.cluster),
    () => stringValue(data.group),
    () => stringValue(data.id),
    () => timeValue(start),
    () => mapValue('map[string]string', extras, stringValue('')),
    () => statusValue(data.result)
  ])
}

/** Partitions of a slice that the templates were given; null for any other value. */
export function partitionsOf(value: Value): readonly PartitionStatus[] | null {
  if (value.kind !== 'slice' || value.type !== partitionsType) return null
  const partitions: PartitionStatus[] = []
  for (let index = 0; index < value.length; index++) {
    const partition = partitionOf(value.at(index))
    if (partition) partitions.push(partition)
  }
  return partitions
}

/** The partition that a pointer points at: undefined = not a pointer to a partition, null = a nil one. */
export function partitionOf(value: Value): PartitionStatus | null | undefined {
  if (value.kind !== 'pointer' || value.to !== partitionType) return undefined
  return value.source as PartitionStatus | null // only partitionValue makes pointers of this type
}

export const partitionsType = '[]*protocol.PartitionStatus'

function statusValue(status: ConsumerGroupStatus): StructValue {
  return structValue(groupType, [
    () => stringValue(status.cluster),
    () => stringValue(status.group),
    () => intValue(status.status, statusType),
    () => float32Value(status.complete),
    () => sliceValue(partitionsType, status.partitions, partitionValue),
    () => intValue(status.totalPartitions),
    () => partitionValue(status.maxlag),
    () => uintValue(status.totalLag)
  ])
}

function partitionValue(partition: PartitionStatus | null): PointerValue {
  if (partition === null) return { kind: 'pointer', to: partitionType, target: null, source: null }
  const target = structValue(partitionType, [
    () => stringValue(partition.topic),
    () => intValue(partition.partition, 'int32'),
    () => stringValue(partition.owner),
    () => stringValue(partition.clientId),
    () => intValue(partition.status, statusType),
    () => offsetValue(partition.start),
    () => offsetValue(partition.end),
    () => uintValue(partition.currentLag),
    () => float32Value(partition.complete)
  ])
  return { kind: 'pointer', to: partitionType, target, source: partition }
}

function offsetValue(commit: ConsumerOffset | null): PointerValue {
  if (commit === null) return { kind: 'pointer', to: offsetType, target: null, source: null }
  const target = structValue(offsetType, [
    () => intValue(commit.offset, 'int64'),
    () => intValue(commit.order, 'int64'),
    () => intValue(commit.timestampMs, 'int64'),
    () => intValue(commit.observedTimestampMs, 'int64'),
    () => lagValue(commit)
  ])
  return { kind: 'pointer', to: offsetType, target, source: commit }
}

/** A lag can be unknown, so to Go it is a pointer to a struct with one value. */
function lagValue(commit: ConsumerOffset): PointerValue {
  const { lag } = commit
  if (lag === null) return { kind: 'pointer', to: lagType, target: null, source: null }
  const target = structValue(lagType, [() => uintValue(lag)])
  return { kind: 'pointer', to: lagType, target, source: commit }
}

function structValue(type: StructType, fields: readonly (() => Value)[]): StructValue {
  return { kind: 'struct', type, field: index => fields[index]!() }
}

/** Names of the fields in Go, each with its JSON key; null = not in JSON. */
function structType(name: string, jsonByField: Readonly<Record<string, string | null>>): StructType {
  return { name, fields: Object.entries(jsonByField).map(([field, json]) => ({ name: field, json })) }
}

/** `Id` is what Burrow's own templates ask for, wrongly (spec 09, F7). */
const dataType: StructType = {
  ...structType(
    'struct { Cluster string; Group string; ID string; Start time.Time; Extras map[string]string; ' +
      'Result protocol.ConsumerGroupStatus }',
    { Cluster: 'Cluster', Group: 'Group', ID: 'ID', Start: 'Start', Extras: 'Extras', Result: 'Result' }
  ),
  aliases: new Map([['Id', 'ID']])
}

const groupType = structType('protocol.ConsumerGroupStatus', {
  Cluster: 'cluster',
  Group: 'group',
  Status: 'status',
  Complete: 'complete',
  Partitions: 'partitions',
  TotalPartitions: 'partition_count',
  Maxlag: 'maxlag',
  TotalLag: 'totallag'
})

export const partitionType = structType('protocol.PartitionStatus', {
  Topic: 'topic',
  Partition: 'partition',
  Owner: 'owner',
  ClientID: 'client_id',
  Status: 'status',
  Start: 'start',
  End: 'end',
  CurrentLag: 'current_lag',
  Complete: 'complete'
})

const offsetType = structType('protocol.ConsumerOffset', {
  Offset: 'offset',
  Order: null,
  Timestamp: 'timestamp',
  ObservedTimestamp: 'observedAt',
  Lag: 'lag'
})

/** In JSON the number itself. */
export const lagType = structType('protocol.Lag', { Value: 'Value' })
