import { integerBytesMax, type Piece, putInteger, putPiece } from './put-bytes.ts'

/**
 * Writes JSON as Go's encoding/json does (spec 01 section 5.7), byte for byte, into one growing Uint8Array. Faster than
 * JSON.stringify and encoding: no string is built, and the numbers come straight from shared memory. Any thread; not shared.
 */
export class ByteWriter {
  bytes: Uint8Array
  length = 0
  #view: DataView

  constructor(capacity = 4096) {
    this.bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.bytes.buffer)
  }

  /** Empties the writer; its memory is kept, unless it is more than so much. */
  reset(bytesKept = Number.POSITIVE_INFINITY): void {
    this.length = 0
    if (this.bytes.length > bytesKept) this.#use(new Uint8Array(4096))
  }

  /** A copy in a buffer of exactly its size, fit to be transferred. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }

  /** Leaves so many bytes open, to be written later. */
  skip(bytes: number): void {
    this.#reserve(bytes)
    this.length += bytes
  }

  /** Bytes as they are; see `ascii`. */
  raw(source: Uint8Array): void {
    this.#reserve(source.length)
    const { bytes, length } = this
    // A loop for what is short: there `set` costs more than the copying.
    if (source.length > 64) bytes.set(source, length)
    else for (let index = 0; index < source.length; index++) bytes[length + index] = source[index]!
    this.length = length + source.length
  }

  /** The same for a constant piece, in a fraction of the time: eight bytes at once, so up to seven after its end are written too. */
  piece(piece: Piece): void {
    this.#reserve(piece.words.length * 8)
    this.length = putPiece(this.#view, this.length, piece)
  }

  /** Its memory, with room for so many bytes after `length`, for put-bytes.ts; who writes there sets `length`. Until the next call of any method. */
  room(bytes: number): DataView {
    this.#reserve(bytes)
    return this.#view
  }

  /** Once more what stands at `from`, `length` bytes of whole characters; as `piece` does it. */
  again(from: number, length: number): void {
    this.#reserve(length + 8)
    const view = this.#view
    const at = this.length
    for (let done = 0; done < length; done += 8) view.setFloat64(at + done, view.getFloat64(from + done, true), true)
    this.length = at + length
  }

  byte(value: number): void {
    this.#reserve(1)
    this.bytes[this.length++] = value
  }

  /** A JSON string with its quotes. */
  string(value: string): void {
    this.#reserve(value.length * escapedUnitBytesMax + 2)
    const { bytes } = this
    let at = this.length
    bytes[at++] = quote
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index)
      if (unit < 0x80) {
        const escaped = escapeByAscii[unit]!
        if (escaped === null) bytes[at++] = unit
        else for (let part = 0; part < escaped.length; part++) bytes[at++] = escaped[part]!
      } else if (unit < 0x800) {
        bytes[at++] = 0xc0 | (unit >> 6)
        bytes[at++] = 0x80 | (unit & 0x3f)
      } else if (isSurrogate(unit)) {
        const point = value.codePointAt(index)!
        if (point < 0x10000) {
          for (let part = 0; part < replacement.length; part++) bytes[at++] = replacement[part]!
        } else {
          bytes[at++] = 0xf0 | (point >> 18)
          bytes[at++] = 0x80 | ((point >> 12) & 0x3f)
          bytes[at++] = 0x80 | ((point >> 6) & 0x3f)
          bytes[at++] = 0x80 | (point & 0x3f)
          index++
        }
      } else if (unit === 0x2028 || unit === 0x2029) {
        const escaped = unit === 0x2028 ? lineSeparator : paragraphSeparator
        for (let part = 0; part < escaped.length; part++) bytes[at++] = escaped[part]!
      } else {
        bytes[at++] = 0xe0 | (unit >> 12)
        bytes[at++] = 0x80 | ((unit >> 6) & 0x3f)
        bytes[at++] = 0x80 | (unit & 0x3f)
      }
    }
    bytes[at++] = quote
    this.length = at
  }

  /** An integer. Exact within ±(2^53 - 1); a sum beyond that is written as the double it is, in full. */
  integer(value: number): void {
    this.#reserve(integerBytesMax)
    if (Number.isSafeInteger(value)) this.length = putInteger(this.#view, this.length, value)
    else this.raw(ascii(BigInt(value).toString()))
  }

  /** A 32-bit float in the shortest form that reads back to it. */
  float32(value: number): void {
    if (value === 0 || value === 1) this.byte(value === 0 ? zero : zero + 1)
    else this.raw(float32Bytes(value))
  }

  #reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more))
    grown.set(this.bytes.subarray(0, this.length))
    this.#use(grown)
  }

  #use(bytes: Uint8Array): void {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }
}

