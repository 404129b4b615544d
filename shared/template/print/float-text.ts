import { float32Text } from '../../json/byte-writer.ts'
import type { FloatValue } from '../values/value.ts'

export type FloatForm = 'e' | 'f' | 'g'

/** Digits d and exponent x of |value|: 0.ddd * 10^x, no zeros at the end. */
interface Decimal {
  readonly digits: string
  readonly exponent: number
}

/** No double has more digits than this behind the point; the rest are zeros. */
const fractionDigitsMax = 1100

/**
 * A finite float, without sign, as Go's strconv writes it. `precision` null = the shortest form that reads back.
 * Ties are rounded to even; JavaScript's toFixed and toExponential round them up.
 */
export function floatText(float: FloatValue, form: FloatForm, precision: number | null): string {
  const value = Math.abs(float.value)
  if (precision === null) return shortest(float, form)
  if (form === 'f') return fixed(value, precision)
  const decimal = rounded(value, form === 'g' ? Math.max(precision, 1) : precision + 1)
  if (form === 'e') return scientific(decimal, precision)
  const { digits, exponent } = decimal
  return general(
    decimal,
    precision > digits.length && digits.length >= exponent ? digits.length : Math.max(precision, 1)
  )
}

function shortest(float: FloatValue, form: FloatForm): string {
  const value = Math.abs(float.value)
  const text = (float.type === 'float32' ? Number(float32Text(value)) : value).toExponential()
  const [mantissa, power] = text.split('e') as [string, string]
  const digits = trimmed(mantissa.replace('.', ''))
  const decimal = { digits, exponent: value === 0 ? 0 : Number(power) + 1 }
  if (form === 'e') return scientific(decimal, Math.max(digits.length - 1, 0))
  return form === 'f' ? plain(decimal) : general(decimal, shortestExponentFrom)
}

/** From 10^6 on the shortest form has an exponent: 1e+06. */
const shortestExponentFrom = 6

function general(decimal: Decimal, exponentFrom: number): string {
  const { digits, exponent } = decimal
  const power = exponent - 1
  return power < -4 || power >= exponentFrom ? scientific(decimal, Math.max(digits.length - 1, 0)) : plain(decimal)
}

function scientific({ digits, exponent }: Decimal, precision: number): string {
  const all = digits.padEnd(1, '0')
  const fraction = precision > 0 ? `.${all.slice(1, precision + 1).padEnd(precision, '0')}` : ''
  const power = digits === '' ? 0 : exponent - 1
  return `${all[0]}${fraction}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

function plain({ digits, exponent }: Decimal): string {
  if (digits === '') return '0'
  if (exponent <= 0) return `0.${'0'.repeat(-exponent)}${digits}`
  if (digits.length <= exponent) return digits.padEnd(exponent, '0')
  return `${digits.slice(0, exponent)}.${digits.slice(exponent)}`
}

function fixed(value: number, precision: number): string {
  const places = Math.min(precision, fractionDigitsMax)
  const text = scaled(value, places)
    .toString()
    .padStart(places + 1, '0')
  if (precision === 0) return text
  return `${text.slice(0, -places)}.${text.slice(-places).padEnd(precision, '0')}`
}

/** To so many significant digits. */
function rounded(value: number, count: number): Decimal {
  if (value === 0) return { digits: '', exponent: 0 }
  const places = Math.min(count, fractionDigitsMax)
  const power = Number(value.toExponential().split('e')[1])
  const text = scaled(value, places - 1 - power).toString()
  return { digits: trimmed(text), exponent: power + 1 + text.length - places }
}

/** value * 10^places, rounded to an integer, ties to even. */
function scaled(value: number, places: number): bigint {
  const [mantissa, exponent] = binary(value)
  let above = mantissa
  let below = 1n
  if (exponent >= 0) above <<= BigInt(exponent)
  else below <<= BigInt(-exponent)
  if (places >= 0) above *= 10n ** BigInt(places)
  else below *= 10n ** BigInt(-places)
  const whole = above / below
  const rest = (above - whole * below) * 2n
  return rest > below || (rest === below && whole % 2n === 1n) ? whole + 1n : whole
}

/** value = mantissa * 2^exponent. */
function binary(value: number): [bigint, number] {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  return biased === 0 ? [fraction, -1074] : [fraction | 0x10000000000000n, biased - 1075]
}

function trimmed(digits: string): string {
  return digits.replace(/0+$/, '')
}
