import { ActionLexer } from './action-lexer.ts'
import { isSpace, leftDelimiter, rightDelimiter, type Token } from './token.ts'

/**
 * Cuts a template into tokens. Comments and what trim markers take away are gone; a mistake is a token of type `error`
 * behind which nothing but `eof` follows, so that the parser can say in which action it stands.
 */
export function lex(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const open = source.indexOf(leftDelimiter, at)
    const textEnd = open === -1 ? source.length : open
    const afterOpen = textEnd + leftDelimiter.length
    const isTrimmed = open !== -1 && source[afterOpen] === '-' && isSpace(source[afterOpen + 1])
    const text = isTrimmed ? withoutTrailingSpace(source.slice(at, textEnd)) : source.slice(at, textEnd)
    if (text !== '') tokens.push({ type: 'text', value: text, at })
    if (open === -1) break
    const inside = isTrimmed ? afterOpen + trimMarkerLength : afterOpen
    if (source.startsWith('/*', inside)) {
      const comment = afterComment(source, inside)
      if (typeof comment === 'string') return withError(tokens, comment, inside)
      at = comment
    } else {
      tokens.push({ type: 'left-delimiter', value: leftDelimiter, at: open })
      const action = new ActionLexer(source, inside, tokens)
      const end = action.run()
      if (end === null) return withEnd(tokens, source.length)
      at = afterRightDelimiter(source, end)
    }
  }
  return withEnd(tokens, source.length)
}

const trimMarkerLength = 2

/** Where the text goes on, or what is wrong. */
function afterComment(source: string, at: number): number | string {
  const end = source.indexOf('*/', at + 2)
  if (end === -1) return 'unclosed comment'
  const close = end + 2
  const isTrimmed = isSpace(source[close]) && source.startsWith(`-${rightDelimiter}`, close + 1)
  if (!isTrimmed && !source.startsWith(rightDelimiter, close)) return 'comment ends before closing delimiter'
  return afterRightDelimiter(source, close)
}

/** `at`: at the delimiter or at the blank of its trim marker. */
function afterRightDelimiter(source: string, at: number): number {
  if (!isSpace(source[at])) return at + rightDelimiter.length
  let end = at + trimMarkerLength + rightDelimiter.length
  while (isSpace(source[end])) end++
  return end
}

function withoutTrailingSpace(text: string): string {
  let end = text.length
  while (end > 0 && isSpace(text[end - 1])) end--
  return text.slice(0, end)
}

function withError(tokens: Token[], value: string, at: number): readonly Token[] {
  tokens.push({ type: 'error', value, at })
  return withEnd(tokens, at)
}

function withEnd(tokens: Token[], at: number): readonly Token[] {
  tokens.push({ type: 'eof', value: 'EOF', at })
  return tokens
}
