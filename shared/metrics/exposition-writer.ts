/**
 * Writes Prometheus' text format 0.0.4 into growing memory, as client_golang does (spec 04 section 7), straight from numbers and
 * finished label bytes. Any thread; not shared.
 */
export class ExpositionWriter {
  bytes: Uint8Array
  length = 0

  constructor(capacity = 4096) {
    this.bytes = new Uint8Array(capacity)
  }

  reset(): void {
    this.length = 0
  }

  /** A copy in a buffer of exactly its size, fit to be transferred. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }

  /** Room for so many bytes more; `raw`, `digits`, `value` and `again` do not look. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }

  /** Bytes of `source` as they are. A loop: they are few, and `set` costs more than the copying. */
  raw(source: Uint8Array, from = 0, to = source.length): void {
    const { bytes } = this
    let at = this.length
    for (let index = from; index < to; index++) bytes[at++] = source[index]!
    this.length = at
  }

  /** `bytes[from, to)`, written once already: the way to repeat what many lines begin with. */
  again(from: number, to: number): void {
    this.bytes.copyWithin(this.length, from, to)
    this.length += to - from
  }

  /** A whole number from 0 to 2^31 - 1, in full. */
  digits(value: number): void {
    const { bytes } = this
    const end = this.length + digitsOf(value)
    let rest = value | 0
    for (let at = end - 1; at >= this.length; at--) {
      const next = (rest / 10) | 0
      bytes[at] = zero + rest - next * 10
      rest = next
    }
    this.length = end
  }

  /** The value of a series; at most `valueBytesMax` bytes. */
  value(value: number): void {
    if (value >= 0 && value < 1e6 && Number.isInteger(value)) this.digits(value)
    else if (value >= 1e6 && value <= Number.MAX_SAFE_INTEGER && Number.isInteger(value)) this.#large(value)
    else this.#text(valueText(value))
  }

  /** From 1e6 on: digits without the zeros at the end, which for whole numbers below 2^53 are the shortest that read back. */
  #large(value: number): void {
    let rest = value
    let exponent = digitsOfLarge(value) - 1
    const whole = exponent
    for (let next = rest / 10; Number.isInteger(next); next = rest / 10) {
      rest = next
      exponent--
    }
    const { bytes } = this
    const start = this.length
    if (exponent > 0) {
      // One byte further right than they belong; the first then moves left, and the point takes its place.
      this.length = start + 1
      this.#wholeDigits(rest)
      bytes[start] = bytes[start + 1]!
      bytes[start + 1] = point
    } else this.#wholeDigits(rest)
    bytes[this.length++] = lowerE
    bytes[this.length++] = plus
    bytes[this.length++] = zero + ((whole / 10) | 0)
    bytes[this.length++] = zero + (whole % 10)
  }

  /** Eight digits at a time fit 32-bit arithmetic. */
  #wholeDigits(value: number): void {
    if (value < 1e9) {
      this.digits(value)
      return
    }
    const high = Math.floor(value / 1e8)
    let low = value - high * 1e8
    this.digits(high)
    const { bytes } = this
    for (let at = this.length + 7; at >= this.length; at--) {
      const next = Math.floor(low / 10)
      bytes[at] = zero + low - next * 10
      low = next
    }
    this.length += 8
  }

  #text(text: string): void {
    for (let index = 0; index < text.length; index++) this.bytes[this.length++] = text.charCodeAt(index)
  }
}

/** Longest value: 17 digits, sign, point, exponent. */
export const valueBytesMax = 25

/**
 * A float64 as Go writes it with 'g' and the shortest digits: plain if the first digit stands for 1e-4 to 1e5, else with an
 * exponent of at least two digits.
 */
export function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const size = Math.abs(value)
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return String(value)
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

/** A label's value, escaped: backslash, quote and newline, nothing else (spec 04 section 7). */
export function labelValue(value: string): string {
  return /[\\"\n]/.test(value) ? value.replace(/[\\"\n]/g, found => (found === '\n' ? '\\n' : `\\${found}`)) : value
}

const zero = 0x30
const plus = 0x2b
const point = 0x2e
const lowerE = 0x65

function digitsOf(value: number): number {
  if (value < 1e4) return value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4
  if (value < 1e8) return value < 1e6 ? (value < 1e5 ? 5 : 6) : value < 1e7 ? 7 : 8
  return value < 1e9 ? 9 : 10
}

function digitsOfLarge(value: number): number {
  let digits = 10
  if (value < 1e9) return digitsOf(value)
  for (let power = 1e10; value >= power; power *= 10) digits++
  return digits
}
