import { isUtf8 } from 'node:buffer'

/**
 * The target of a request line, taken apart as Go's net/url does it (spec 04 section 2). Main thread; pure.
 *
 * Paths are byte strings here: one character is one byte, so that names that are not UTF-8 stay what they are.
 */
export interface RequestTarget {
  /** `http://host` of an absolute-form target, '' otherwise. */
  readonly origin: string
  /** Percent-decoded; `*` for the asterisk form. */
  readonly path: string
  /** Raw, with its question mark; '' when there is none. */
  readonly query: string
}

/** Null = refused: a control character, a bad percent escape, or neither a path nor an absolute URL. */
export function parseTarget(target: string): RequestTarget | null {
  if (hasControlCharacter(target)) return null
  const absolute = target.startsWith('/') ? null : absoluteForm.exec(target)
  if (!target.startsWith('/') && !absolute && target !== '*') return null
  const origin = absolute ? `${absolute[1]!.toLowerCase()}${absolute[2]}` : ''
  const rest = absolute ? absolute[3]! : target
  const queryAt = rest.indexOf('?')
  const path = decodePercent(queryAt < 0 ? rest : rest.slice(0, queryAt))
  return path === null ? null : { origin, path, query: queryAt < 0 ? '' : rest.slice(queryAt) }
}

/**
 * Text of a byte string. Each byte that is not UTF-8 becomes a lone low surrogate (U+DC00 + byte): it matches no name there is,
 * and our JSON writers show it as Go shows such a byte, `\ufffd`, while a real U+FFFD stays one.
 */
export function bytesToText(path: string): string {
  if (!hasHighByte(path)) return path
  const bytes = Buffer.from(path, 'latin1')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at]!)
    const character = bytes.subarray(at, at + length)
    const valid = character.length === length && isUtf8(character)
    text += valid ? character.toString('utf8') : String.fromCharCode(0xdc00 + bytes[at]!)
    at += valid ? length : 1
  }
  return text
}

/** A path (byte string) as it stands in a Location: what Go's URL.String() leaves alone stays, all else is `%XX`. */
export function encodePath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-_.~$&+,/:;=@]/g, percent)
}

/** Bytes beyond ASCII as `%XX`, for a header. */
export function encodeHighBytes(text: string): string {
  return text.replace(/[\x80-\xff]/g, percent)
}

/** scheme, authority, the rest. */
const absoluteForm = /^([A-Za-z][A-Za-z0-9+.-]*:)(\/\/[^/?]*)(.*)$/

function decodePercent(text: string): string | null {
  if (!text.includes('%')) return text
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return null
  return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

/** Bytes of a UTF-8 sequence, by its first byte; 1 for a byte that cannot be a first one. */
function sequenceLength(first: number): number {
  if (first < 0xc0) return 1
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}

function hasHighByte(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) >= 0x80) return true
  return false
}
