import type { FloatValue, IntegerValue } from '../values/value.ts'
import { type FloatForm, floatText } from './float-text.ts'
import { type FormatFlags, padded } from './format-flags.ts'
import { characterOf, isPrintable, quotedRune } from './quote.ts'

/** An integer by a verb of fmt, or null if the verb is not for integers. */
export function formatInteger(integer: IntegerValue, verb: string, flags: FormatFlags): string | null {
  switch (verb) {
    case 'v':
      return flags.sharpV && integer.kind === 'uint'
        ? inBase(integer, 16, 'x', { ...flags, sharp: true })
        : inBase(integer, 10, verb, flags)
    case 'd':
      return inBase(integer, 10, verb, flags)
    case 'b':
      return inBase(integer, 2, verb, flags)
    case 'o':
    case 'O':
      return inBase(integer, 8, verb, flags)
    case 'x':
    case 'X':
      return inBase(integer, 16, verb, flags)
    case 'c':
      return padded(characterOf(codePoint(integer)), flags)
    case 'q':
      return padded(quotedRune(codePoint(integer), flags.plus), flags)
    case 'U':
      return unicodeForm(integer, flags)
    default:
      return null
  }
}

/** A float by a verb of fmt, or null if the verb is not for floats. Binary forms (%b, %x) are not known here. */
export function formatFloat(float: FloatValue, verb: string, flags: FormatFlags): string | null {
  const form = formByVerb[verb]
  if (form === undefined) return null
  const { value } = float
  if (!Number.isFinite(value)) return notFinite(value, flags)
  const precision = flags.precision ?? (form === 'g' ? null : 6)
  let digits = floatText(float, form, precision)
  if (flags.sharp) digits = withPoint(digits, form === 'g' ? (precision ?? 6) : 0)
  if (verb === verb.toUpperCase()) digits = digits.toUpperCase()
  return signed(digits, value < 0 || Object.is(value, -0), flags)
}

const formByVerb: Readonly<Record<string, FloatForm>> = { v: 'g', g: 'g', G: 'g', e: 'e', E: 'e', f: 'f', F: 'f' }

function inBase(integer: IntegerValue, base: number, verb: string, flags: FormatFlags): string {
  const isNegative = integer.value < 0n
  const magnitude = isNegative ? -integer.value : integer.value
  if (flags.precision === 0 && magnitude === 0n) return padded('', flags, false)
  const hasSign = isNegative || flags.plus || flags.space
  let places = flags.precision ?? 0
  if (flags.precision === null && flags.zero && !flags.minus) places = (flags.width ?? 0) - (hasSign ? 1 : 0)
  let text = magnitude.toString(base).padStart(places, '0')
  if (flags.sharp && base === 2) text = `0b${text}`
  if (flags.sharp && base === 8 && !text.startsWith('0')) text = `0${text}`
  if (flags.sharp && base === 16) text = `0x${text}`
  if (verb === 'O') text = `0o${text}`
  if (verb === 'X') text = text.toUpperCase()
  const sign = isNegative ? '-' : flags.plus ? '+' : flags.space ? ' ' : ''
  return padded(sign + text, flags, false)
}

function unicodeForm(integer: IntegerValue, flags: FormatFlags): string {
  const unsigned = BigInt.asUintN(64, integer.value)
  const code = `U+${unsigned
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(flags.precision ?? 0, 4), '0')}`
  const character = characterOf(codePoint(integer))
  const shown = flags.sharp && unsigned <= 0x10ffffn && isPrintable(character) ? ` '${character}'` : ''
  return padded(code + shown, flags, false)
}

/** Everything beyond Unicode is one code that is no character. */
function codePoint(integer: IntegerValue): number {
  const unsigned = BigInt.asUintN(64, integer.value)
  return unsigned > 0x10ffffn ? -1 : Number(unsigned)
}

function notFinite(value: number, flags: FormatFlags): string {
  const sign = value < 0 ? '-' : flags.plus ? '+' : flags.space ? ' ' : ''
  if (Number.isNaN(value)) return padded(`${sign}NaN`, flags, false)
  return padded(`${sign === '' ? '+' : sign}Inf`, flags, false)
}

function signed(digits: string, isNegative: boolean, flags: FormatFlags): string {
  const sign = isNegative ? '-' : flags.plus ? '+' : flags.space ? ' ' : ''
  if (sign === '' || !flags.zero || flags.minus) return padded(sign + digits, flags)
  return sign + digits.padStart((flags.width ?? 0) - 1, '0') // the sign goes before the zeros
}

/** `#`: always a point, and for %g all significant digits. */
function withPoint(text: string, significant: number): string {
  const [mantissa, power] = text.split('e') as [string, string?]
  const withDot = mantissa.includes('.') ? mantissa : `${mantissa}.`
  const counted = mantissa.replace('.', '').replace(/^0+(?=.)/, '').length
  const zeros = '0'.repeat(Math.max(significant - counted, 0))
  return withDot + zeros + (power === undefined ? '' : `e${power}`)
}
