/**
 * The two entropy codes of Zstandard (RFC 8878 section 4): FSE tables and Huffman trees, and the bit streams that are read
 * from their end. Throws Error on bad input; every loop is bounded by the size of a table (512 entries at most, 2048 for Huffman).
 */

/** State i: symbol, bits to read, and what to add to them for the next state. */
export interface FseTable {
  readonly accuracyLog: number
  readonly symbols: Uint8Array
  readonly bits: Uint8Array
  readonly nextStates: Uint16Array
}

/** Index = the next maxBits bits of the stream. */
export interface HuffmanTable {
  readonly maxBits: number
  readonly symbols: Uint8Array
  readonly bits: Uint8Array
}

const huffmanBitsMax = 11
const weightLogMax = 6

/** Bits from the end of bytes[from, to) to its start; the highest set bit of the last byte only marks where they begin. */
export class BackwardBits {
  /** Bits left; below 0 after a read that went past the start, where zeros are read. */
  left: number
  private readonly bytes: Uint8Array
  private readonly from: number
  private readonly to: number

  constructor(bytes: Uint8Array, from: number, to: number) {
    const last = to > from ? bytes[to - 1]! : 0
    if (last === 0) throw new Error('bit stream has no end mark')
    this.bytes = bytes
    this.from = from
    this.to = to
    this.left = (to - from - 1) * 8 + highestBit(last)
  }

  /** 0 to 31 bits. */
  read(count: number): number {
    if (count > 16) return this.read(count - 16) * 0x1_0000 + this.read(16)
    const value = this.peek(count)
    this.left -= count
    return value
  }

  /** 0 to 16 bits. */
  peek(count: number): number {
    const at = this.left - count
    if (at < 0) return this.left <= 0 ? 0 : (this.three(0) & ((1 << this.left) - 1)) << -at
    return (this.three(at >>> 3) >>> (at & 7)) & ((1 << count) - 1)
  }

  private three(index: number): number {
    const at = this.from + index
    const { bytes, to } = this
    return bytes[at]! | (at + 1 < to ? bytes[at + 1]! << 8 : 0) | (at + 2 < to ? bytes[at + 2]! << 16 : 0)
  }
}

/** Table description at `at` (RFC 8878 section 4.1.1); answers also the place after it. */
export function readFseTable(
  bytes: Uint8Array,
  at: number,
  end: number,
  accuracyLogMax: number,
  symbolMax: number
): { table: FseTable; end: number } {
  let bit = 0
  const peek = (count: number): number => {
    let value = 0
    for (let index = 0; index < 3; index++)
      value |= (bytes[Math.min(at + (bit >>> 3) + index, end - 1)] ?? 0) << (8 * index)
    return (value >>> (bit & 7)) & ((1 << count) - 1)
  }
  const accuracyLog = peek(4) + 5
  bit += 4
  if (accuracyLog > accuracyLogMax) throw new Error(`FSE accuracy ${accuracyLog}`)
  const counts: number[] = []
  let left = 1 << accuracyLog
  while (left > 0) {
    if (counts.length > symbolMax) throw new Error('FSE table has too many symbols')
    const width = highestBit(left + 1) + 1
    const half = (1 << (width - 1)) - 1
    const shorter = (1 << width) - 1 - (left + 1)
    let value = peek(width)
    if ((value & half) < shorter) {
      bit += width - 1
      value &= half
    } else {
      bit += width
      if (value > half) value -= shorter
    }
    const count = value - 1
    counts.push(count)
    left -= Math.abs(count)
    if (count === 0) {
      let zeros: number
      do {
        zeros = peek(2)
        bit += 2
        for (let index = 0; index < zeros; index++) counts.push(0)
        if (counts.length > symbolMax) throw new Error('FSE table has too many symbols')
      } while (zeros === 3)
    }
  }
  const after = at + ((bit + 7) >>> 3)
  if (left < 0 || counts.length > symbolMax + 1 || after > end) throw new Error('bad FSE table')
  return { table: buildFseTable(counts, accuracyLog), end: after }
}

