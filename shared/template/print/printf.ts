import { BoundedText, type StepBudget } from '../limits.ts'
import { typeName, type Value } from '../values/value.ts'
import { type FormatFlags, noFlags } from './format-flags.ts'
import { formatValue } from './format-value.ts'

/** Widths and precisions beyond this are refused, as Go does: `%!(BADWIDTH)`. */
const numberMax = 1_000_000

/** Go's Sprintf. Never fails: what does not fit is said in the text, in Go's words. */
export function sprintf(format: string, values: readonly Value[], budget: StepBudget): string {
  const out = new BoundedText(budget)
  const reader = new FormatReader(format, values, out, budget)
  let at = 0
  while (at < format.length) {
    const percent = format.indexOf('%', at)
    out.write(format.slice(at, percent === -1 ? format.length : percent))
    if (percent === -1) break
    at = reader.directive(percent + 1)
  }
  reader.complainAboutRest()
  return out.toString()
}

class FormatReader {
  readonly #format: string
  readonly #values: readonly Value[]
  readonly #out: BoundedText
  readonly #budget: StepBudget
  #at = 0
  /** Place of the next argument in `values`. */
  #next = 0
  #isIndexGood = true
  #isAfterIndex = false
  #wasReordered = false

  constructor(format: string, values: readonly Value[], out: BoundedText, budget: StepBudget) {
    this.#format = format
    this.#values = values
    this.#out = out
    this.#budget = budget
  }

  /** One `%...x`, from behind the percent sign on; returns where the text goes on. */
  directive(at: number): number {
    this.#at = at
    this.#isIndexGood = true
    this.#isAfterIndex = false
    const flags = this.#flags()
    this.#argumentIndex()
    this.#width(flags)
    this.#precision(flags)
    if (!this.#isAfterIndex) this.#argumentIndex()
    const point = this.#format.codePointAt(this.#at)
    if (point === undefined) {
      this.#out.write('%!(NOVERB)')
      return this.#at
    }
    const verb = String.fromCodePoint(point)
    this.#out.write(this.#formatted(verb, flags))
    return this.#at + verb.length
  }

  /** Arguments that no verb asked for; not looked for once arguments were taken out of order. */
  complainAboutRest(): void {
    if (this.#wasReordered || this.#next >= this.#values.length) return
    this.#out.write('%!(EXTRA ')
    this.#values.slice(this.#next).forEach((value, index) => {
      if (index > 0) this.#out.write(', ')
      if (value.kind === 'none') this.#out.write('<nil>')
      else this.#out.write(`${typeName(value)}=${formatValue(value, 'v', noFlags(), this.#budget)}`)
    })
    this.#out.write(')')
  }

  #formatted(verb: string, flags: FormatFlags): string {
    if (verb === '%') return '%'
    if (!this.#isIndexGood) return `%!${verb}(BADINDEX)`
    const value = this.#values[this.#next]
    if (value === undefined) return `%!${verb}(MISSING)`
    this.#next++
    if (verb !== 'v' && verb !== 'w') return formatValue(value, verb, flags, this.#budget)
    const { plus, sharp } = flags
    return formatValue(value, verb, { ...flags, plusV: plus, plus: false, sharpV: sharp, sharp: false }, this.#budget)
  }

  #flags(): FormatFlags {
    const flags = noFlags()
    for (; ; this.#at++) {
      const flag = flagByCharacter[this.#format[this.#at] ?? '']
      if (flag === undefined) return flags
      flags[flag] = true
    }
  }

  #width(flags: FormatFlags): void {
    if (this.#format[this.#at] !== '*') {
      flags.width = this.#number()
      if (this.#isAfterIndex && flags.width !== null) this.#isIndexGood = false
      return
    }
    this.#at++
    const width = this.#numberArgument()
    this.#isAfterIndex = false
    if (width === null) this.#out.write('%!(BADWIDTH)')
    else flags.width = Math.abs(width)
    if (width !== null && width < 0) {
      flags.minus = true
      flags.zero = false
    }
  }

  #precision(flags: FormatFlags): void {
    if (this.#format[this.#at] !== '.' || this.#at + 1 >= this.#format.length) return
    this.#at++
    if (this.#isAfterIndex) this.#isIndexGood = false
    this.#argumentIndex()
    if (this.#format[this.#at] !== '*') {
      flags.precision = this.#number() ?? 0
      return
    }
    this.#at++
    const precision = this.#numberArgument()
    this.#isAfterIndex = false
    if (precision === null || precision < 0) this.#out.write('%!(BADPREC)')
    else flags.precision = precision
  }

  /** `[3]`: which argument is next. */
  #argumentIndex(): void {
    this.#isAfterIndex = false
    if (this.#format[this.#at] !== '[') return
    this.#wasReordered = true
    const close = this.#format.indexOf(']', this.#at)
    this.#budget.spendOnText((close === -1 ? this.#format.length : close) - this.#at)
    const index = close === -1 ? null : wholeNumber(this.#format.slice(this.#at + 1, close))
    this.#at = close === -1 ? this.#at + 1 : close + 1
    this.#isAfterIndex = index !== null
    if (index !== null && index >= 1 && index <= this.#values.length) this.#next = index - 1
    else this.#isIndexGood = false
  }

  #number(): number | null {
    const digits = /^\d+/.exec(this.#format.slice(this.#at, this.#at + numberDigitsMax))?.[0]
    if (digits === undefined) return null
    const value = wholeNumber(digits)
    // Go reads no further than a number that is too long.
    this.#at = value === null ? this.#format.length : this.#at + digits.length
    return value
  }

  /** `*`: the width or precision is an argument. */
  #numberArgument(): number | null {
    const value = this.#values[this.#next]
    if (value === undefined) return null
    this.#next++
    if (value.kind !== 'int' && value.kind !== 'uint') return null
    const number = Number(value.value)
    return Math.abs(number) > numberMax ? null : number
  }
}

const numberDigitsMax = 16

function wholeNumber(digits: string): number | null {
  return /^\d{1,9}$/.test(digits) && Number(digits) <= numberMax * 10 ? Number(digits) : null
}

const flagByCharacter: Readonly<Record<string, 'plus' | 'minus' | 'sharp' | 'space' | 'zero'>> = {
  '+': 'plus',
  '-': 'minus',
  '#': 'sharp',
  ' ': 'space',
  '0': 'zero'
}
