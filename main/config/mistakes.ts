import { BurrowError } from '../../shared/errors.ts'

/** One thing in the configuration that cannot be used. */
export interface Mistake {
  /** Where, for example `consumer.local.cluster`. */
  readonly path: string
  /** What was there, as text for people; null when nothing was. */
  readonly read: string | null
  /** What could have been there. */
  readonly allowed: string
  /** The whole line, path included. */
  readonly text: string
}

/** Collects all mistakes of a file, so that they are told at once and not one a start. */
export class Mistakes {
  readonly list: Mistake[] = []

  /** `shown` is what showValue or the section reader made of the value; `sentence` is Burrow's own where it has one. */
  add(path: string, sentence: string, shown: string | null, allowed: string): void {
    const read = shown === null ? 'nothing read' : `read ${shown}`
    this.list.push({ path, read: shown, allowed, text: `${path}: ${sentence} (${read}; allowed: ${allowed})` })
  }
}

/** A file that cannot even be read or parsed has no `mistakes`: its one line is the message. */
export function configError(
  message: string,
  file: string,
  mistakes: readonly Mistake[] = [],
  cause?: unknown
): BurrowError {
  return new BurrowError('CONFIG_INVALID', message, { file, mistakes }, cause)
}

const shownCharactersMax = 80

/** A configuration value as people wrote it, cut to a line. */
export function showValue(value: unknown): string {
  if (value instanceof Map) return 'a table'
  if (value instanceof Date) return `the date ${value.toISOString()}`
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length <= shownCharactersMax ? text : `${text.slice(0, shownCharactersMax)}...`
}
