import type { ApiRange } from './version-choice.ts'
import { WireReader } from './wire-reader.ts'
import { WireWriter } from './wire-writer.ts'

/**
 * ListOffsets: first and end offsets of partitions (Kafka's ListOffsetsRequest.json). Any thread.
 *
 *   request   replica -1   v2+ isolation   topics [name, partitions [index, v4+ leader epoch, timestamp]]
 *   answer    v2+ throttle   topics [name, partitions [index, error, timestamp, offset, v4+ leader epoch]]
 *
 * Made for a whole broker at once: the request is built once and sent again and again, the answer goes into arrays
 * that are used again. 200,000 partitions a sweep must not make 200,000 objects.
 */
export const listOffsetsApi: ApiRange = { key: 2, name: 'ListOffsets', minVersion: 1, maxVersion: 5 }

/** Which offset is asked for; anything from 0 on is a time in ms. */
export const OffsetOf = { end: -1, start: -2 } as const

const readUncommitted = 0
const noLeaderEpoch = -1

/** One topic of a request: the partitions that the broker leads. */
export interface WantedOffsets {
  readonly topic: string
  readonly partitions: ArrayLike<number>
}

/** End offsets are high watermarks: isolation is always read_uncommitted (spec 09, E12). */
export function encodeListOffsetsRequest(
  version: number,
  wanted: readonly WantedOffsets[],
  timestampMs: number
): Uint8Array {
  const writer = new WireWriter(
    wanted.reduce((sum, { topic, partitions }) => sum + topic.length + partitions.length * 16 + 8, 16)
  )
  writer.int32(-1)
  if (version >= 2) writer.int8(readUncommitted)
  writer.int32(wanted.length)
  for (const { topic, partitions } of wanted) {
    writer.string(topic, false).int32(partitions.length)
    for (let i = 0; i < partitions.length; i++) {
      writer.int32(partitions[i]!)
      if (version >= 4) writer.int32(noLeaderEpoch)
      writer.int64(timestampMs)
    }
  }
  return writer.finish()
}

/** An answer, `count` rows. `topics` are indices into the list that the request was made from. */
export class ListOffsetsAnswer {
  count = 0
  topics = new Int32Array(64)
  partitions = new Int32Array(64)
  errorCodes = new Int16Array(64)
  /** NaN: beyond ±(2^53 - 1). -1: no such record. */
  offsets = new Float64Array(64)

  reset(): void {
    this.count = 0
  }

  add(topic: number, partition: number, errorCode: number, offset: number): void {
    const row = this.count++
    if (row === this.topics.length) this.#grow()
    this.topics[row] = topic
    this.partitions[row] = partition
    this.errorCodes[row] = errorCode
    this.offsets[row] = offset
  }

  #grow(): void {
    this.topics = grown(this.topics, new Int32Array(this.topics.length * 2))
    this.partitions = grown(this.partitions, new Int32Array(this.partitions.length * 2))
    this.errorCodes = grown(this.errorCodes, new Int16Array(this.errorCodes.length * 2))
    this.offsets = grown(this.offsets, new Float64Array(this.offsets.length * 2))
  }
}

function grown<T extends Int32Array | Int16Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/**
 * Puts the answer into `answer` (emptied first). `topicNames` are the UTF-8 names of the request's topics in its order;
 * brokers mostly answer in that order, so the next name is tried before all are looked through. A topic that was not
 * asked for is refused.
 */
export function decodeListOffsets(
  bytes: Uint8Array,
  version: number,
  topicNames: readonly Uint8Array[],
  answer: ListOffsetsAnswer
): void {
  answer.reset()
  const reader = new WireReader(bytes, `ListOffsets v${version}`)
  const bytesEach = version >= 4 ? 26 : 22
  if (version >= 2) reader.int32('throttle_time_ms')
  let expected = 0
  let indexByName: Map<string, number> | null = null
  for (let left = reader.count('topics', false, 6); left > 0; left--) {
    const length = reader.int16('name')
    const nameAt = reader.skip(length, 'name')
    let topic = expected
    if (!sameBytes(reader.bytes, nameAt, length, topicNames[topic])) {
      indexByName ??= new Map(topicNames.map((name, index) => [Buffer.from(name).toString('utf8'), index]))
      const name = Buffer.from(reader.bytes.buffer, reader.bytes.byteOffset + nameAt, length).toString('utf8')
      topic = indexByName.get(name) ?? reader.refuse('name', 'a topic that was not asked for')
    }
    expected = topic + 1
    const count = reader.count('partitions', false, bytesEach)
    let at = reader.skip(count * bytesEach, 'partitions')
    const { view } = reader
    for (let i = 0; i < count; i++, at += bytesEach) {
      const offset = view.getInt32(at + 14) * 4_294_967_296 + view.getUint32(at + 18)
      const exact = Number.isSafeInteger(offset) ? offset : Number.NaN
      answer.add(topic, view.getInt32(at), view.getInt16(at + 4), exact)
    }
  }
}

function sameBytes(bytes: Uint8Array, at: number, length: number, name: Uint8Array | undefined): boolean {
  if (!name || name.length !== length) return false
  for (let i = 0; i < length; i++) if (bytes[at + i] !== name[i]) return false
  return true
}
