/**
 * What `ByteWriter` is made of, for loops in which a call and three fields of an object for every few bytes count: each function writes at
 * `at` and says where to go on. There must be room for what it writes and seven bytes more. Any thread.
 */

/**
 * A constant piece of JSON: little-endian words, the last one filled up with zeros. That they are seen as doubles harms no byte: only NaN may
 * change when it is copied, and its bytes (7f after f0 or more, or ff) are nowhere in UTF-8.
 */
export interface Piece {
  readonly words: Float64Array
  /** Bytes of the text. */
  readonly length: number
}

export function putPiece(view: DataView, at: number, { words, length }: Piece): number {
  for (let index = 0; index < words.length; index++) view.setFloat64(at + index * 8, words[index]!, true)
  return at + length
}

/** Of `putInteger`, with what it writes behind its end. */
export const integerBytesMax = 24

/** An integer below 1e21. Half-written memory may hold anything: of what is no such number nothing is written. */
export function putInteger(view: DataView, at: number, value: number): number {
  if (!Number.isSafeInteger(value)) return putLarge(view, at, value)
  let rest = value
  let from = at
  if (rest < 0) {
    view.setUint8(from++, minus)
    rest = -rest
  }
  if (rest < 1e8) return putLeading(view, from, rest | 0)
  // Eight digits at a time fit 32-bit arithmetic; at most 16 digits in all.
  const high = Math.floor(rest / 1e8)
  const after = putLeading(view, from, high | 0)
  const low = (rest - high * 1e8) | 0
  const upper = (low / 1e4) | 0
  view.setUint32(after, digitsByFour[upper]!, true)
  view.setUint32(after + 4, digitsByFour[low - upper * 1e4]!, true)
  return after + 8
}

/** The double as it is, in full. */
function putLarge(view: DataView, at: number, value: number): number {
  if (!Number.isInteger(value) || Math.abs(value) >= 1e21) return at
  const digits = BigInt(value).toString()
  for (let index = 0; index < digits.length; index++) view.setUint8(at + index, digits.charCodeAt(index))
  return at + digits.length
}

/** Below 1e8, without zeros in front. */
function putLeading(view: DataView, at: number, value: number): number {
  if (value < 1e4) return putLeadingFour(view, at, value)
  const high = (value / 1e4) | 0
  const after = putLeadingFour(view, at, high)
  view.setUint32(after, digitsByFour[value - high * 1e4]!, true)
  return after + 4
}

function putLeadingFour(view: DataView, at: number, value: number): number {
  const count = value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4
  view.setUint32(at, digitsByFour[value]! >>> (32 - count * 8), true)
  return at + count
}

const minus = 0x2d
/** The digits of 0000 to 9999, the first one in the low byte. */
const digitsByFour = Uint32Array.from({ length: 10_000 }, (_, value) => {
  const thousands = Math.floor(value / 1000)
  const hundreds = Math.floor(value / 100) % 10
  const tens = Math.floor(value / 10) % 10
  return 0x30303030 + thousands + (hundreds << 8) + (tens << 16) + ((value % 10) << 24)
})
