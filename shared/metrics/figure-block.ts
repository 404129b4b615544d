import type { Lender } from '../actor/lent-memory.ts'
import { ExpositionWriter, labelValue } from './exposition-writer.ts'

/**
 * The figures of groups, or of topics, as they were when a page of metrics was begun: what all families are rendered from. An
 * evaluator thread makes it, main keeps it until the page is done and shows it to the pool part by part. All blocks of one answer of the
 * pool lie in one piece of lent memory (lent-memory.ts), unless they are small.
 *
 *    pieces    | labels | entry from | entry to | total lag | max lag | status | commit age s | is first |      doubles
 *    entries   | topic | partition * 8 + status | lag | offset |                                                doubles
 *    text      | length | bytes ... | length | bytes ...                                    length: Uint32, little endian
 *
 * A piece is a group, or a cluster whose topics are listed, or the rest of one that did not fit into the block before (is first
 * = 0). `labels` and `topic` are places in the text: label pairs as they stand in a line. Pieces and entries are in the order of
 * the page. An entry with status 0 has no full window (`complete` below 1): no offset, no status.
 */
export interface FigureBlock {
  readonly text: Uint8Array
  readonly pieces: Float64Array
  readonly entries: Float64Array
}

export const pieceF64 = {
  labels: 0,
  from: 1,
  to: 2,
  totalLag: 3,
  maxLag: 4,
  status: 5,
  commitAgeSeconds: 6,
  isFirst: 7,
  words: 8
} as const
export const entryF64 = { topic: 0, partitionAndStatus: 1, lag: 2, offset: 3, words: 4 } as const

/** What a block comes to as lines of one family, about; so a block is what is rendered, compressed and written at a time. */
export const blockLineBytesMax = 512 * 1024
/** Name, braces, the word partition, quotes and value of a line: all but the labels' values. */
const otherLineBytes = 100
const entriesMax = Math.floor(blockLineBytesMax / otherLineBytes)
const piecesMax = entriesMax

export interface GroupLine {
  readonly totalLag: number
  readonly maxLag: number
  readonly status: number
  readonly commitAgeSeconds: number
}

/** Fills blocks, for one request. Evaluator thread. */
export class FigureBlockBuilder {
  readonly #pieces = new Float64Array(piecesMax * pieceF64.words)
  readonly #entries = new Float64Array(entriesMax * entryF64.words)
  readonly #text = new ExpositionWriter(64 * 1024)
  readonly #placeByTopic = new Map<string, number>()
  /** Most groups have one topic; then this spares the map. */
  #lastTopic: string | null = null
  #lastPlace = 0
  #piecesUsed = 0
  #entriesUsed = 0
  #lineBytes = 0
  #labels = ''
  #labelsBytes = 0
  #line: GroupLine = noLine
  #blocks: FigureBlock[] = []

  /** Begins a group; `labels` is `cluster="c",consumer_group="g"` with escaped values. */
  group(labels: string, line: GroupLine): void {
    this.#labels = labels
    this.#labelsBytes = Buffer.byteLength(labels)
    this.#line = line
    this.#piece(1)
  }

  /** Begins the topics of a cluster. */
  topics(labels: string): void {
    this.group(labels, noLine)
  }

  /** The next partition of what was begun last. `status` 0 = its window is not full. */
  entry(topic: string, partition: number, status: number, lag: number, offset: number): void {
    if (this.#entriesUsed >= entriesMax || this.#lineBytes >= blockLineBytesMax) {
      this.#close()
      this.#piece(0)
    }
    const at = this.#entriesUsed++ * entryF64.words
    const entries = this.#entries
    entries[at + entryF64.topic] = this.#placeOfTopic(topic)
    entries[at + entryF64.partitionAndStatus] = partition * 8 + status
    entries[at + entryF64.lag] = lag
    entries[at + entryF64.offset] = offset
    this.#pieces[(this.#piecesUsed - 1) * pieceF64.words + pieceF64.to] = this.#entriesUsed
    this.#lineBytes += this.#labelsBytes + topic.length + otherLineBytes
  }