/** counts by symbol, -1 = less than one (RFC 8878 section 4.1.1); their sum is the size of the table. */
export function buildFseTable(counts: readonly number[], accuracyLog: number): FseTable {
  const size = 1 << accuracyLog
  const symbols = new Uint8Array(size)
  const bits = new Uint8Array(size)
  const nextStates = new Uint16Array(size)
  const stateBySymbol = counts.map(Math.abs)
  let high = size
  for (const [symbol, count] of counts.entries()) if (count === -1) symbols[--high] = symbol
  const step = (size >> 1) + (size >> 3) + 3
  let place = 0
  for (const [symbol, count] of counts.entries()) {
    for (let index = 0; index < count; index++) {
      symbols[place] = symbol
      // ends: step is odd, so all places come by, and there are places below `high` left
      do place = (place + step) & (size - 1)
      while (place >= high)
    }
  }
  for (let state = 0; state < size; state++) {
    const next = stateBySymbol[symbols[state]!]!++
    const width = accuracyLog - highestBit(next)
    bits[state] = width
    nextStates[state] = (next << width) - size
  }
  return { accuracyLog, symbols, bits, nextStates }
}

/** The table of one symbol that takes no bits. */
export function singleSymbolTable(symbol: number): FseTable {
  return { accuracyLog: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), nextStates: new Uint16Array(1) }
}

/** Tree description at `at` (RFC 8878 section 4.2.1); answers also the place after it. */
export function readHuffmanTable(bytes: Uint8Array, at: number, end: number): { table: HuffmanTable; end: number } {
  if (at >= end) throw new Error('Huffman tree is cut')
  const header = bytes[at]!
  const start = at + 1
  const after = start + (header < 128 ? header : (header - 126) >>> 1)
  if (after > end) throw new Error('Huffman tree is cut')
  const weights = header < 128 ? compressedWeights(bytes, start, after) : []
  for (let index = 0; header >= 128 && index < header - 127; index++) {
    const pair = bytes[start + (index >>> 1)]!
    weights.push(index % 2 === 0 ? pair >>> 4 : pair & 15)
  }
  return { table: buildHuffmanTable(weights), end: after }
}

function compressedWeights(bytes: Uint8Array, at: number, end: number): number[] {
  const { table, end: start } = readFseTable(bytes, at, end, weightLogMax, huffmanBitsMax + 1)
  const stream = new BackwardBits(bytes, start, end)
  const states = [stream.read(table.accuracyLog), stream.read(table.accuracyLog)]
  const weights: number[] = []
  // two states take turns; when the bits run out, the other one's symbol is the last
  for (let turn = 0; weights.length < 255; turn ^= 1) {
    const state = states[turn]!
    weights.push(table.symbols[state]!)
    states[turn] = table.nextStates[state]! + stream.read(table.bits[state]!)
    if (stream.left < 0) {
      weights.push(table.symbols[states[turn ^ 1]!]!)
      return weights
    }
  }
  throw new Error('too many Huffman weights')
}

/** The last weight is not written: it makes the sum a power of two. */
function buildHuffmanTable(weights: number[]): HuffmanTable {
  let sum = 0
  for (const weight of weights) {
    if (weight > huffmanBitsMax) throw new Error(`Huffman weight ${weight}`)
    sum += weight > 0 ? 1 << (weight - 1) : 0
  }
  const maxBits = sum > 0 ? highestBit(sum) + 1 : 0
  const rest = (1 << maxBits) - sum
  if (maxBits < 1 || maxBits > huffmanBitsMax || (rest & (rest - 1)) !== 0 || weights.length > 255) {
    throw new Error('bad Huffman weights')
  }
  weights.push(highestBit(rest) + 1)

  const symbols = new Uint8Array(1 << maxBits)
  const bits = new Uint8Array(1 << maxBits)
  let place = 0
  for (let weight = 1; weight <= maxBits; weight++) {
    const run = 1 << (weight - 1)
    for (const [symbol, own] of weights.entries()) {
      if (own !== weight) continue
      symbols.fill(symbol, place, place + run)
      bits.fill(maxBits + 1 - weight, place, place + run)
      place += run
    }
  }
  return { maxBits, symbols, bits }
}

/** Index of the highest set bit of a positive number. */
function highestBit(value: number): number {
  return 31 - Math.clz32(value)
}
