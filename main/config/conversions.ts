import { type ConfigTable, keyAsWritten } from './config-tree.ts'

/**
 * From what a file or variable holds to the type a key has, with Go's liberties (spec 05 section 2): numbers and booleans may
 * be strings, a list may be one string split at white space. Where the original would read 0 or false of nonsense, these
 * return undefined and the caller refuses.
 */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  return undefined
}

export function toInteger(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  if (typeof value !== 'string') return undefined
  const text = value.trim().replace(/\.0+$/, '')
  const [, sign, digits] = /^([+-]?)(0|[1-9]\d*|0x[\da-f]+|0o[0-7]+|0b[01]+)$/i.exec(text) ?? []
  if (digits === undefined) return undefined
  const size = Number(digits)
  return sign === '-' && size !== 0 ? -size : size
}

/** `017` is 15 to the original, 17 to most people: refused with its own sentence (spec 09, A4). */
export function looksOctal(value: unknown): boolean {
  return typeof value === 'string' && /^[+-]?0\d+$/.test(value.trim())
}

export function toDecimal(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim())) return undefined
  return Number(value)
}

const truths = new Set<unknown>([true, 1, '1', 't', 'T', 'TRUE', 'true', 'True'])
const lies = new Set<unknown>([false, 0, '0', 'f', 'F', 'FALSE', 'false', 'False'])

export function toFlag(value: unknown): boolean | undefined {
  return truths.has(value) ? true : lies.has(value) ? false : undefined
}

/** A table, or JSON in one string, which is how a variable holds one. Keys of a table are in lower case. */
export function toStrings(value: unknown): Record<string, string> | undefined {
  return stringsOf(value, (_, key) => key)
}

/** The same with keys as they were written. */
export function toStringsAsWritten(value: unknown): Record<string, string> | undefined {
  return stringsOf(value, keyAsWritten)
}

function stringsOf(
  value: unknown,
  nameOf: (table: ConfigTable, key: string) => string
): Record<string, string> | undefined {
  const table = typeof value === 'string' ? parseJsonTable(value) : value
  if (!(table instanceof Map)) return undefined
  const entries = [...table].map(([key, inner]): [string, string | undefined] => [
    nameOf(table, String(key)),
    toText(inner)
  ])
  return entries.every((entry): entry is [string, string] => entry[1] !== undefined)
    ? Object.fromEntries(entries)
    : undefined
}

function parseJsonTable(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isTable ? new Map(Object.entries(value)) : undefined
  } catch {
    return undefined
  }
}

export function toList(value: unknown): string[] | undefined {
  if (typeof value === 'string') return value.split(/\s+/).filter(part => part !== '')
  if (!Array.isArray(value)) return undefined
  const texts = value.map(toText)
  return texts.every(text => text !== undefined) ? texts : undefined
}
