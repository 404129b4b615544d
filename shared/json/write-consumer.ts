import type {
  ConsumerGroupStatus,
  ConsumerOffset,
  ConsumerPartition,
  ConsumerTopics,
  PartitionStatus
} from '../protocol/consumer.ts'
import { statusToText } from '../protocol/status.ts'
import { ascii, ByteWriter } from './byte-writer.ts'
import { compareUtf8 } from './utf8-order.ts'

/**
 * JSON forms of the protocol's types, key by key in the order of spec 01 section 5; nothing is ever left out. Any thread.
 */
export function statusToJson(status: ConsumerGroupStatus): string {
  const writer = new ByteWriter()
  writeStatus(writer, status)
  return decoder.decode(writer.take())
}

export function writeStatus(writer: ByteWriter, status: ConsumerGroupStatus): void {
  writer.raw(statusKeys.cluster)
  writer.string(status.cluster)
  writer.raw(statusKeys.group)
  writer.string(status.group)
  writer.raw(statusKeys.status)
  writer.raw(statusBytes(status.status))
  writer.raw(statusKeys.complete)
  writer.float32(status.complete)
  writer.raw(statusKeys.partitions)
  writeList(writer, status.partitions, writePartitionStatus)
  writer.raw(statusKeys.totalPartitions)
  writer.integer(status.totalPartitions)
  writer.raw(statusKeys.maxlag)
  if (status.maxlag) writePartitionStatus(writer, status.maxlag)
  else writer.raw(nullBytes)
  writer.raw(statusKeys.totalLag)
  writer.integer(status.totalLag)
  writer.byte(closeBrace)
}

/** Consumer detail. Topics are sorted by their UTF-8 bytes, as Go sorts the keys of a map. */
export function writeConsumerTopics(writer: ByteWriter, topics: ConsumerTopics): void {
  writer.byte(openBrace)
  let first = true
  for (const topic of [...topics.keys()].sort(compareUtf8)) {
    if (!first) writer.byte(comma)
    first = false
    writer.string(topic)
    writer.byte(colon)
    writeList(writer, topics.get(topic)!, writeConsumerPartition)
  }
  writer.byte(closeBrace)
}

export function writeStrings(writer: ByteWriter, values: readonly string[]): void {
  writeList(writer, values, writeString)
}

export function writeIntegers(writer: ByteWriter, values: readonly number[]): void {
  writeList(writer, values, writeInteger)
}

function writePartitionStatus(writer: ByteWriter, partition: PartitionStatus): void {
  writer.raw(partitionKeys.topic)
  writer.string(partition.topic)
  writer.raw(partitionKeys.partition)
  writer.integer(partition.partition)
  writer.raw(partitionKeys.owner)
  writer.string(partition.owner)
  writer.raw(partitionKeys.clientId)
  writer.string(partition.clientId)
  writer.raw(partitionKeys.status)
  writer.raw(statusBytes(partition.status))
  writer.raw(partitionKeys.start)
  writeOffset(writer, partition.start)
  writer.raw(partitionKeys.end)
  writeOffset(writer, partition.end)
  writer.raw(partitionKeys.currentLag)
  writer.integer(partition.currentLag)
  writer.raw(partitionKeys.complete)
  writer.float32(partition.complete)
  writer.byte(closeBrace)
}

function writeConsumerPartition(writer: ByteWriter, partition: ConsumerPartition): void {
  writer.raw(detailKeys.offsets)
  writeList(writer, partition.offsets, writeOffset)
  writer.raw(detailKeys.owner)
  writer.string(partition.owner)
  writer.raw(detailKeys.clientId)
  writer.string(partition.clientId)
  writer.raw(detailKeys.currentLag)
  writer.integer(partition.currentLag)
  writer.byte(closeBrace)
}

export function writeOffset(writer: ByteWriter, commit: ConsumerOffset | null): void {
  if (commit === null) {
    writer.raw(nullBytes)
    return
  }
  writer.raw(offsetKeys.offset)
  writer.integer(commit.offset)
  writer.raw(offsetKeys.timestamp)
  writer.integer(commit.timestampMs)
  writer.raw(offsetKeys.observedAt)
  writer.integer(commit.observedTimestampMs)
  writer.raw(offsetKeys.lag)
  if (commit.lag === null) writer.raw(nullBytes)
  else writer.integer(commit.lag)
  writer.byte(closeBrace)
}

function writeString(writer: ByteWriter, value: string): void {
  writer.string(value)
}

function writeInteger(writer: ByteWriter, value: number): void {
  writer.integer(value)
}

export function writeList<T>(
  writer: ByteWriter,
  values: readonly T[],
  write: (writer: ByteWriter, value: T) => void
): void {
  writer.byte(openBracket)
  for (let index = 0; index < values.length; index++) {
    if (index > 0) writer.byte(comma)
    write(writer, values[index]!)
  }
  writer.byte(closeBracket)
}

/** The text in its quotes. */
export function statusBytes(status: number): Uint8Array {
  return bytesByStatus[status] ?? unknownStatus
}

const decoder = new TextDecoder()
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const comma = 0x2c
const colon = 0x3a
const nullBytes = ascii('null')
const unknownStatus = ascii('"UNKNOWN"')
const bytesByStatus = Array.from({ length: 7 }, (_, status) => ascii(`"${statusToText(status)}"`))

const statusKeys = {
  cluster: ascii('{"cluster":'),
  group: ascii(',"group":'),
  status: ascii(',"status":'),
  complete: ascii(',"complete":'),
  partitions: ascii(',"partitions":'),
  totalPartitions: ascii(',"partition_count":'),
  maxlag: ascii(',"maxlag":'),
  totalLag: ascii(',"totallag":')
}
const partitionKeys = {
  topic: ascii('{"topic":'),
  partition: ascii(',"partition":'),
  owner: ascii(',"owner":'),
  clientId: ascii(',"client_id":'),
  status: ascii(',"status":'),
  start: ascii(',"start":'),
  end: ascii(',"end":'),
  currentLag: ascii(',"current_lag":'),
  complete: ascii(',"complete":')
}
/** `current-lag` has a hyphen here and an underscore above; clients know it so (quirk D5). */
const detailKeys = {
  offsets: ascii('{"offsets":'),
  owner: ascii(',"owner":'),
  clientId: ascii(',"client_id":'),
  currentLag: ascii(',"current-lag":')
}
const offsetKeys = {
  offset: ascii('{"offset":'),
  timestamp: ascii(',"timestamp":'),
  observedAt: ascii(',"observedAt":'),
  lag: ascii(',"lag":')
}
