import type {
  ConsumerGroupStatus,
  ConsumerOffset,
  ConsumerPartition,
  ConsumerTopics,
  PartitionStatus
} from '../protocol/consumer.ts'
import { statusToText } from '../protocol/status.ts'
import { ascii, asciiPiece, ByteWriter } from './byte-writer.ts'
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
  const { cluster, group, maxlag } = status
  writeStatusHead(writer, cluster, group, status)
  writeList(writer, status.partitions, writePartitionStatus)
  writeStatusTail(writer, status, maxlag && (() => writePartitionStatus(writer, maxlag)))
}

/** What comes before the list of partitions. */
export function writeStatusHead(
  writer: ByteWriter,
  cluster: string,
  group: string,
  { status, complete }: Pick<ConsumerGroupStatus, 'status' | 'complete'>
): void {
  writer.piece(statusKeys.cluster)
  writer.string(cluster)
  writer.piece(statusKeys.group)
  writer.string(group)
  writer.piece(statusKeys.status)
  writer.raw(statusBytes(status))
  writer.piece(statusKeys.complete)
  writer.float32(complete)
  writer.piece(statusKeys.partitions)
}

/** What comes after it. */
export function writeStatusTail(
  writer: ByteWriter,
  { totalPartitions, totalLag }: Pick<ConsumerGroupStatus, 'totalPartitions' | 'totalLag'>,
  writeMaxlag: (() => void) | null
): void {
  writer.piece(statusKeys.totalPartitions)
  writer.integer(totalPartitions)
  writer.piece(statusKeys.maxlag)
  if (writeMaxlag) writeMaxlag()
  else writer.raw(nullBytes)
  writer.piece(statusKeys.totalLag)
  writer.integer(totalLag)
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
  writer.piece(partitionKeys.topic)
  writer.string(partition.topic)
  writer.piece(partitionKeys.partition)
  writer.integer(partition.partition)
  writer.piece(partitionKeys.owner)
  writer.string(partition.owner)
  writer.piece(partitionKeys.clientId)
  writer.string(partition.clientId)
  writer.piece(partitionKeys.status)
  writer.raw(statusBytes(partition.status))
  writer.piece(partitionKeys.start)
  writeOffset(writer, partition.start)
  writer.piece(partitionKeys.end)
  writeOffset(writer, partition.end)
  writer.piece(partitionKeys.currentLag)
  writer.integer(partition.currentLag)
  writer.piece(partitionKeys.complete)
  writer.float32(partition.complete)
  writer.byte(closeBrace)
}

function writeConsumerPartition(writer: ByteWriter, partition: ConsumerPartition): void {
  writer.piece(detailKeys.offsets)
  writeList(writer, partition.offsets, writeOffset)
  writer.piece(detailKeys.owner)
  writer.string(partition.owner)
  writer.piece(detailKeys.clientId)
  writer.string(partition.clientId)
  writer.piece(detailKeys.currentLag)
  writer.integer(partition.currentLag)
  writer.byte(closeBrace)
}

export function writeOffset(writer: ByteWriter, commit: ConsumerOffset | null): void {
  if (commit === null) {
    writer.raw(nullBytes)
    return
  }
  writer.piece(offsetKeys.offset)
  writer.integer(commit.offset)
  writer.piece(offsetKeys.timestamp)
  writer.integer(commit.timestampMs)
  writer.piece(offsetKeys.observedAt)
  writer.integer(commit.observedTimestampMs)
  writer.piece(offsetKeys.lag)
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
  cluster: asciiPiece('{"cluster":'),
  group: asciiPiece(',"group":'),
  status: asciiPiece(',"status":'),
  complete: asciiPiece(',"complete":'),
  partitions: asciiPiece(',"partitions":'),
  totalPartitions: asciiPiece(',"partition_count":'),
  maxlag: asciiPiece(',"maxlag":'),
  totalLag: asciiPiece(',"totallag":')
}
const partitionKeys = {
  topic: asciiPiece('{"topic":'),
  partition: asciiPiece(',"partition":'),
  owner: asciiPiece(',"owner":'),
  clientId: asciiPiece(',"client_id":'),
  status: asciiPiece(',"status":'),
  start: asciiPiece(',"start":'),
  end: asciiPiece(',"end":'),
  currentLag: asciiPiece(',"current_lag":'),
  complete: asciiPiece(',"complete":')
}
/** `current-lag` has a hyphen here and an underscore above; clients know it so (quirk D5). */
const detailKeys = {
  offsets: asciiPiece('{"offsets":'),
  owner: asciiPiece(',"owner":'),
  clientId: asciiPiece(',"client_id":'),
  currentLag: asciiPiece(',"current-lag":')
}
const offsetKeys = {
  offset: asciiPiece('{"offset":'),
  timestamp: asciiPiece(',"timestamp":'),
  observedAt: asciiPiece(',"observedAt":'),
  lag: asciiPiece(',"lag":')
}