  /** The blocks since the last call. */
  finish(): FigureBlock[] {
    if (this.#piecesUsed > 0) this.#close()
    const blocks = this.#blocks
    this.#blocks = []
    return blocks
  }

  #piece(isFirst: 0 | 1): void {
    if (this.#piecesUsed >= piecesMax || this.#lineBytes >= blockLineBytesMax) this.#close()
    const { totalLag, maxLag, status, commitAgeSeconds } = this.#line
    const at = this.#piecesUsed++ * pieceF64.words
    const pieces = this.#pieces
    pieces[at + pieceF64.labels] = this.#place(this.#labels)
    pieces[at + pieceF64.from] = this.#entriesUsed
    pieces[at + pieceF64.to] = this.#entriesUsed
    pieces[at + pieceF64.totalLag] = totalLag
    pieces[at + pieceF64.maxLag] = maxLag
    pieces[at + pieceF64.status] = status
    pieces[at + pieceF64.commitAgeSeconds] = commitAgeSeconds
    pieces[at + pieceF64.isFirst] = isFirst
    this.#lineBytes += this.#labelsBytes
  }

  #close(): void {
    this.#blocks.push({
      text: this.#text.take(),
      pieces: this.#pieces.slice(0, this.#piecesUsed * pieceF64.words),
      entries: this.#entries.slice(0, this.#entriesUsed * entryF64.words)
    })
    this.#piecesUsed = 0
    this.#entriesUsed = 0
    this.#lineBytes = 0
    this.#text.reset()
    this.#placeByTopic.clear()
    this.#lastTopic = null
  }

  #placeOfTopic(topic: string): number {
    if (topic === this.#lastTopic) return this.#lastPlace
    let place = this.#placeByTopic.get(topic)
    if (place === undefined) {
      place = this.#place(`",topic="${labelValue(topic)}"} `)
      this.#placeByTopic.set(topic, place)
    }
    this.#lastTopic = topic
    this.#lastPlace = place
    return place
  }

  #place(label: string): number {
    const text = this.#text
    const place = text.length
    const room = label.length * 3
    text.reserve(4 + room)
    const { written } = encoder.encodeInto(label, text.bytes.subarray(place + 4))
    for (let shift = 0; shift < 4; shift++) text.bytes[place + shift] = (written >>> (8 * shift)) & 0xff
    text.length = place + 4 + written
    return place
  }
}

/** The same blocks in memory that is to be given back. */
export function lendBlocks(lender: Lender, blocks: readonly FigureBlock[]): readonly FigureBlock[] {
  const parts = blocks.flatMap(({ text, pieces, entries }) => [text, bytesOf(pieces), bytesOf(entries)])
  const lent = lender.lend(parts.map(({ length }) => length))
  if (!lent) return blocks
  for (const [index, part] of parts.entries()) lent[index]!.set(part)
  return blocks.map((_, index) => ({
    text: lent[3 * index]!,
    pieces: numbersOf(lent[3 * index + 1]!),
    entries: numbersOf(lent[3 * index + 2]!)
  }))
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function numbersOf({ buffer, byteOffset, byteLength }: Uint8Array): Float64Array {
  return new Float64Array(buffer, byteOffset, byteLength / Float64Array.BYTES_PER_ELEMENT)
}

/** `cluster="c",consumer_group="g"`, or without a group. */
export function labelPairs(cluster: string, group?: string): string {
  const pair = `cluster="${labelValue(cluster)}"`
  return group === undefined ? pair : `${pair},consumer_group="${labelValue(group)}"`
}

/** Bytes of the label at that place of the text; they begin `labelHeadBytes` after it. */
export function labelLength(text: Uint8Array, place: number): number {
  return text[place]! | (text[place + 1]! << 8) | (text[place + 2]! << 16) | (text[place + 3]! << 24)
}
export const labelHeadBytes = 4

const encoder = new TextEncoder()
const noLine: GroupLine = { totalLag: 0, maxLag: 0, status: 0, commitAgeSeconds: 0 }
