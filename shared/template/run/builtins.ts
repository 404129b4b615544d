import { htmlEscaped, jsEscaped, queryEscaped } from '../print/escape.ts'
import { actionTexts, sprint, sprintln } from '../print/print.ts'
import { sprintf } from '../print/printf.ts'
import { areEqual, ComparisonRefused, isLess } from '../values/compare.ts'
import { boolValue, intValue, isTrue, type StringValue, stringValue, typeName, type Value } from '../values/value.ts'
import { indexed, lengthOf, sliced } from './indexing.ts'
import { anything, type CallContext, CallFailed, type TemplateFunction, text } from './template-function.ts'

/** The functions that text/template has of itself. `and` and `or` are the evaluator's, which knows when to stop. */
export const builtins: ReadonlyMap<string, TemplateFunction> = new Map(
  Object.entries({
    eq: anyAndMore(([first, ...others], context) => comparison(() => isOneOf(first!, others, context))),
    ne: pair((a, b, context) => !areEqual(a, b, context.budget)),
    lt: pair((a, b) => isLess(a, b)),
    le: pair((a, b, context) => isLess(a, b) || areEqual(a, b, context.budget)),
    gt: pair((a, b, context) => !(isLess(a, b) || areEqual(a, b, context.budget))),
    ge: pair((a, b) => !isLess(a, b)),
    not: { parameters: [anything], rest: null, call: ([value]) => boolValue(!isTrue(value!)) },
    len: { parameters: [anything], rest: null, call: ([value]) => intValue(lengthOf(value!)) },
    index: anyAndMore(([item, ...indexes]) => indexed(item!, indexes)),
    slice: anyAndMore(([item, ...indexes]) => sliced(item!, indexes)),
    print: texts((values, { budget }) => sprint(values, budget)),
    println: texts((values, { budget }) => sprintln(values, budget)),
    printf: {
      parameters: [text],
      rest: anything,
      call: ([format, ...values], { budget }) => stringValue(sprintf((format as StringValue).value, values, budget))
    },
    html: texts((values, { budget }) => htmlEscaped(actionTexts(values, budget))),
    js: texts((values, { budget }) => jsEscaped(actionTexts(values, budget))),
    urlquery: texts((values, { budget }) => queryEscaped(actionTexts(values, budget)))
  })
)

/** `call` takes functions, and there are none in the data: it always fails. `shown` is how the template names its argument. */
export function callOf(value: Value, shown: string): never {
  if (value.kind === 'none') throw new CallFailed('call of nil')
  throw new CallFailed(`non-function ${shown} of type ${typeName(value)}`)
}

function isOneOf(first: Value, others: readonly Value[], { budget }: CallContext): boolean {
  if (others.length === 0) throw new ComparisonRefused('missing argument for comparison')
  return others.some(other => areEqual(first, other, budget))
}

function comparison(compare: () => boolean): Value {
  try {
    return boolValue(compare())
  } catch (error) {
    if (error instanceof ComparisonRefused) throw new CallFailed(error.message)
    throw error
  }
}

function pair(compare: (a: Value, b: Value, context: CallContext) => boolean): TemplateFunction {
  return {
    parameters: [anything, anything],
    rest: null,
    call: ([a, b], context) => comparison(() => compare(a!, b!, context))
  }
}

function anyAndMore(call: TemplateFunction['call']): TemplateFunction {
  return { parameters: [anything], rest: anything, call }
}

function texts(call: (values: readonly Value[], context: CallContext) => string): TemplateFunction {
  return { parameters: [], rest: anything, call: (values, context) => stringValue(call(values, context)) }
}
