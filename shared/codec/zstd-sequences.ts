import { copyBack, type GrowingOutput } from './growing-output.ts'
import { BackwardBits, buildFseTable, type FseTable, readFseTable, singleSymbolTable } from './zstd-entropy.ts'
import { blockBytesMax, type FrameState, littleEndian, needUpTo } from './zstd-input.ts'

/** How many more bits a length code takes (RFC 8878 section 3.1.1.3.2.1.1); the codes' first values follow from that. */
const literalBits = [...Array<number>(16).fill(0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
const matchBits = [...Array<number>(32).fill(0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
const literalBase = basesOf(literalBits, 0)
const matchBase = basesOf(matchBits, 3)
/** Distances of 2^28 and more are beyond any limit of ours. */
const offsetCodeMax = 27

const literalDefault = [
  4,
  3,
  ...Array<number>(11).fill(2),
  1,
  1,
  1,
  ...Array<number>(9).fill(2),
  3,
  2,
  1,
  1,
  1,
  1,
  1,
  -1,
  -1,
  -1,
  -1
]
const offsetDefault = [1, 1, 1, 1, 1, 1, 2, 2, 2, ...Array<number>(15).fill(1), -1, -1, -1, -1, -1]
const matchDefault = [1, 4, 3, 2, 2, 2, 2, 2, 2, ...Array<number>(37).fill(1), ...Array<number>(7).fill(-1)]

/** In the order in which a block describes them. */
const kinds = [
  { accuracyLogMax: 9, symbolMax: literalBits.length - 1, usual: buildFseTable(literalDefault, 6) },
  { accuracyLogMax: 8, symbolMax: 31, usual: buildFseTable(offsetDefault, 5) },
  { accuracyLogMax: 9, symbolMax: matchBits.length - 1, usual: buildFseTable(matchDefault, 6) }
]

/**
 * Sequences (RFC 8878 section 3.1.1.3.2): copy some literals, then a match from before. A match is three bytes at least and a block
 * 128 KiB at most, which bounds the loop whatever count it has.
 */
export function readSequences(
  bytes: Uint8Array,
  from: number,
  end: number,
  state: FrameState,
  literals: Uint8Array,
  output: GrowingOutput
): void {
  const { count, at } = sequenceCount(bytes, from, end)
  const target = output.bytes
  const limit = Math.min(target.length, output.length + blockBytesMax)
  let out = output.length
  let literalAt = 0
  if (count > 0) {
    const start = readTables(bytes, at, end, state)
    const [literalTable, offsetTable, matchTable] = state.tables as [FseTable, FseTable, FseTable]
    const stream = new BackwardBits(bytes, start, end)
    let literalState = stream.read(literalTable.accuracyLog)
    let offsetState = stream.read(offsetTable.accuracyLog)
    let matchState = stream.read(matchTable.accuracyLog)
    for (let index = 0; index < count; index++) {
      const offsetCode = offsetTable.symbols[offsetState]!
      const matchCode = matchTable.symbols[matchState]!
      const literalCode = literalTable.symbols[literalState]!
      if (offsetCode > offsetCodeMax) throw new Error(`offset code ${offsetCode}`)
      const offsetValue = 2 ** offsetCode + stream.read(offsetCode)
      const matchLength = matchBase[matchCode]! + stream.read(matchBits[matchCode]!)
      const literalLength = literalBase[literalCode]! + stream.read(literalBits[literalCode]!)
      if (index < count - 1) {
        literalState = literalTable.nextStates[literalState]! + stream.read(literalTable.bits[literalState]!)
        matchState = matchTable.nextStates[matchState]! + stream.read(matchTable.bits[matchState]!)
        offsetState = offsetTable.nextStates[offsetState]! + stream.read(offsetTable.bits[offsetState]!)
      }
      if (stream.left < 0) throw new Error('sequences are cut')

      const distance = distanceOf(offsetValue, literalLength, state.repeats)
      if (literalLength > literals.length - literalAt || literalLength + matchLength > limit - out) {
        throw new Error('sequence is too long')
      }
      target.set(literals.subarray(literalAt, literalAt + literalLength), out)
      literalAt += literalLength
      out += literalLength
      if (distance < 1 || distance > out - state.start) throw new Error('match from outside')
      copyBack(target, out, distance, matchLength)
      out += matchLength
    }
    if (stream.left !== 0) throw new Error('sequences have another size')
  }
  if (literals.length - literalAt > limit - out) throw new Error('literals are too long')
  target.set(literals.subarray(literalAt), out)
  output.length = out + literals.length - literalAt
}

function sequenceCount(bytes: Uint8Array, at: number, end: number): { count: number; at: number } {
  needUpTo(at + 1, end)
  const first = bytes[at]!
  if (first < 128) {
    if (first === 0 && at + 1 !== end) throw new Error('bytes after no sequences')
    return { count: first, at: at + 1 }
  }
  if (first < 255) {
    needUpTo(at + 2, end)
    return { count: ((first - 128) << 8) | bytes[at + 1]!, at: at + 2 }
  }
  needUpTo(at + 3, end)
  return { count: littleEndian(bytes, at + 1, 2) + 0x7f00, at: at + 3 }
}

/** One byte says for each table: 0 the usual one, 1 a single symbol, 2 described here, 3 that of the block before. */
function readTables(bytes: Uint8Array, from: number, end: number, state: FrameState): number {
  needUpTo(from + 1, end)
  const modes = bytes[from]!
  if ((modes & 3) !== 0) throw new Error('reserved bits of the modes')
  let at = from + 1
  for (const [index, kind] of kinds.entries()) {
    const mode = (modes >>> (6 - 2 * index)) & 3
    if (mode === 0) state.tables[index] = kind.usual
    else if (mode === 1) {
      needUpTo(at + 1, end)
      const symbol = bytes[at++]!
      if (symbol > kind.symbolMax) throw new Error(`symbol ${symbol}`)
      state.tables[index] = singleSymbolTable(symbol)
    } else if (mode === 2) {
      const read = readFseTable(bytes, at, end, kind.accuracyLogMax, kind.symbolMax)
      state.tables[index] = read.table
      at = read.end
    } else if (state.tables[index] === undefined) throw new Error('no table before')
  }
  return at
}

/** Values 1 to 3 are one of the last three distances; without literals before the match, they mean the next one (section 3.1.1.5). */
function distanceOf(value: number, literalLength: number, repeats: [number, number, number]): number {
  const [first, second, third] = repeats
  if (value > 3) {
    repeats[2] = second
    repeats[1] = first
    repeats[0] = value - 3
    return value - 3
  }
  const which = value - 1 + (literalLength === 0 ? 1 : 0)
  if (which === 0) return first
  const distance = which === 1 ? second : which === 2 ? third : first - 1
  if (which > 1) repeats[2] = second
  repeats[1] = first
  repeats[0] = distance
  return distance
}

function basesOf(bits: readonly number[], first: number): number[] {
  let next = first
  return bits.map(count => {
    const base = next
    next += 2 ** count
    return base
  })
}
