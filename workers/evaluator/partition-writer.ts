import type { TopicDirectory } from '../../shared/actor/storage-messages.ts'
import { asciiPiece, ByteWriter } from '../../shared/json/byte-writer.ts'
import { putInteger, putPiece } from '../../shared/json/put-bytes.ts'
import type { StatusConstant } from '../../shared/protocol/status.ts'
import { statusToText } from '../../shared/protocol/status.ts'
import { commitF64, summaryAt, summaryU16, unknownLag, windowAt } from '../../shared/ring/ring-layout.ts'
import type { SlabView } from '../../shared/ring/slabs.ts'
import { completeOf } from '../../shared/rules/evaluate.ts'

/**
 * The JSON of a partition's status, byte for byte that of shared/json/write-consumer.ts, straight from the rings: no object, no string
 * and few large pieces, since a lagging group shows hundreds of partitions. Evaluator thread.
 *
 *    {"topic":"orders","partition": 12 ,"owner":"","client_id":"","status":"STALL","start": {"offset": 900 ,"timestamp": ...
 *   |------------------------------|  |---------------------------------------------------|----------|
 *    once a topic, then its bytes      one piece for every status; with an owner,          constants
 *    are copied                        pieces and two strings
 *
 *    ... ,"lag": 5 },"end":{"offset": 910 , ... ,"lag": 4 },"current_lag": 4 ,"complete":1}
 *
 * A window without a commit has null for start and end.
 */
export class PartitionWriter {
  readonly writer = new ByteWriter()
  readonly #intervals: number
  #topic: TopicDirectory = noTopic
  /** Where the topic's first piece stands in the writer; -1 = not yet. */
  #nameFrom = -1
  #nameLength = 0

  constructor(intervals: number) {
    this.#intervals = intervals
  }

  /** The partitions that are written from now on are of this topic. */
  begin(topic: TopicDirectory): void {
    this.#topic = topic
    this.#nameFrom = -1
  }

  /** Inside a `readRun` body: the bytes count only if that read ended well. */
  write(slab: SlabView, partition: number, status: StatusConstant, currentLag: number): void {
    const { writer } = this
    const topic = this.#topic
    const intervals = this.#intervals
    this.#writeName()
    writer.integer(partition)
    const owner = topic.owners?.[partition] ?? ''
    const clientId = topic.clientIds?.[partition] ?? ''
    if (owner === '' && clientId === '') writer.piece(ownerlessByStatus[status]!)
    else {
      writer.piece(keys.owner)
      writer.string(owner)
      writer.piece(keys.clientId)
      writer.string(clientId)
      writer.piece(ownedByStatus[status]!)
    }
    const { at: run, partitions } = topic.windows
    const u16 = summaryAt(run, partition) >> 1
    const count = Math.min(slab.u16[u16 + summaryU16.count]!, intervals)
    const view = writer.room(windowBytesMax)
    let at = writer.length
    if (count === 0) at = putPiece(view, at, keys.noCommits)
    else {
      const next = slab.u16[u16 + summaryU16.next]!
      const window = windowAt(run, partitions, partition, intervals)
      at = putPiece(view, at, keys.offset)
      at = putCommit(view, at, slab, window, (next - count + intervals) % intervals, intervals)
      at = putPiece(view, at, keys.end)
      at = putCommit(view, at, slab, window, (next - 1 + intervals) % intervals, intervals)
      at = putPiece(view, at, keys.currentLag)
    }
    at = putInteger(view, at, currentLag)
    writer.length = putPiece(view, at, count === intervals ? keys.complete : keys.share)
    if (count === intervals) return
    writer.float32(completeOf(count, intervals))
    writer.byte(closeBrace)
  }

  #writeName(): void {
    const { writer } = this
    if (this.#nameFrom !== -1) {
      writer.again(this.#nameFrom, this.#nameLength)
      return
    }
    this.#nameFrom = writer.length
    writer.piece(keys.topic)
    writer.string(this.#topic.topic)
    writer.piece(keys.partition)
    this.#nameLength = writer.length - this.#nameFrom
  }
}

/** From its offset to its lag, without the braces. */
function putCommit(
  view: DataView,
  from: number,
  { f64, u32 }: SlabView,
  window: number,
  slot: number,
  intervals: number
): number {
  const commit = (window >> 3) + slot * commitF64.words
  let at = putInteger(view, from, f64[commit + commitF64.offset]!)
  at = putPiece(view, at, keys.timestamp)
  at = putInteger(view, at, f64[commit + commitF64.timestampMs]!)
  at = putPiece(view, at, keys.observedAt)
  at = putInteger(view, at, u32[(window >> 2) + intervals * commitF64.words * 2 + slot]! * 1000)
  const lag = f64[commit + commitF64.lag]!
  if (lag === unknownLag) return putPiece(view, at, keys.noLag)
  at = putPiece(view, at, keys.lag)
  return putInteger(view, at, lag)
}

/** Beyond nine numbers of the longest and all pieces between them. */
const windowBytesMax = 512
const noTopic: TopicDirectory = {
  topic: '',
  windows: { slab: 0, at: 0, generation: 0, partitions: 0 },
  endOffsets: null,
  owners: null,
  clientIds: null
}
const closeBrace = 0x7d
const keys = {
  topic: asciiPiece('{"topic":'),
  partition: asciiPiece(',"partition":'),
  owner: asciiPiece(',"owner":'),
  clientId: asciiPiece(',"client_id":'),
  noCommits: asciiPiece('null,"end":null,"current_lag":'),
  offset: asciiPiece('{"offset":'),
  timestamp: asciiPiece(',"timestamp":'),
  observedAt: asciiPiece(',"observedAt":'),
  lag: asciiPiece(',"lag":'),
  noLag: asciiPiece(',"lag":null'),
  end: asciiPiece('},"end":{"offset":'),
  currentLag: asciiPiece('},"current_lag":'),
  complete: asciiPiece(',"complete":1}'),
  share: asciiPiece(',"complete":')
}
const ownedByStatus = Array.from({ length: 7 }, (_, status) =>
  asciiPiece(`,"status":"${statusToText(status)}","start":`)
)
const ownerlessByStatus = Array.from({ length: 7 }, (_, status) =>
  asciiPiece(`,"owner":"","client_id":"","status":"${statusToText(status)}","start":`)
)
