/** Go's quoted forms of text (%q) and of one character. */
export function quoted(text: string, asciiOnly = false): string {
  let result = '"'
  for (const character of text) result += escaped(character, '"', asciiOnly)
  return `${result}"`
}

export function quotedRune(codePoint: number, asciiOnly = false): string {
  return `'${escaped(characterOf(codePoint), "'", asciiOnly)}'`
}

/** U+FFFD for what is no character. */
export function characterOf(codePoint: number): string {
  const isCharacter = codePoint >= 0 && codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff)
  return isCharacter ? String.fromCodePoint(codePoint) : '\ufffd'
}

/** Text that a raw string (back quotes) can hold: one line without control characters but tabs. */
export function canBackquote(text: string): boolean {
  return [...text].every(character => {
    if (character === '`' || character === '\ufeff' || character === '\u007f') return false
    return character >= ' ' || character === '\t'
  })
}

/** Letters, marks, numbers, punctuation, symbols and the ASCII blank: what Go shows as it is. */
export function isPrintable(character: string): boolean {
  return character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)
}

function escaped(character: string, quote: string, asciiOnly: boolean): string {
  if (character === quote || character === '\\') return `\\${character}`
  const point = character.codePointAt(0)!
  if (point < 0x80 ? isPrintable(character) : !asciiOnly && isPrintable(character)) return character
  const short = shortEscapes[character]
  if (short) return short
  if (point < 0x20 || point === 0x7f) return `\\x${hex(point, 2)}`
  return point < 0x10000 ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v'
}
