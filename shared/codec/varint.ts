/**
 * Variable-length integers of record bodies: seven bits a byte, lowest first, top bit = more follows, signed by zigzag.
 * For the hot path: no object is made, the place after the integer is left in `varintEnd`. Any thread (each has its own module).
 */

/** Bytes of the longest varint (32 bits) and varlong (64 bits). */
const varintBytesMax = 5
const varlongBytesMax = 10

/** Place after the last integer read, -1 if it ran over `end` or was too long. */
export let varintEnd = 0

/** Signed 32-bit integer at `at`; reads no byte at or after `end`. */
export function varintAt(bytes: Uint8Array, at: number, end: number): number {
  const raw = unsignedVarintAt(bytes, at, end)
  return (raw >>> 1) ^ -(raw & 1)
}

/** The same without zigzag, 0..2^32-1 (compact strings, tagged fields). */
export function unsignedVarintAt(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!
  if (first < 0x80 && at < end) {
    varintEnd = at + 1 // most are one byte
    return first
  }
  let raw = 0
  const last = Math.min(end, at + varintBytesMax)
  for (let shift = 0; at < last; shift += 7) {
    const byte = bytes[at++]!
    raw |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      varintEnd = at
      return raw >>> 0
    }
  }
  varintEnd = -1
  return 0
}

/** Signed 64-bit integer at `at`, or NaN beyond ±2^52 (differences of times are far smaller). */
export function varlongAt(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!
  if (first < 0x80 && at < end) {
    varintEnd = at + 1
    return (first >>> 1) ^ -(first & 1)
  }
  let raw = 0
  let unit = 1
  const last = Math.min(end, at + varlongBytesMax)
  while (at < last) {
    const byte = bytes[at++]!
    raw += (byte & 0x7f) * unit
    if (byte < 0x80) {
      varintEnd = at
      if (raw > Number.MAX_SAFE_INTEGER) return Number.NaN
      return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
    }
    unit *= 128
  }
  varintEnd = -1
  return 0
}
