import { type FloatValue, float32Value, float64Value, intValue, isInteger, type Value } from '../values/value.ts'
import { CallFailed } from './template-function.ts'

export type Operation = 'add' | 'minus' | 'multiply' | 'divide'

/**
 * Two numbers of any types. Integers give an int of 64 bits, which wraps around as in Go, and divide toward zero; with a
 * float the result is a float: of 32 bits unless one of them is a float64 itself, so that a share of 0.7 stays 0.7.
 */
export function arithmetic(operation: Operation, a: Value, b: Value): Value {
  if (isInteger(a) && isInteger(b)) return intValue(BigInt.asIntN(64, ofIntegers(operation, a.value, b.value)))
  const result = ofFloats(operation, toNumber(a), toNumber(b))
  return isDouble(a) || isDouble(b) ? float64Value(result) : float32Value(result)
}

function ofIntegers(operation: Operation, a: bigint, b: bigint): bigint {
  switch (operation) {
    case 'add':
      return a + b
    case 'minus':
      return a - b
    case 'multiply':
      return a * b
    case 'divide':
      if (b === 0n) throw new CallFailed('runtime error: integer divide by zero')
      return a / b
  }
}

function ofFloats(operation: Operation, a: number, b: number): number {
  switch (operation) {
    case 'add':
      return a + b
    case 'minus':
      return a - b
    case 'multiply':
      return a * b
    case 'divide':
      if (b === 0) throw new CallFailed('divide by zero')
      return a / b
  }
}

function isDouble(value: Value): value is FloatValue {
  return value.kind === 'float' && value.type === 'float64'
}

function toNumber(value: Value): number {
  if (isInteger(value)) return Number(value.value)
  if (value.kind === 'float') return value.value
  throw new TypeError(`not a number: ${value.kind}`) // the parameter has accepted numbers only
}
