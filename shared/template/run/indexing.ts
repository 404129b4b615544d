import { byteAt, byteLength, byteSlice } from '../values/bytes.ts'
import {
  dereferenced,
  isNilPointer,
  type SliceValue,
  stringValue,
  typeName,
  uintValue,
  type Value
} from '../values/value.ts'
import { CallFailed } from './template-function.ts'

/** `index x 1 "b"`: x[1]["b"]. */
export function indexed(item: Value, indexes: readonly Value[]): Value {
  if (item.kind === 'none') throw new CallFailed('index of untyped nil')
  return indexes.reduce<Value>(elementOf, item)
}

/** `slice x 1 2 3`: x[1:2:3]. */
export function sliced(item: Value, indexes: readonly Value[]): Value {
  if (item.kind === 'none') throw new CallFailed('slice of untyped nil')
  const target = dereferenced(item)
  if (isNilPointer(target)) throw new CallFailed('slice of nil pointer')
  if (indexes.length > 3) throw new CallFailed(`too many slice indexes: ${indexes.length}`)
  if (target.kind === 'string') {
    if (indexes.length === 3) throw new CallFailed('cannot 3-index slice a string')
    const length = byteLength(target.value)
    const [from, to] = boundsOf(indexes, length, length)
    return stringValue(byteSlice(target.value, from, to))
  }
  if (target.kind !== 'slice') throw new CallFailed(`can't slice item of type ${typeOf(target)}`)
  const [from, to, end] = boundsOf(indexes, target.length, target.capacity)
  return partOf(target, from, to, end)
}

export function lengthOf(item: Value): number {
  // Go's own words for what it did not foresee.
  if (item.kind === 'none') throw new CallFailed('reflect: call of reflect.Value.Type on zero Value')
  const target = dereferenced(item)
  if (isNilPointer(target)) throw new CallFailed('len of nil pointer')
  switch (target.kind) {
    case 'string':
      return byteLength(target.value)
    case 'slice':
      return target.length
    case 'map':
      return target.entries.size
    default:
      throw new CallFailed(`len of type ${typeOf(target)}`)
  }
}

function elementOf(item: Value, index: Value): Value {
  const target = dereferenced(item)
  if (isNilPointer(target)) throw new CallFailed('index of nil pointer')
  switch (target.kind) {
    case 'slice':
      return target.at(elementIndex(index, target.length, 'slice'))
    case 'string':
      return uintValue(byteAt(target.value, elementIndex(index, byteLength(target.value), 'string')), 'uint8')
    case 'map':
      if (index.kind === 'none') throw new CallFailed('value is nil; should be of type string')
      if (index.kind !== 'string') throw new CallFailed(`value has type ${typeName(index)}; should be string`)
      return target.entries.get(index.value) ?? target.zero
    default:
      throw new CallFailed(`can't index item of type ${typeOf(target)}`)
  }
}

function elementIndex(index: Value, length: number, kind: 'slice' | 'string'): number {
  const at = indexIn(index, length)
  // Go lets an index at the very end through its own check, and then fails with the text of the check behind.
  if (at === length) throw new CallFailed(`reflect: ${kind} index out of range`)
  return at
}

function indexIn(index: Value, max: number): number {
  if (index.kind === 'none') throw new CallFailed('cannot index slice/array with nil')
  if (index.kind !== 'int' && index.kind !== 'uint') {
    throw new CallFailed(`cannot index slice/array with type ${typeName(index)}`)
  }
  const at = BigInt.asIntN(64, index.value)
  if (at < 0n || at > max) throw new CallFailed(`index out of range: ${at}`)
  return Number(at)
}

function boundsOf(indexes: readonly Value[], length: number, capacity: number): [number, number, number] {
  const [from = 0, to = length, end = capacity] = indexes.map(index => indexIn(index, capacity))
  if (from > to) throw new CallFailed(`invalid slice index: ${from} > ${to}`)
  if (to > end) throw new CallFailed(`invalid slice index: ${to} > ${end}`)
  return [from, to, end]
}

function partOf(slice: SliceValue, from: number, to: number, end: number): SliceValue {
  return {
    kind: 'slice',
    type: slice.type,
    length: to - from,
    capacity: end - from,
    at: index => slice.at(from + index)
  }
}

function typeOf(value: Value): string {
  return value.kind === 'none' ? 'nil' : typeName(value)
}
