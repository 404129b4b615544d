import type { FseTable, HuffmanTable } from './zstd-entropy.ts'

/** What the parts of the Zstandard decoder share. */

export const blockBytesMax = 128 * 1024

/** What a block leaves to the next one of its frame. */
export interface FrameState {
  readonly start: number
  huffman: HuffmanTable | undefined
  /** Literal lengths, offsets, match lengths. */
  readonly tables: (FseTable | undefined)[]
  /** The last three distances. */
  readonly repeats: [number, number, number]
}

export function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  need(bytes, at, count)
  let value = 0
  for (let index = count - 1; index >= 0; index--) value = value * 256 + bytes[at + index]!
  return value
}

export function need(bytes: Uint8Array, at: number, count: number): void {
  if (count > bytes.length - at) throw new Error('input is cut')
}

export function needUpTo(place: number, end: number): void {
  if (place > end) throw new Error('block is cut')
}
