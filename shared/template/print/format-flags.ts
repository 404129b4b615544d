import { runeCount } from '../values/bytes.ts'

/** What stands between `%` and the letter. */
export interface FormatFlags {
  plus: boolean
  minus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  /** `%+v` and `%#v`: names of fields; Go syntax. */
  plusV: boolean
  sharpV: boolean
  width: number | null
  precision: number | null
}

export function noFlags(): FormatFlags {
  return {
    plus: false,
    minus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
    width: null,
    precision: null
  }
}

/** To the asked width. Zeros only to the left. */
export function padded(text: string, flags: FormatFlags, withZeros = flags.zero): string {
  const missing = (flags.width ?? 0) - runeCount(text)
  if (missing <= 0) return text
  if (flags.minus) return text + ' '.repeat(missing)
  return (withZeros ? '0' : ' ').repeat(missing) + text
}
