import type { BurrowError } from '../../shared/errors.ts'
import type { Mistake } from '../config/mistakes.ts'

/** What is wrong with a configuration, a line for each mistake. `error` is CONFIG_INVALID. */
export function explainConfigError(error: BurrowError): string {
  const mistakes = (error.facts.mistakes ?? []) as readonly Mistake[]
  if (mistakes.length === 0) return `Failed reading configuration: ${error.message}`
  const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`
  return `Invalid configuration, ${count} in ${error.facts.file}:\n${error.message}`
}
