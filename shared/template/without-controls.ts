import type { NotifierData } from './template.ts'

/**
 * `data` without control characters. Kafka takes any name for a group: one with a line break in it must not write lines, let
 * alone headers, of our mail. Any thread.
 */
export function withoutControls(data: NotifierData): NotifierData {
  return cleaned(data)
}

/** The data is plain: texts, numbers, null, lists and objects. */
function cleaned<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll(/[\p{Cc}\u2028\u2029]/gu, '\ufffd') as T
  if (Array.isArray(value)) return value.map(cleaned) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cleaned(part)])) as T
}