/** The bytes of a constant piece of JSON. */
export function ascii(text: string): Uint8Array {
  return encoder.encode(text)
}

export function asciiPiece(text: string): Piece {
  const bytes = ascii(text)
  const view = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 8) * 8))
  for (const [index, byte] of bytes.entries()) view.setUint8(index, byte)
  const words = Float64Array.from({ length: view.byteLength / 8 }, (_, index) => view.getFloat64(index * 8, true))
  return { words, length: bytes.length }
}

/**
 * Shortest decimal of a 32-bit float, in Go's notation. JavaScript changes to exponents at the same places (below 1e-6, from
 * 1e21 on) and writes them alike.
 */
export function float32Text(value: number): string {
  const float = Math.fround(value)
  for (let precision = 1; precision < 9; precision++) {
    const shorter = roundHalfEven(float, precision)
    if (Math.fround(shorter) === float) return String(shorter)
  }
  return String(roundHalfEven(float, 9))
}

/**
 * To so many significant digits. Of two decimals equally near Go takes the one with the even last digit, toPrecision the larger:
 * 65/512 is exactly 0.126953125, Go writes 0.12695312. Except for powers of two, where Go 1.26 takes the larger as well.
 */
function roundHalfEven(value: number, precision: number): number {
  const rounded = value.toPrecision(precision)
  if (Number.isInteger(Math.log2(Math.abs(value)))) return Number(rounded)
  const exact = value.toExponential(100).replace(/e.*/, '').replace(/\D/g, '') // no float has more digits than that
  if (!/^50*$/.test(exact.slice(precision))) return Number(rounded)
  const lastDigit = Number(/\d(?=e|$)/.exec(rounded)![0])
  return lastDigit % 2 === 0 ? Number(rounded) : Number(rounded.replace(/\d(?=e|$)/, String(lastDigit - 1)))
}

const encoder = new TextEncoder()
const quote = 0x22
const zero = 0x30
/** `\u00XX` is the longest that one 16-bit unit can become. */
export const escapedUnitBytesMax = 6
const replacement = ascii('\\ufffd')
const lineSeparator = ascii('\\u2028')
const paragraphSeparator = ascii('\\u2029')

const escapeByAscii: readonly (Uint8Array | null)[] = Array.from({ length: 0x80 }, (_, unit) => escapeOf(unit))

function escapeOf(unit: number): Uint8Array | null {
  const short = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\' }[unit]
  if (short) return ascii(short)
  if (unit >= 0x20 && !'<>&'.includes(String.fromCharCode(unit))) return null
  return ascii(`\\u${unit.toString(16).padStart(4, '0')}`)
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000
}

/** Few different shares occur in practice (k/N), and finding the shortest form takes microseconds. */
const bytesByFloat = new Map<number, Uint8Array>()
const bytesByFloatMax = 4096

function float32Bytes(value: number): Uint8Array {
  const float = Math.fround(value)
  let bytes = bytesByFloat.get(float)
  if (!bytes) {
    if (bytesByFloat.size >= bytesByFloatMax) bytesByFloat.clear()
    bytes = ascii(float32Text(float))
    bytesByFloat.set(float, bytes)
  }
  return bytes
}
