import type { StepBudget } from '../limits.ts'
import { durationType } from '../time/text-forms.ts'
import type { TimeZone, Value } from '../values/value.ts'
import { typeName } from '../values/value.ts'

/** Something that a template can call: a builtin, a helper, or a method (whose receiver is bound). */
export interface TemplateFunction {
  readonly parameters: readonly Parameter[]
  /** Type of all further arguments, null = there are none. */
  readonly rest: Parameter | null
  /** The arguments fit the parameters. Throws CallFailed. */
  call(values: readonly Value[], context: CallContext): Value
}

export interface CallContext {
  readonly budget: StepBudget
  /** Where times are shown that have no zone of their own. */
  readonly zone: TimeZone
}

/** What a function has to say against its arguments; the evaluator adds the place. */
export class CallFailed extends Error {}

export interface Parameter {
  /** For errors. */
  readonly type: string
  /** Whether `nil` and what has no value may be given. */
  readonly isNilAllowed: boolean
  /** Which literals fit. */
  readonly literal: 'any' | 'string' | 'integer' | 'number' | 'none'
  accepts(value: Value): boolean
}

export const anything: Parameter = { type: 'interface {}', isNilAllowed: true, literal: 'any', accepts: () => true }

export const text: Parameter = {
  type: 'string',
  isNilAllowed: false,
  literal: 'string',
  accepts: value => value.kind === 'string'
}

/** Of any type, where Burrow takes `int` alone (spec 09, F14). */
export const number: Parameter = {
  type: 'number',
  isNilAllowed: false,
  literal: 'number',
  accepts: value => value.kind === 'int' || value.kind === 'uint' || value.kind === 'float'
}

export const integer: Parameter = {
  type: 'int64',
  isNilAllowed: false,
  literal: 'integer',
  accepts: value => value.kind === 'int' || value.kind === 'uint'
}

export const time: Parameter = {
  type: 'time.Time',
  isNilAllowed: false,
  literal: 'none',
  accepts: value => value.kind === 'time'
}

export const duration: Parameter = {
  type: durationType,
  isNilAllowed: false,
  literal: 'integer',
  accepts: value => value.kind === 'int' && value.type === durationType
}

/** A type of the data that can be nil. */
export function dataParameter(type: string): Parameter {
  return {
    type,
    isNilAllowed: true,
    literal: 'none',
    accepts: value => value.kind === 'none' || typeName(value) === type
  }
}
