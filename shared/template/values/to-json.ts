import { ascii, ByteWriter } from '../../json/byte-writer.ts'
import { LimitReached, outputLengthMax, type StepBudget } from '../limits.ts'
import { floatText } from '../print/float-text.ts'
import { formatTime } from '../time/layout.ts'
import { statusType, textFormOf } from '../time/text-forms.ts'
import { civilTime } from '../time/zoned-time.ts'
import { lagType } from './notifier-data.ts'
import { sortedKeys } from './sorted-keys.ts'
import type { FloatValue, Value } from './value.ts'

/**
 * Compact JSON as Go writes it (spec 01 section 5.7); null when the value has no JSON form: a float that is not finite, a year
 * beyond 9999.
 */
export function valueToJson(value: Value, budget: StepBudget): string | null {
  const writer = new ByteWriter()
  if (!write(writer, value, budget)) return null
  const json = new TextDecoder().decode(writer.take())
  budget.spendOnText(json.length)
  return json
}

function write(writer: ByteWriter, value: Value, budget: StepBudget): boolean {
  budget.spend(1)
  if (writer.length > outputLengthMax) throw new LimitReached(`text is longer than ${outputLengthMax} characters`)
  switch (value.kind) {
    case 'none':
      writer.raw(nullBytes)
      return true
    case 'bool':
      writer.raw(ascii(String(value.value)))
      return true
    case 'int':
    case 'uint':
      if (value.type === statusType) writer.string(textFormOf(value)!)
      else writer.raw(ascii(value.value.toString()))
      return true
    case 'float':
      if (!Number.isFinite(value.value)) return false
      writer.raw(ascii(floatJson(value)))
      return true
    case 'string':
      writer.string(value.value)
      return true
    case 'time': {
      const { year, offsetSeconds } = civilTime(value.time)
      if (year < 0 || year > 9999 || Math.abs(offsetSeconds) >= 86_400) return false
      writer.string(formatTime(value.time, '2006-01-02T15:04:05.999999999Z07:00'))
      return true
    }
    case 'pointer':
      if (value.target) return write(writer, value.to === lagType ? value.target.field(0) : value.target, budget)
      writer.raw(nullBytes)
      return true
    case 'slice':
      return writeList(
        writer,
        '[]',
        Array.from({ length: value.length }, (_, index) => () => write(writer, value.at(index), budget))
      )
    case 'map':
      return writeList(
        writer,
        '{}',
        sortedKeys(value).map(key => () => writeMember(writer, key, value.entries.get(key)!, budget))
      )
    case 'struct':
      return writeList(
        writer,
        '{}',
        value.type.fields.flatMap(({ json }, index) =>
          json === null ? [] : [() => writeMember(writer, json, value.field(index), budget)]
        )
      )
  }
}

function writeMember(writer: ByteWriter, key: string, value: Value, budget: StepBudget): boolean {
  writer.string(key)
  writer.byte(colon)
  return write(writer, value, budget)
}

function writeList(writer: ByteWriter, brackets: string, writeItems: readonly (() => boolean)[]): boolean {
  writer.byte(brackets.charCodeAt(0))
  for (let index = 0; index < writeItems.length; index++) {
    if (index > 0) writer.byte(comma)
    if (!writeItems[index]!()) return false
  }
  writer.byte(brackets.charCodeAt(1))
  return true
}

/** Without exponent from 1e-6 up to 1e21; beyond that without a zero before the exponent's digit. */
function floatJson(float: FloatValue): string {
  const magnitude = Math.abs(float.value)
  const isPlain = magnitude === 0 || (magnitude >= 1e-6 && magnitude < 1e21)
  const digits = floatText(float, isPlain ? 'f' : 'e', null).replace(/e-0(\d)$/, 'e-$1')
  return float.value < 0 || Object.is(float.value, -0) ? `-${digits}` : digits
}

const nullBytes = ascii('null')
const comma = 0x2c
const colon = 0x3a
