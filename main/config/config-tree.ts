import type { Mistakes } from './mistakes.ts'
import { showValue } from './mistakes.ts'

/**
 * A configuration file as nested maps, all keys in lower case (spec 05 section 2); values keep their case. Maps and not
 * objects, so that a section named `constructor` is a section like any other. Values: string, number, bigint, boolean, Date,
 * arrays of these, ConfigTable.
 */
export type ConfigTable = ReadonlyMap<string, unknown>

/** How the keys of a table were written, by lower-case key; only tables that have a key with a capital letter. */
const writtenKeys = new WeakMap<ConfigTable, ReadonlyMap<string, string>>()

/** Two spellings of one key are a mistake: Burrow keeps one of them, by chance. */
export function lowerCaseKeys(table: object, mistakes: Mistakes, path = ''): ConfigTable {
  const lowered = new Map<string, unknown>()
  const written = new Map<string, string>()
  for (const [key, value] of Object.entries(table)) {
    const name = key.toLowerCase()
    const at = path === '' ? name : `${path}.${name}`
    if (lowered.has(name)) {
      mistakes.add(at, 'is there twice, in two spellings', showValue(key), 'one spelling, case does not matter')
      continue
    }
    if (name !== key) written.set(name, key)
    lowered.set(name, isTable(value) ? lowerCaseKeys(value, mistakes, at) : value)
  }
  if (written.size > 0) writtenKeys.set(lowered, written)
  return lowered
}

/** For the few tables whose keys go out of the program as they are. */
export function keyAsWritten(table: ConfigTable, key: string): string {
  return writtenKeys.get(table)?.get(key) ?? key
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
