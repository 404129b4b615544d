import { BurrowError } from '../../errors.ts'
import { quoted } from '../print/quote.ts'
import { placeOf } from './source-place.ts'
import type { Token, TokenType } from './token.ts'

/** Walks over the tokens for the parsers, and makes their errors. */
export class TokenReader {
  readonly name: string
  readonly #source: string
  readonly #tokens: readonly Token[]
  #next = 0
  /** The farthest that was looked at: errors name its line, as Go does. */
  #farthest = 0
  /** Where the action began that is being read, null outside of actions. */
  actionAt: number | null = null

  constructor(name: string, source: string, tokens: readonly Token[]) {
    this.name = name
    this.#source = source
    this.#tokens = tokens
  }

  /** The next token, which stays the next. */
  peek(): Token {
    this.#farthest = Math.max(this.#farthest, this.#next)
    return this.#tokens[this.#next] ?? this.#tokens.at(-1)!
  }

  take(): Token {
    const token = this.peek()
    this.#next++
    return token
  }

  peekWord(): Token {
    while (this.peek().type === 'space') this.#next++
    return this.peek()
  }

  takeWord(): Token {
    this.peekWord()
    return this.take()
  }

  expect(type: TokenType, context: string): Token {
    const token = this.takeWord()
    if (token.type !== type) throw this.unexpected(token, context)
    return token
  }

  mark(): number {
    return this.#next
  }

  /** Back to a mark. */
  rewind(mark: number): void {
    this.#next = mark
  }

  unexpected(token: Token, context: string): BurrowError {
    if (token.type !== 'error') return this.error(`unexpected ${tokenText(token)} in ${context}`)
    const start = this.actionAt === null ? null : placeOf(this.#source, this.actionAt).line
    if (start === null || start === placeOf(this.#source, token.at).line) return this.error(token.value)
    const action = token.value.endsWith(' action') ? '' : ' in action'
    return this.error(`${token.value}${action} started at ${this.name}:${start}`)
  }

  /** TEMPLATE_INVALID with the file and line; `facts` have them by name. */
  error(what: string): BurrowError {
    const { line } = placeOf(this.#source, this.#tokens[Math.min(this.#farthest, this.#tokens.length - 1)]!.at)
    return new BurrowError('TEMPLATE_INVALID', `template: ${this.name}:${line}: ${what}`, { template: this.name, line })
  }
}

const shownCharactersMax = 10

function tokenText({ type, value }: Token): string {
  if (type === 'eof') return 'EOF'
  if (type === 'keyword' || type === 'nil' || type === 'dot') return `<${value}>`
  const characters = [...value.slice(0, 4 * shownCharactersMax)]
  if (Buffer.byteLength(value) <= shownCharactersMax) return quoted(value)
  return `${quoted(characters.slice(0, shownCharactersMax).join(''))}...`
}
