import { compareUtf8 } from '../../json/utf8-order.ts'
import type { StepBudget } from '../limits.ts'
import { plainText } from '../print/format-value.ts'
import { type FloatValue, type IntegerValue, isInteger, typeName, type Value } from './value.ts'

/** A comparison that Go refuses; the evaluator adds the place. */
export class ComparisonRefused extends Error {}

/** `eq` of text/template: signed and unsigned integers compare by value, other kinds only with their own. */
export function areEqual(a: Value, b: Value, budget: StepBudget): boolean {
  if (isInteger(a) && isInteger(b)) return a.value === b.value
  if (basicKind(a) !== basicKind(b)) {
    if (a.kind === 'none' || b.kind === 'none') return false
    throw incompatible(a, b)
  }
  if (isBasic(a) && isBasic(b)) return a.value === b.value
  return areComposedEqual(a, b, budget)
}

/** `lt` of text/template. */
export function isLess(a: Value, b: Value): boolean {
  if (!isBasic(a) || !isBasic(b)) throw new ComparisonRefused('invalid type for comparison')
  if (isInteger(a) && isInteger(b)) return a.value < b.value
  if (a.kind === 'float' && b.kind === 'float') return a.value < b.value
  if (a.kind === 'string' && b.kind === 'string') return compareUtf8(a.value, b.value) < 0
  if (a.kind === 'bool' && b.kind === 'bool') throw new ComparisonRefused('invalid type for comparison')
  throw incompatible(a, b)
}

function areComposedEqual(a: Value, b: Value, budget: StepBudget): boolean {
  if (a.kind === 'none' || b.kind === 'none') return isNil(a) && isNil(b)
  if (kindInGo(a) !== kindInGo(b)) {
    const left = plainText(a, budget)
    const right = plainText(b, budget)
    throw new ComparisonRefused(`non-comparable types ${left}: ${typeName(a)}, ${typeName(b)}: ${right}`)
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b)
  if (a.kind === 'pointer' && b.kind === 'pointer') return a.source === b.source
  if (a.kind === 'time' && b.kind === 'time') {
    const { time } = a
    return time.seconds === b.time.seconds && time.nanoseconds === b.time.nanoseconds && time.zone === b.time.zone
  }
  if (a.kind === 'struct' && b.kind === 'struct' && a.type === b.type) return haveEqualFields(a, b, budget)
  if (kindInGo(b) === 'struct') {
    if (b.kind === 'struct') haveEqualFields(b, b, budget)
    return false
  }
  throw nonComparable(b, budget)
}

function haveEqualFields(
  a: Extract<Value, { kind: 'struct' }>,
  b: Extract<Value, { kind: 'struct' }>,
  budget: StepBudget
): boolean {
  const parts = b.type.fields.map((_, index) => [a.field(index), b.field(index)] as const)
  if (parts.some(([, part]) => part.kind === 'slice' || part.kind === 'map' || part.kind === 'struct')) {
    throw nonComparable(b, budget)
  }
  return parts.every(([left, right]) => areEqual(left, right, budget))
}

function nonComparable(value: Exclude<Value, { kind: 'none' }>, budget: StepBudget): ComparisonRefused {
  return new ComparisonRefused(`non-comparable type ${plainText(value, budget)}: ${typeName(value)}`)
}

function incompatible(a: Exclude<Value, { kind: 'none' }>, b: Exclude<Value, { kind: 'none' }>): ComparisonRefused {
  return new ComparisonRefused(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`)
}

type Basic = IntegerValue | FloatValue | Extract<Value, { kind: 'bool' | 'string' }>

function isBasic(value: Value): value is Basic {
  return basicKind(value) !== 'composed'
}

function basicKind(value: Value): string {
  return value.kind === 'bool' || value.kind === 'string' || value.kind === 'float' || isInteger(value)
    ? value.kind
    : 'composed'
}

function kindInGo(value: Value): string {
  return value.kind === 'time' ? 'struct' : value.kind
}

/** Empty slices and maps of the data are not nil. */
function isNil(value: Value): boolean {
  return value.kind === 'none' || (value.kind === 'pointer' && value.target === null)
}
