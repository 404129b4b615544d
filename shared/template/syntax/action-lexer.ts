import { isPrintable, quoted } from '../print/quote.ts'
import { isSpace, rightDelimiter, type Token, type TokenType } from './token.ts'

/** Cuts the inside of one action, `{{` to `}}`, into tokens. */
export class ActionLexer {
  readonly #source: string
  readonly #tokens: Token[]
  #at: number
  #openParentheses = 0

  constructor(source: string, at: number, tokens: Token[]) {
    this.#source = source
    this.#at = at
    this.#tokens = tokens
  }

  /** Returns where the closing delimiter (or its trim marker) begins; null after an error. */
  run(): number | null {
    for (;;) {
      if (this.#isAtEnd(this.#at)) {
        if (this.#openParentheses > 0) {
          this.#fail('unclosed left paren')
          return null
        }
        const isTrimmed = isSpace(this.#source[this.#at])
        this.#tokens.push({ type: 'right-delimiter', value: rightDelimiter, at: this.#at + (isTrimmed ? 2 : 0) })
        return this.#at
      }
      if (!this.#token()) return null
    }
  }

  /** One token; false after an error. */
  #token(): boolean {
    const source = this.#source
    const start = this.#at
    const character = source[start]
    if (character === undefined) return this.#fail('unclosed action')
    if (isSpace(character)) return this.#space()
    switch (character) {
      case '=':
        return this.#emit('assign', start + 1)
      case ':':
        return source[start + 1] === '=' ? this.#emit('declare', start + 2) : this.#fail('expected :=')
      case '|':
        return this.#emit('pipe', start + 1)
      case '"':
        return this.#quoted('"', 'string', 'unterminated quoted string')
      case "'":
        return this.#quoted("'", 'character', 'unterminated character constant')
      case '`': {
        const end = source.indexOf('`', start + 1)
        return end === -1 ? this.#fail('unterminated raw quoted string') : this.#emit('raw-string', end + 1)
      }
      case '(':
        this.#openParentheses++
        return this.#emit('left-parenthesis', start + 1)
      case ')':
        if (--this.#openParentheses < 0) return this.#fail('unexpected right paren')
        return this.#emit('right-parenthesis', start + 1)
    }
    if (character === '$') return this.#name('variable')
    if (character === '.' && !/[0-9]/.test(source[start + 1] ?? '')) return this.#name('field')
    if (/[+\-.0-9]/.test(character)) return this.#number()
    if (wordPattern.test(characterAt(source, start))) return this.#word()
    return /[!-~]/.test(character)
      ? this.#emit('other', start + 1)
      : this.#fail(`unrecognized character in action: ${unicodeForm(characterAt(source, start))}`)
  }

  /** A blank before `-}}` belongs to the delimiter. */
  #space(): boolean {
    const start = this.#at
    let end = start
    while (isSpace(this.#source[end])) end++
    if (this.#isAtEnd(end - 1)) end--
    return this.#emit('space', end)
  }

  /** A point or dollar sign and the word behind it, if there is one. */
  #name(type: 'field' | 'variable'): boolean {
    const start = this.#at
    const end = this.#afterWord(start + 1)
    if (!this.#isTerminated(end)) return this.#fail(`bad character ${unicodeForm(characterAt(this.#source, end))}`)
    return this.#emit(type === 'field' && end === start + 1 ? 'dot' : type, end)
  }

  #word(): boolean {
    const end = this.#afterWord(this.#at)
    if (!this.#isTerminated(end)) return this.#fail(`bad character ${unicodeForm(characterAt(this.#source, end))}`)
    const word = this.#source.slice(this.#at, end)
    if (word === 'nil') return this.#emit('nil', end)
    if (word === 'true' || word === 'false') return this.#emit('bool', end)
    return this.#emit(keywords.has(word) ? 'keyword' : 'identifier', end)
  }

  #number(): boolean {
    const end = this.#afterNumber(this.#at)
    const next = characterAt(this.#source, end)
    const isComplex = next === '+' || next === '-' // Go has numbers like 1+2i; there is no use for them here
    if (!isComplex && !wordPattern.test(next)) return this.#emit('number', end)
    const text = this.#source.slice(this.#at, isComplex ? this.#afterNumber(end) : end + next.length)
    return this.#fail(`bad number syntax: ${quoted(text)}`)
  }

  #quoted(quote: string, type: TokenType, complaint: string): boolean {
    for (let end = this.#at + 1; ; end++) {
      const character = this.#source[end]
      const escaped = character === '\\' ? this.#source[++end] : character
      if (escaped === undefined || escaped === '\n') return this.#fail(complaint)
      if (character === quote) return this.#emit(type, end + 1)
    }
  }

  #afterNumber(from: number): number {
    numberPattern.lastIndex = from
    return from + numberPattern.exec(this.#source)![0].length
  }

  #afterWord(from: number): number {
    wordsPattern.lastIndex = from
    return from + wordsPattern.exec(this.#source)![0].length
  }

  #isTerminated(at: number): boolean {
    const next = this.#source[at]
    return next === undefined || isSpace(next) || '.,|:)('.includes(next) || this.#source.startsWith(rightDelimiter, at)
  }

  #isAtEnd(at: number): boolean {
    const source = this.#source
    if (source.startsWith(rightDelimiter, at)) return true
    return isSpace(source[at]) && source.startsWith(`-${rightDelimiter}`, at + 1)
  }

  #emit(type: TokenType, end: number): true {
    this.#tokens.push({ type, value: this.#source.slice(this.#at, end), at: this.#at })
    this.#at = end
    return true
  }

  #fail(value: string): false {
    this.#tokens.push({ type: 'error', value, at: this.#at })
    return false
  }
}

const keywords = new Set(['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with'])
const wordPattern = /^[\p{L}\p{Nd}_]$/u
const wordsPattern = /[\p{L}\p{Nd}_]*/uy
/** Loose, as in Go: what is wrong is found when the number is made. */
const numberPattern =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y

function characterAt(source: string, at: number): string {
  const point = source.codePointAt(at)
  return point === undefined ? '' : String.fromCodePoint(point)
}

/** `U+0021 '!'`, without the character if it cannot be shown; -1 at the end of the source, as Go says it. */
function unicodeForm(character: string): string {
  const point = character.codePointAt(0)
  if (point === undefined) return 'U+FFFFFFFFFFFFFFFF'
  const code = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return isPrintable(character) ? `${code} '${character}'` : code
}
