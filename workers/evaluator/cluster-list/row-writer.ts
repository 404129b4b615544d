import { type GroupOrder, type RowBlock, rowKeyF64 } from '../../../shared/actor/evaluator-tasks.ts'
import { ascii, asciiPiece, ByteWriter } from '../../../shared/json/byte-writer.ts'
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
  readonly #sort: GroupOrder | undefined

  /** Without `sort`: worst first. */
  constructor(sort?: GroupOrder) {
    this.#sort = sort
  }

  /** `lastCommitMs` 0 = never. */
  add(status: ConsumerGroupStatus, lastCommitMs: number, worseOrEqual: StatusConstant): void {
    const place = status.status - StatusConstant.OK
    if (place === 0 || place === 1 || place === 2) this.#counts[place]++
    if (status.status < worseOrEqual) return
    this.#matched++
    writeRow(this.#writer, status, lastCommitMs)
    this.#keys.push(...sortKeys(this.#sort, status, lastCommitMs), this.#writer.length)
  }

  /** Only the first `rowsMax`, in the order of the list; the rest is counted. */
  finish(rowsMax: number): RowBlock {
    const all = { keys: new Float64Array(this.#keys), text: this.#writer.bytes }
    const places = inOrder([all]).slice(0, rowsMax)
    const keys = new Float64Array(places.length * rowKeyF64.words)
    const textBytes = places.reduce((sum, place) => sum + place.to - place.from, 0)
    const text = new Uint8Array(textBytes)
    let end = 0
    let at = 0
    const written = all.text
    for (const { first, second, from, to } of places) {
      for (let index = from; index < to; index++) text[end++] = written[index]!
      keys[at + rowKeyF64.first] = first
      keys[at + rowKeyF64.second] = second
      keys[at + rowKeyF64.end] = end
      at += rowKeyF64.words
    }
    return { keys, text, counts: this.#counts, matched: this.#matched }
  }
}

/** Where a row is, and what it is sorted by. */
export interface RowPlace {
  readonly first: number
  readonly second: number
  readonly text: Uint8Array
  readonly from: number
  readonly to: number
}

/** By their keys, larger ones first; what is equal in both stays in the order of the blocks, which is that of the names. */
export function inOrder(blocks: readonly Pick<RowBlock, 'keys' | 'text'>[]): RowPlace[] {
  const places: RowPlace[] = []
  for (const { keys, text } of blocks) {
    let from = 0
    for (let at = 0; at < keys.length; at += rowKeyF64.words) {
      const to = keys[at + rowKeyF64.end]!
      places.push({ first: keys[at + rowKeyF64.first]!, second: keys[at + rowKeyF64.second]!, text, from, to })
      from = to
    }
  }
  return places.sort((a, b) => b.first - a.first || b.second - a.second)
}

function sortKeys(
  sort: GroupOrder | undefined,
  { status, totalLag }: ConsumerGroupStatus,
  lastMs: number
): [number, number] {
  if (sort === 'name') return [0, 0]
  if (sort === 'lag') return [totalLag, status]
  return sort === 'commit' ? [-lastMs, status] : [status, totalLag]
}

/** One group, as in all lists (docs/explain.md). `lastCommitMs` 0 = never. */
export function writeRow(writer: ByteWriter, status: ConsumerGroupStatus, lastCommitMs: number): void {
  const { maxlag } = status
  writer.piece(key.group)
  writer.string(status.group)
  writer.piece(key.status)
  writer.raw(statusBytes(status.status))
  writer.piece(key.totalLag)
  writer.integer(status.totalLag)
  writer.piece(key.partitions)
  writer.integer(status.totalPartitions)
  writer.piece(key.complete)
  writer.float32(status.complete)
  writer.piece(key.lastCommit)
  writeTime(writer, lastCommitMs > 0 ? lastCommitMs : null)
  writer.piece(key.since)
  writeTime(writer, sinceMs(status))
  writer.piece(key.maxlag)
  if (maxlag === null) writer.raw(nullBytes)
  else {
    writer.piece(key.topic)
    writer.string(maxlag.topic)
    writer.piece(key.partition)
    writer.integer(maxlag.partition)
    writer.piece(key.status)
    writer.raw(statusBytes(maxlag.status))
    writer.piece(key.currentLag)
    writer.integer(maxlag.currentLag)
    writer.piece(key.owner)
    writer.string(maxlag.owner)
    writer.piece(key.clientId)
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
  group: asciiPiece('{"group":'),
  status: asciiPiece(',"status":'),
  totalLag: asciiPiece(',"totallag":'),
  partitions: asciiPiece(',"partition_count":'),
  complete: asciiPiece(',"complete":'),
  lastCommit: asciiPiece(',"last_commit":'),
  since: asciiPiece(',"since":'),
  maxlag: asciiPiece(',"maxlag":'),
  topic: asciiPiece('{"topic":'),
  partition: asciiPiece(',"partition":'),
  currentLag: asciiPiece(',"current_lag":'),
  owner: asciiPiece(',"owner":'),
  clientId: asciiPiece(',"client_id":')
} as const
