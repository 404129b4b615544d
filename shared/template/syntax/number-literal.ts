/** A number as it stands in a template: what it is follows from how it is written, until something asks for a type. */
export interface NumberLiteral {
  /** Its value if that is an integer of 64 bits. */
  readonly integer: bigint | null
  readonly float: number
  /** Written with a point or an exponent: a float64 unless an integer is asked for. */
  readonly isFloat: boolean
}

/** Null for what Go does not take for a number either, and for imaginary numbers. */
export function readNumber(text: string): NumberLiteral | null {
  const integer = readInteger(text)
  if (integer !== null) {
    if (integer < -(1n << 63n) || integer >= 1n << 64n) return null
    return { integer, float: Number(integer), isFloat: false }
  }
  const float = readFloat(text)
  if (float === null || !Number.isFinite(float)) return null
  const isWhole = Number.isInteger(float) && Math.abs(float) < 2 ** 63
  return { integer: isWhole ? BigInt(float) : null, float, isFloat: true }
}

/** Decimal, or by prefix: 0x, 0o, 0b; a leading 0 is octal. `_` separates digits. */
function readInteger(text: string): bigint | null {
  const found =
    /^([+-]?)(0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0[oO]_?[0-7]+(?:_[0-7]+)*|0[bB]_?[01]+(?:_[01]+)*|0_?[0-7]+(?:_[0-7]+)*|0|[1-9][0-9]*(?:_[0-9]+)*)$/.exec(
      text
    )
  if (!found) return null
  const digits = found[2]!.replaceAll('_', '')
  const magnitude = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits)
  return found[1] === '-' ? -magnitude : magnitude
}

function readFloat(text: string): number | null {
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) {
    return /[.eE]/.test(text) ? Number(text) : null
  }
  const hex = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/.exec(text)
  if (!hex || (hex[2] === '' && hex[3] === '')) return null
  const mantissa = Number(`0x${hex[2]}${hex[3]}`)
  const value = mantissa * 2 ** (Number(hex[4]) - 4 * hex[3]!.length)
  return hex[1] === '-' ? -value : value
}
