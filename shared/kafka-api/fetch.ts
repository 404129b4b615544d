import type { ApiRange } from './version-choice.ts'
import { WireReader } from './wire-reader.ts'
import { WireWriter } from './wire-writer.ts'

/**
 * Fetch: record batches of partitions (Kafka's FetchRequest.json), without fetch sessions (KIP-227). Any thread.
 *
 *   request   replica -1   max wait   min bytes   max bytes   isolation   v7+ session id 0, epoch -1
 *             topics [name, partitions [index, v9+ leader epoch, offset, v5+ follower's start -1, max bytes]]
 *             v7+ forgotten topics []   v11+ rack ''
 *   answer    throttle   v7+ error, session id
 *             topics [name, partitions [index, error, high watermark, last stable offset, v5+ start offset,
 *                     aborted transactions [producer id, first offset], v11+ preferred replica, records bytes]]
 */
export const fetchApi: ApiRange = { key: 1, name: 'Fetch', minVersion: 4, maxVersion: 11 }

const readUncommitted = 0

export interface FetchRequest {
  readonly topic: string
  readonly maxWaitMs: number
  readonly minBytes: number
  /** Of the whole answer. A first batch that is bigger comes all the same (KIP-74). */
  readonly maxBytes: number
  readonly partitions: readonly WantedRecords[]
}

export interface WantedRecords {
  readonly partition: number
  readonly offset: number
  readonly maxBytes: number
}

export interface FetchAnswer {
  /** Of the whole answer. */
  readonly errorCode: number
  readonly partitions: readonly FetchedPartition[]
}

export interface FetchedPartition {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  /** -1 or NaN: not told. */
  readonly highWatermark: number
  /** -1: not told. */
  readonly logStartOffset: number
  /** Record batches, the last one possibly cut. A view of the answer's bytes. */
  readonly records: Uint8Array
}

export function encodeFetchRequest(version: number, request: FetchRequest): Uint8Array {
  const writer = new WireWriter(128 + request.partitions.length * 28)
  writer.int32(-1).int32(request.maxWaitMs).int32(request.minBytes).int32(request.maxBytes).int8(readUncommitted)
  if (version >= 7) writer.int32(0).int32(-1)
  writer.int32(1).string(request.topic, false).int32(request.partitions.length)
  for (const { partition, offset, maxBytes } of request.partitions) {
    writer.int32(partition)
    if (version >= 9) writer.int32(-1) // any leader epoch: a wrong leader says so by itself
    writer.int64(offset)
    if (version >= 5) writer.int64(-1)
    writer.int32(maxBytes)
  }
  if (version >= 7) writer.int32(0)
  if (version >= 11) writer.string('', false)
  return writer.finish()
}

export function decodeFetch(bytes: Uint8Array, version: number): FetchAnswer {
  const reader = new WireReader(bytes, `Fetch v${version}`)
  reader.int32('throttle_time_ms')
  let errorCode = 0
  if (version >= 7) {
    errorCode = reader.int16('error_code')
    reader.int32('session_id')
  }
  const partitions: FetchedPartition[] = []
  for (let topics = reader.count('responses', false, 6); topics > 0; topics--) {
    const topic = reader.string('topic', false)
    for (let left = reader.count('partitions', false, 30); left > 0; left--) {
      partitions.push(readPartition(reader, version, topic))
    }
  }
  return { errorCode, partitions }
}

function readPartition(reader: WireReader, version: number, topic: string): FetchedPartition {
  const partition = reader.int32('partition_index')
  const errorCode = reader.int16('error_code')
  const highWatermark = reader.int64('high_watermark')
  reader.int64('last_stable_offset')
  const logStartOffset = version >= 5 ? reader.int64('log_start_offset') : -1
  reader.skipArray('aborted_transactions', false, 16)
  if (version >= 11) reader.int32('preferred_read_replica')
  const records = reader.nullableBytes('records', false)
  return { topic, partition, errorCode, highWatermark, logStartOffset, records }
}
