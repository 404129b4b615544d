import { StatusConstant } from '../protocol/status.ts'
import type {
  ExplainedForecast,
  ExplainSettings,
  GroupExplanation,
  PartitionExplanation,
  TriedRule
} from '../rules/explain.ts'
import { ruleToText } from '../rules/lag-rules.ts'
import { ascii, type ByteWriter } from './byte-writer.ts'
import { statusBytes, writeList, writeOffset } from './write-consumer.ts'

/** JSON of explanations (docs/explain.md). Any thread. Times are ms since the epoch. */
export function writeGroupExplanation(writer: ByteWriter, explained: GroupExplanation): void {
  writer.raw(key.cluster)
  writer.string(explained.cluster)
  writer.raw(key.group)
  writer.string(explained.group)
  writer.raw(key.status)
  writer.raw(statusBytes(explained.status))
  writer.raw(key.sentence)
  writer.string(explained.sentence)
  writer.raw(key.evaluatedAt)
  writer.integer(explained.nowSeconds * 1000)
  writeSettings(writer, explained.settings)
  writer.raw(key.complete)
  writer.float32(explained.complete)
  writer.raw(key.totalPartitions)
  writer.integer(explained.totalPartitions)
  writer.raw(key.totalLag)
  writer.integer(explained.totalLag)
  writer.raw(key.counts)
  for (const [index, status] of partitionStatuses.entries()) {
    writer.raw(index === 0 ? noBytes : comma)
    writer.raw(statusBytes(status))
    writer.raw(colon)
    writer.integer(explained.countByStatus.get(status) ?? 0)
  }
  writer.raw(key.worst)
  writeShort(writer, explained.worst)
  writer.raw(key.maxlag)
  writeShort(writer, explained.maxlag)
  writer.raw(key.forecast)
  writeForecast(writer, explained.forecast)
  writer.raw(key.expiresAt)
  if (explained.expiresAtSeconds === null) writer.raw(nullBytes)
  else writer.integer(explained.expiresAtSeconds * 1000)
  writer.raw(key.partitions)
  writeList(writer, explained.partitions, writePartitionExplanation)
  writer.raw(closeBrace)
}

export function writePartitionExplanation(writer: ByteWriter, explained: PartitionExplanation): void {
  writePlace(writer, explained)
  writer.raw(key.owner)
  writer.string(explained.owner)
  writer.raw(key.clientId)
  writer.string(explained.clientId)
  writer.raw(key.complete)
  writer.float32(explained.complete)
  writer.raw(key.tried)
  writeList(writer, explained.tried, writeTried)
  writer.raw(key.forecast)
  writeForecast(writer, explained.forecast)
  writer.raw(key.window)
  writeList(writer, explained.window, writeOffset)
  writer.raw(key.endOffsets)
  writeList(writer, explained.endOffsets, writeInteger)
  writer.raw(closeBrace)
}

/** Enough to find it in the list. */
function writeShort(writer: ByteWriter, explained: PartitionExplanation | null): void {
  if (explained === null) {
    writer.raw(nullBytes)
    return
  }
  writePlace(writer, explained)
  writer.raw(closeBrace)
}

function writePlace(
  writer: ByteWriter,
  { topic, partition, status, rule, sentence, currentLag }: PartitionExplanation
): void {
  writer.raw(key.topic)
  writer.string(topic)
  writer.raw(key.partition)
  writer.integer(partition)
  writer.raw(key.status)
  writer.raw(statusBytes(status))
  writer.raw(key.rule)
  writer.string(ruleToText(rule))
  writer.raw(key.sentence)
  writer.string(sentence)
  writer.raw(key.currentLag)
  writer.integer(currentLag)
}

function writeTried(writer: ByteWriter, { rule, decides, compared, sentence }: TriedRule): void {
  writer.raw(key.firstRule)
  writer.string(ruleToText(rule))
  writer.raw(decides ? key.decides : key.passes)
  writer.raw(key.compared)
  let first = true
  for (const [name, value] of Object.entries(compared)) {
    if (!first) writer.raw(comma)
    first = false
    writer.string(snakeCase(name))
    writer.raw(colon)
    if (Number.isInteger(value)) writer.integer(value)
    else writer.float32(value)
  }
  writer.raw(key.comparedEnd)
  writer.string(sentence)
  writer.raw(closeBrace)
}

