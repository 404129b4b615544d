import { type RowBlock, rowKeyF64 } from '../../../shared/actor/evaluator-tasks.ts'
import { ascii, ByteWriter } from '../../../shared/json/byte-writer.ts'
import { statusBytes } from '../../../shared/json/write-consumer.ts'
import type { ConsumerGroupStatus } from '../../../shared/protocol/consumer.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { sinceMs } from '../../../shared/rules/since.ts'

/** Rows of a cluster's list, for one request. Evaluator thread. */
export class RowWriter {
  readonly #writer = new ByteWriter(64 * 1024)
  readonly #keys: number[] = []
  readonly #counts: [number, number, number] = [0, 0, 0]
  #matched = 0

  /** `lastCommitMs` 0 = never. */
  add(status: ConsumerGroupStatus, lastCommitMs: number, worseOrEqual: StatusConstant): void {
    const place = status.status - StatusConstant.OK
    if (place === 0 || place === 1 || place === 2) this.#counts[place]++
    if (status.status < worseOrEqual) return
    this.#matched++
    writeRow(this.#writer, status, lastCommitMs)
    this.#keys.push(status.status, status.totalLag, this.#writer.length)
  }

  /** Only the first `rowsMax`, in the order of the list; the rest is counted. */
  finish(rowsMax: number): RowBlock {
    const all = { keys: Float64Array.from(this.#keys), text: this.#writer.bytes.subarray(0, this.#writer.length) }
    const places = inOrder([all]).slice(0, rowsMax)
    const keys = new Float64Array(places.length * rowKeyF64.words)
    const textBytes = places.reduce((sum, place) => sum + place.to - place.from, 0)
    const text = new Uint8Array(textBytes)
    let end = 0
    for (const [index, { status, totalLag, from, to }] of places.entries()) {
      text.set(all.text.subarray(from, to), end)
      end += to - from
      keys.set([status, totalLag, end], index * rowKeyF64.words)
    }
    return { keys, text, counts: this.#counts, matched: this.#matched }
  }
}

/** Where a row is, and what it is sorted by. */
export interface RowPlace {
  readonly status: number
  readonly totalLag: number
  readonly text: Uint8Array
  readonly from: number
  readonly to: number
}

/** Worst first, then by lag; what is equal in both stays in the order of the blocks, which is that of the names. */
export function inOrder(blocks: readonly Pick<RowBlock, 'keys' | 'text'>[]): RowPlace[] {
  const places: RowPlace[] = []
  for (const { keys, text } of blocks) {
    let from = 0
    for (let at = 0; at < keys.length; at += rowKeyF64.words) {
      const to = keys[at + rowKeyF64.end]!
      const status = keys[at + rowKeyF64.status]!
      places.push({ status, totalLag: keys[at + rowKeyF64.totalLag]!, text, from, to })
      from = to
    }
  }
  return places.sort((a, b) => b.status - a.status || b.totalLag - a.totalLag)
}

function writeRow(writer: ByteWriter, status: ConsumerGroupStatus, lastCommitMs: number): void {
  const { maxlag } = status
  writer.raw(key.group)
  writer.string(status.group)
  writer.raw(key.status)
  writer.raw(statusBytes(status.status))
  writer.raw(key.totalLag)
  writer.integer(status.totalLag)
  writer.raw(key.partitions)
  writer.integer(status.totalPartitions)
  writer.raw(key.complete)
  writer.float32(status.complete)
  writer.raw(key.lastCommit)
  writeTime(writer, lastCommitMs > 0 ? lastCommitMs : null)
  writer.raw(key.since)
  writeTime(writer, sinceMs(status))
  writer.raw(key.maxlag)
  if (maxlag === null) writer.raw(nullBytes)
  else {
    writer.raw(key.topic)
    writer.string(maxlag.topic)
    writer.raw(key.partition)
    writer.integer(maxlag.partition)
    writer.raw(key.status)
    writer.raw(statusBytes(maxlag.status))
    writer.raw(key.currentLag)
    writer.integer(maxlag.currentLag)
    writer.raw(key.owner)
    writer.string(maxlag.owner)
    writer.raw(key.clientId)
    writer.string(maxlag.clientId)
    writer.raw(closeBrace)
  }
  writer.raw(closeBrace)
}

function writeTime(writer: ByteWriter, timeMs: number | null): void {
  if (timeMs === null) writer.raw(nullBytes)
  else writer.integer(timeMs)
}

const nullBytes = ascii('null')
const closeBrace = ascii('}')
const key = {
  group: ascii('{"group":'),
  status: ascii(',"status":'),
  totalLag: ascii(',"totallag":'),
  partitions: ascii(',"partition_count":'),
  complete: ascii(',"complete":'),
  lastCommit: ascii(',"last_commit":'),
  since: ascii(',"since":'),
  maxlag: ascii(',"maxlag":'),
  topic: ascii('{"topic":'),
  partition: ascii(',"partition":'),
  currentLag: ascii(',"current_lag":'),
  owner: ascii(',"owner":'),
  clientId: ascii(',"client_id":')
} as const
