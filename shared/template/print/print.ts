import { BoundedText, type StepBudget } from '../limits.ts'
import { dereferenced, stringValue, type Value } from '../values/value.ts'
import { plainText } from './format-value.ts'

/** Go's Sprint: a blank between two arguments of which neither is a string. */
export function sprint(values: readonly Value[], budget: StepBudget): string {
  const out = new BoundedText(budget)
  values.forEach((value, index) => {
    if (index > 0 && value.kind !== 'string' && values[index - 1]!.kind !== 'string') out.write(' ')
    out.write(plainText(value, budget))
  })
  return out.toString()
}

/** Go's Sprintln: a blank between all, a line end behind. */
export function sprintln(values: readonly Value[], budget: StepBudget): string {
  const out = new BoundedText(budget)
  values.forEach((value, index) => {
    if (index > 0) out.write(' ')
    out.write(plainText(value, budget))
  })
  out.write('\n')
  return out.toString()
}

/** What `{{value}}` puts into the text: pointers are followed, nothing is `<no value>`. */
export function actionText(value: Value, budget: StepBudget): string {
  return plainText(shown(value), budget)
}

/** As `sprint`, but of what the values show in an action: the arguments of html, js and urlquery. */
export function actionTexts(values: readonly Value[], budget: StepBudget): string {
  return sprint(values.map(shown), budget)
}

const missing = stringValue('<no value>')

function shown(value: Value): Value {
  return value.kind === 'none' ? missing : dereferenced(value)
}
