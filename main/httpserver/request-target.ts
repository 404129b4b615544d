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
 * The same target, but with `slashInName` for each `%2F` of its path: what whoever escaped a name meant. Null if it has none.
 * For a target that parseTarget takes.
 */
export function parseTargetOfNames(target: string): RequestTarget | null {
  const queryAt = target.indexOf('?')
  const written = queryAt < 0 ? target : target.slice(0, queryAt)
  const marked = written.replace(/%2f/gi, slashInName)
  return marked === written ? null : parseTarget(marked + target.slice(written.length))
}

/** Stands for a slash that belongs to a name and parts nothing. No byte string has it. */
export const slashInName = '\uffff'

/**
 * Text of a byte string. Each byte that is not UTF-8 becomes a lone low surrogate (U+DC00 + byte): it matches no name there is,
 * and our JSON writers show it as Go shows such a byte, `\ufffd`, while a real U+FFFD stays one.
 */
export function bytesToText(path: string): string {
  if (!hasHighByte(path)) return path
  if (path.includes(slashInName)) return bytesToText(path.replaceAll(slashInName, '/'))
  const bytes = Buffer.from(path, 'latin1')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]!
    if (first < 0x80) {
      text += String.fromCharCode(first)
      at++
      continue
    }
    const length = sequenceLength(first)
    const character = bytes.subarray(at, at + length)
    const valid = character.length === length && isUtf8(character)
    text += valid ? character.toString('utf8') : String.fromCharCode(0xdc00 + first)
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

/** Without a function call per escape: a target may have 40,000 of them. */
function decodePercent(text: string): string | null {
  const pieces = text.split('%')
  let path = pieces[0]!
  for (let index = 1; index < pieces.length; index++) {
    const piece = pieces[index]!
    const high = hexDigit(piece.charCodeAt(0))
    const low = hexDigit(piece.charCodeAt(1))
    if (high < 0 || low < 0) return null
    path += String.fromCharCode(high * 16 + low) + piece.slice(2)
  }
  return path
}

/** -1 for what is none, NaN (beyond the end) included. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

function percent(character: string): string {
  if (character === slashInName) return '%2F'
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
