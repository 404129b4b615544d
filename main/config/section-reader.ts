import type { CustomModuleSettings } from '../../shared/settings.ts'
import type { ConfigTable } from './config-tree.ts'
import { looksOctal, toDecimal, toFlag, toInteger, toList, toStrings, toText } from './conversions.ts'
import type { Environment } from './environment.ts'
import type { FlatKeys } from './flat-keys.ts'
import type { Mistakes } from './mistakes.ts'
import { showValue } from './mistakes.ts'
import { didYouMean } from './near-spelling.ts'

/** Seconds that fit a timer of Node (2^31 - 1 ms); past that it would fire at once. About 24 days. */
export const timerSecondsMax = 2_147_483

/** What all readers of one load share. */
export interface Reading {
  readonly environment: Environment
  readonly mistakes: Mistakes
  readonly warnings: string[]
  readonly flatKeys: FlatKeys
  /** Sections whose class is not ours, collected. */
  readonly customModules: CustomModuleSettings[]
}

export interface Range {
  readonly min: number
  readonly max: number
}

interface Found {
  readonly value: unknown
  readonly shown: string
}

/**
 * Reads the keys of one section: environment first, then file, then default. A value that cannot be used becomes a mistake
 * and reads as its default, so that reading goes on and finds the next mistake. `finish` warns of keys that nobody read.
 */
export class SectionReader {
  readonly path: string
  readonly reading: Reading
  readonly #table: ConfigTable
  readonly #hiddenBy: string | null
  readonly #known = new Set<string>()
  readonly #secret = new Set<string>()

  constructor(section: readonly string[], table: ConfigTable, reading: Reading) {
    this.path = section.join('.')
    this.reading = reading
    this.#table = table
    this.#hiddenBy = reading.environment.hides(section)
    if (this.#hiddenBy !== null && table.size > 0) {
      reading.warnings.push(`${this.path}: the file's section is not used, the variable ${this.#hiddenBy} hides it`)
    }
  }

  has(key: string): boolean {
    return this.#find(key) !== null
  }

  text(key: string, fallback = ''): string {
    return this.#read(key, fallback, toText, 'not a string', 'a string')
  }

  /** `missing`: the sentence for a key that must be there; then `fallback` is not in the range. */
  integer(key: string, fallback: number, range: Range, missing?: string): number {
    const allowed = `a whole number from ${range.min} to ${range.max}`
    const found = this.#find(key)
    if (found === null && missing !== undefined) {
      this.refuse(key, missing, allowed)
      return fallback
    }
    if (found !== null && looksOctal(found.value)) {
      this.refuse(key, 'a number that begins with 0 would be octal', `${allowed}, without a leading 0`)
      return fallback
    }
    const value = this.#read(key, fallback, toInteger, 'not a whole number', allowed)
    if (value >= range.min && value <= range.max) return value
    this.refuse(key, 'out of range', allowed)
    return fallback
  }

  decimal(key: string, fallback: number, range: Range): number {
    const allowed = `a number from ${range.min} to ${range.max}`
    const value = this.#read(key, fallback, toDecimal, 'not a number', allowed)
    if (value >= range.min && value <= range.max) return value
    this.refuse(key, 'out of range', allowed)
    return fallback
  }

  flag(key: string, fallback: boolean): boolean {
    return this.#read(key, fallback, toFlag, 'neither true nor false', 'true, false')
  }

  list(key: string): readonly string[] {
    return this.#read(key, [], toList, 'not a list of strings', 'a list of strings, or one string split at white space')
  }

  /** Text by name: a table, or one string of JSON. Its values are taken to be secret. */
  strings(key: string, convert = toStrings): Readonly<Record<string, string>> {
    this.hide(key)
    return this.#read(key, {}, convert, 'not a table of strings', 'a table such as { name = "text" }')
  }

  /** Text that no message may show. */
  secret(key: string, fallback = ''): string {
    this.hide(key)
    return this.text(key, fallback)
  }

  /** From now on no message shows the value. To be called before it is read. */
  hide(key: string): void {
    this.#secret.add(key)
  }

  /** A key that is known, and that a reader decides about by itself. */
  raw(key: string): unknown {
    return this.#find(key)?.value
  }

  /** Every key of the section, for a class that knows them better than we; tables as plain objects. */
  all(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#table.keys()].map(key => [key, plain(this.raw(key))]))
  }

  refuse(key: string, sentence: string, allowed: string): void {
    const hidden = this.#hiddenBy === null ? null : `nothing, the variable ${this.#hiddenBy} hides the file's section`
    this.reading.mistakes.add(`${this.path}.${key}`, sentence, this.#find(key)?.shown ?? hidden, allowed)
  }

  warn(key: string, sentence: string): void {
    this.reading.warnings.push(`${this.path}.${key}: ${sentence}`)
  }

  /** Keys nobody asked for. The original ignores them, so they are no mistakes; but most are misspelt. */
  finish(): void {
    if (this.#hiddenBy !== null) return
    for (const [key, value] of this.#table) {
      if (this.#known.has(key)) continue
      const what = value instanceof Map ? 'unknown section' : 'unknown key'
      this.warn(key, `${what}, not used${didYouMean(key, this.#known)}`)
    }
  }

  #read<T>(key: string, fallback: T, convert: (value: unknown) => T | undefined, sentence: string, allowed: string): T {
    const found = this.#find(key)
    if (found === null) return fallback
    const value = convert(found.value)
    if (value !== undefined) return value
    this.refuse(key, sentence, allowed)
    return fallback
  }

  #find(key: string): Found | null {
    this.#known.add(key)
    const variable = this.reading.environment.find(`${this.path}.${key}`)
    if (variable)
      return { value: variable.value, shown: `${this.#show(key, variable.value)} from ${variable.variable}` }
    if (this.#hiddenBy !== null) return null
    const value = this.reading.flatKeys.find(`${this.path}.${key}`) ?? this.#table.get(key)
    if (value === undefined || value === null) return null // null is how YAML and JSON say nothing
    return { value, shown: this.#show(key, value) }
  }

  #show(key: string, value: unknown): string {
    return this.#secret.has(key) && value !== '' ? '***' : showValue(value)
  }
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]))
  return Array.isArray(value) ? value.map(plain) : value
}
