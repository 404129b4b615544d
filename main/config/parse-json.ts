import { configError } from './mistakes.ts'

/** JSON (RFC 8259). Of a key that is there twice the last one counts, as with the original. */
export function parseJson(text: string, file: string): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const { message } = cause as Error
    const at = /at position (\d+)/.exec(message)?.[1]
    const reason = message.replace(/ in JSON.*$/s, '')
    throw configError(`While parsing config: ${file}${placeOf(text, at)}: ${reason}`, file, [], cause)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw configError(`While parsing config: ${file}: not an object {...}`, file)
}

/** `:line:column`, both from 1. */
function placeOf(text: string, at: string | undefined): string {
  if (at === undefined) return ''
  const before = text.slice(0, Number(at)).split('\n')
  return `:${before.length}:${before.at(-1)!.length + 1}`
}