function writeForecast(writer: ByteWriter, forecast: ExplainedForecast | null): void {
  if (forecast === null) {
    writer.raw(nullBytes)
    return
  }
  writer.raw(key.firstStatus)
  writer.raw(statusBytes(forecast.status))
  writer.raw(key.at)
  writer.integer(forecast.atSeconds * 1000)
  writer.raw(key.endOffsetLooks)
  writer.integer(forecast.endOffsetLooks)
  writer.raw(key.sentence)
  writer.string(forecast.sentence)
  writer.raw(closeBrace)
}

function writeSettings(writer: ByteWriter, settings: ExplainSettings): void {
  writer.raw(key.intervals)
  writer.integer(settings.intervals)
  writer.raw(key.minimumComplete)
  writer.float32(settings.minimumComplete)
  writer.raw(key.allowedLag)
  writer.integer(settings.allowedLag)
  writer.raw(key.endOffsetSeconds)
  writer.integer(settings.endOffsetSeconds)
  writer.raw(key.expireGroupSeconds)
  writer.integer(settings.expireGroupSeconds)
  writer.raw(closeBrace)
}

function writeInteger(writer: ByteWriter, value: number): void {
  writer.integer(value)
}

/** `sinceLastCommitMs` → `since_last_commit_ms`. Few names, so each is made once. */
function snakeCase(name: string): string {
  let snake = snakeByName.get(name)
  if (snake === undefined) {
    snake = name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
    snakeByName.set(name, snake)
  }
  return snake
}

/** Bounded by the names in lag-rules.ts. */
const snakeByName = new Map<string, string>()
const partitionStatuses = [
  StatusConstant.OK,
  StatusConstant.Warning,
  StatusConstant.Stop,
  StatusConstant.Stall,
  StatusConstant.Rewind
] as const
const noBytes = new Uint8Array(0)
const comma = ascii(',')
const colon = ascii(':')
const nullBytes = ascii('null')
const closeBrace = ascii('}')
const key = {
  cluster: ascii('{"cluster":'),
  group: ascii(',"group":'),
  status: ascii(',"status":'),
  firstStatus: ascii('{"status":'),
  sentence: ascii(',"sentence":'),
  evaluatedAt: ascii(',"evaluated_at":'),
  intervals: ascii(',"settings":{"intervals":'),
  minimumComplete: ascii(',"minimum_complete":'),
  allowedLag: ascii(',"allowed_lag":'),
  endOffsetSeconds: ascii(',"offset_refresh":'),
  expireGroupSeconds: ascii(',"expire_group":'),
  complete: ascii(',"complete":'),
  totalPartitions: ascii(',"partition_count":'),
  totalLag: ascii(',"totallag":'),
  counts: ascii(',"counts":{'),
  worst: ascii('},"worst":'),
  maxlag: ascii(',"maxlag":'),
  forecast: ascii(',"forecast":'),
  expiresAt: ascii(',"expires_at":'),
  partitions: ascii(',"partitions":'),
  topic: ascii('{"topic":'),
  partition: ascii(',"partition":'),
  rule: ascii(',"rule":'),
  firstRule: ascii('{"rule":'),
  currentLag: ascii(',"current_lag":'),
  owner: ascii(',"owner":'),
  clientId: ascii(',"client_id":'),
  tried: ascii(',"tried":'),
  decides: ascii(',"decides":true'),
  passes: ascii(',"decides":false'),
  compared: ascii(',"compared":{'),
  comparedEnd: ascii('},"sentence":'),
  at: ascii(',"at":'),
  endOffsetLooks: ascii(',"end_offset_looks":'),
  window: ascii(',"commits":'),
  endOffsets: ascii(',"end_offsets":')
} as const
