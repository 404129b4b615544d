import { BoundedText, type StepBudget } from '../limits.ts'
import { goSyntaxOf, textFormOf } from '../time/text-forms.ts'
import { firstRunes } from '../values/bytes.ts'
import { sortedKeys } from '../values/sorted-keys.ts'
import { type MapValue, type SliceValue, type StructValue, typeName, type Value } from '../values/value.ts'
import { type FormatFlags, noFlags, padded } from './format-flags.ts'
import { formatFloat, formatInteger } from './format-number.ts'
import { canBackquote, quoted } from './quote.ts'

/**
 * One value by one verb of Go's fmt. A verb that does not fit gives Go's `%!d(string=x)`, never an error.
 *
 * Not as Go: pointers inside of structs and slices show what they point at, since Go shows an address there; times are printed
 * as their text by every verb that Go would give their insides.
 */
export function formatValue(value: Value, verb: string, flags: FormatFlags, budget: StepBudget): string {
  const out = new BoundedText(budget)
  new ValueFormatter(out, flags).argument(value, verb)
  return out.toString()
}

/** As `print` of one value: %v without flags. */
export function plainText(value: Value, budget: StepBudget): string {
  if (value.kind === 'string') return value.value
  return formatValue(value, 'v', noFlags(), budget)
}

class ValueFormatter {
  readonly #out: BoundedText
  readonly #flags: FormatFlags
  /** Inside `%!d(...)` the text forms of types are not used. */
  #isComplaining = false

  constructor(out: BoundedText, flags: FormatFlags) {
    this.#out = out
    this.#flags = flags
  }

  argument(value: Value, verb: string): void {
    if (value.kind === 'none') {
      if (verb === 'T' || verb === 'v') this.#out.write(padded('<nil>', this.#flags))
      else this.#out.write(`%!${verb}(<nil>)`)
    } else if (verb === 'T') {
      this.#string(typeName(value), 's')
    } else if (verb === 'w') {
      this.#orComplain(value, verb, null) // wraps errors, and there are none
    } else {
      this.#value(value, verb)
    }
  }

  #value(value: Value, verb: string): void {
    if (value.kind !== 'none' && this.#textForm(value, verb)) return
    switch (value.kind) {
      case 'none':
        this.#out.write('<nil>')
        break
      case 'bool':
        this.#orComplain(value, verb, verb === 't' || verb === 'v' ? padded(String(value.value), this.#flags) : null)
        break
      case 'int':
      case 'uint':
        this.#orComplain(value, verb, formatInteger(value, verb, this.#flags))
        break
      case 'float':
        this.#orComplain(value, verb, formatFloat(value, verb, this.#flags))
        break
      case 'string':
        if (!this.#string(value.value, verb)) this.#orComplain(value, verb, null)
        break
      case 'slice':
        this.#slice(value, verb)
        break
      case 'map':
        this.#map(value, verb)
        break
      case 'struct':
        this.#struct(value, verb)
        break
      case 'pointer':
        if (value.target) {
          this.#out.write('&')
          this.#value(value.target, verb)
        } else if (this.#flags.sharpV) {
          this.#out.write(`(${typeName(value)})(nil)`)
        } else {
          this.#orComplain(value, verb, nilPointerText(verb, this.#flags))
        }
        break
      case 'time':
        this.#out.write(`%!${verb}(time.Time=${textFormOf(value)})`)
        break
    }
  }

  /** Types that have a String method show that, for the verbs that text can have. */
  #textForm(value: Exclude<Value, { kind: 'none' }>, verb: string): boolean {
    if (this.#isComplaining) return false
    if (this.#flags.sharpV) {
      const syntax = goSyntaxOf(value)
      return syntax !== null && this.#string(syntax, 's')
    }
    if (!'vsxXq'.includes(verb)) return false
    const text = textFormOf(value)
    return text !== null && this.#string(text, verb)
  }

  /** False = no verb for strings. */
  #string(text: string, verb: string): boolean {
    const flags = this.#flags
    const cut = flags.precision === null ? text : firstRunes(text, flags.precision)
    if (verb === 'v' && flags.sharpV) this.#out.write(padded(quotedBy(flags, cut), flags))
    else if (verb === 'v' || verb === 's') this.#out.write(padded(cut, flags))
    else if (verb === 'q') this.#out.write(padded(quotedBy(flags, cut), flags))
    else if (verb === 'x' || verb === 'X') this.#out.write(padded(hexOf(text, verb, flags), flags))
    else return false
    return true
  }

  #slice(slice: SliceValue, verb: string): void {
    const isGoSyntax = this.#flags.sharpV
    this.#out.write(isGoSyntax ? `${slice.type}{` : '[')
    for (let index = 0; index < slice.length; index++) {
      if (index > 0) this.#out.write(isGoSyntax ? ', ' : ' ')
      this.#value(slice.at(index), verb)
    }
    this.#out.write(isGoSyntax ? '}' : ']')
  }

  #map(map: MapValue, verb: string): void {
    const isGoSyntax = this.#flags.sharpV
    this.#out.write(isGoSyntax ? `${map.type}{` : 'map[')
    let isFirst = true
    for (const key of sortedKeys(map)) {
      if (!isFirst) this.#out.write(isGoSyntax ? ', ' : ' ')
      isFirst = false
      this.#value({ kind: 'string', value: key }, verb)
      this.#out.write(':')
      this.#value(map.entries.get(key)!, verb)
    }
    this.#out.write(isGoSyntax ? '}' : ']')
  }

  #struct(struct: StructValue, verb: string): void {
    const { plusV, sharpV } = this.#flags
    this.#out.write(sharpV ? `${struct.type.name}{` : '{')
    struct.type.fields.forEach((field, index) => {
      if (index > 0) this.#out.write(sharpV ? ', ' : ' ')
      if (plusV || sharpV) this.#out.write(`${field.name}:`)
      this.#value(struct.field(index), verb)
    })
    this.#out.write('}')
  }

  #orComplain(value: Exclude<Value, { kind: 'none' }>, verb: string, text: string | null): void {
    if (text !== null) {
      this.#out.write(text)
      return
    }
    this.#isComplaining = true
    this.#out.write(`%!${verb}(${typeName(value)}=`)
    this.#value(value, 'v')
    this.#out.write(')')
    this.#isComplaining = false
  }
}

function quotedBy(flags: FormatFlags, text: string): string {
  return flags.sharp && canBackquote(text) ? `\`${text}\`` : quoted(text, flags.plus)
}

function hexOf(text: string, verb: string, flags: FormatFlags): string {
  const bytes = Buffer.from(text).subarray(0, flags.precision ?? undefined)
  const prefix = flags.sharp && bytes.length > 0 ? '0x' : ''
  const separated = flags.space
    ? Array.from(bytes, byte => prefix + byte.toString(16).padStart(2, '0')).join(' ')
    : prefix + bytes.toString('hex')
  return verb === 'X' ? separated.toUpperCase() : separated
}

/** A nil pointer is an address of zero to the verbs for integers. */
function nilPointerText(verb: string, flags: FormatFlags): string | null {
  if (verb === 'v') return padded('<nil>', flags)
  return 'bodxXp'.includes(verb) ? formatInteger({ kind: 'uint', type: 'uint64', value: 0n }, verb, flags) : null
}
