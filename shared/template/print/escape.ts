import { isPrintable } from './quote.ts'

/** Text inside HTML, attributes included. */
export function htmlEscaped(text: string): string {
  return text.replace(/["'&<>]/g, character => htmlByCharacter[character]!).replaceAll('\u0000', '\ufffd')
}

/** Text inside a string of JavaScript. */
export function jsEscaped(text: string): string {
  return text.replace(/[^ !#-%(-;?-[\]-\u007f]/gu, character => {
    const short = jsByCharacter[character]
    if (short !== undefined) return short
    const point = character.codePointAt(0)!
    if (point >= 0x80 && isPrintable(character)) return character
    return `\\u${point.toString(16).toUpperCase().padStart(4, '0')}`
  })
}

/** A value of a URL's query; a blank becomes a plus sign. */
export function queryEscaped(text: string): string {
  return percentEncoded(text).replaceAll('%20', '+')
}

/** Everything but the unreserved characters of RFC 3986 as %XX of its UTF-8 bytes: safe in a path, a query, a fragment. */
export function percentEncoded(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/[^A-Za-z0-9\-_.~]/g, byte => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

const htmlByCharacter: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;'
}

const jsByCharacter: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D'
}
