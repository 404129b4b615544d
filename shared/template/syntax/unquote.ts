/**
 * The text of a quoted string or character constant of Go, or null if it is not a good one. Bytes given as \xff that make no
 * UTF-8 become U+FFFD, where Go keeps them.
 */
export function unquote(literal: string): string | null {
  if (literal[0] === '`') return literal.slice(1, -1).replaceAll('\r', '')
  const quote = literal[0]!
  const body = literal.slice(1, -1)
  const pieces: Buffer[] = []
  let at = 0
  while (at < body.length) {
    const backslash = body.indexOf('\\', at)
    const end = backslash === -1 ? body.length : backslash
    pieces.push(Buffer.from(body.slice(at, end)))
    if (backslash === -1) break
    const piece = escapeAt(body, backslash, quote)
    if (piece === null) return null
    pieces.push(piece.bytes)
    at = piece.end
  }
  return Buffer.concat(pieces).toString()
}

/** The code point of a character constant, or null. */
export function unquoteCharacter(literal: string): number | null {
  const octetEscape = /^'\\(?:x([0-9a-fA-F]{2})|([0-7]{3}))'$/.exec(literal)
  if (octetEscape) {
    const octet =
      octetEscape[1] === undefined ? Number.parseInt(octetEscape[2]!, 8) : Number.parseInt(octetEscape[1], 16)
    return octet > 0xff ? null : octet
  }
  const text = unquote(literal)
  return text !== null && [...text].length === 1 ? text.codePointAt(0)! : null
}

const escapePattern = /\\(?:([abfnrtv\\'"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y

function escapeAt(body: string, at: number, quote: string): { bytes: Buffer; end: number } | null {
  escapePattern.lastIndex = at
  const found = escapePattern.exec(body)
  if (!found) return null
  const [whole, short, hex, octal, four, eight] = found
  const end = at + whole.length
  if (short !== undefined) {
    if ((short === '"' || short === "'") && short !== quote) return null
    return { bytes: Buffer.from(textByShort[short] ?? short), end }
  }
  if (hex !== undefined) return { bytes: Buffer.of(Number.parseInt(hex, 16)), end }
  if (octal !== undefined) {
    const octet = Number.parseInt(octal, 8)
    return octet > 0xff ? null : { bytes: Buffer.of(octet), end }
  }
  const point = Number.parseInt(four ?? eight!, 16)
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return null
  return { bytes: Buffer.from(String.fromCodePoint(point)), end }
}

const textByShort: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v'
}
