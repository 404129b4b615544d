import { quoted } from '../print/quote.ts'
import { nodeText } from './node-text.ts'
import { readNumber } from './number-literal.ts'
import type { Token } from './token.ts'
import type { TokenReader } from './token-reader.ts'
import type { CommandNode, Operand, PipeNode } from './tree.ts'
import { unquote, unquoteCharacter } from './unquote.ts'

/** What a pipeline may refer to, and how deep it may go. */
export interface ParseScope {
  /** Variables in reach, innermost last, `$` first. */
  readonly variables: string[]
  isFunction(name: string): boolean
  /** Counts a block or parenthesis that was entered. */
  enter(): void
  leave(): void
}

export type PipelineEnd = 'right-delimiter' | 'right-parenthesis'

/** `variables? command ('|' command)*` up to and with its end. Variables that it makes are added to the scope. */
export function parsePipeline(reader: TokenReader, scope: ParseScope, context: string, end: PipelineEnd): PipeNode {
  const { at } = reader.peekWord()
  const { variables, isAssignment } = parseVariables(reader, scope, context)
  const commands: CommandNode[] = []
  for (;;) {
    const token = reader.peekWord()
    if (token.type === end) {
      reader.take()
      break
    }
    if (!operandStarts.has(token.type)) throw reader.unexpected(reader.take(), context)
    commands.push(parseCommand(reader, scope))
  }
  checkCommands(reader, commands, context)
  return { kind: 'pipe', at, variables, isAssignment, commands }
}

const operandStarts: ReadonlySet<string> = new Set([
  'bool',
  'character',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'raw-string',
  'string',
  'variable',
  'left-parenthesis'
])

function parseVariables(
  reader: TokenReader,
  scope: ParseScope,
  context: string
): Pick<PipeNode, 'variables' | 'isAssignment'> {
  const variables: string[] = []
  for (;;) {
    const mark = reader.mark()
    const variable = reader.peekWord()
    if (variable.type !== 'variable') return { variables, isAssignment: false }
    reader.take()
    const next = reader.peekWord()
    const isAssignment = next.type === 'assign'
    if (isAssignment || next.type === 'declare') {
      reader.take()
      variables.push(variable.value)
      scope.variables.push(variable.value)
      return { variables, isAssignment }
    }
    if (next.type !== 'other' || next.value !== ',') {
      reader.rewind(mark)
      return { variables, isAssignment: false }
    }
    reader.take()
    variables.push(variable.value)
    scope.variables.push(variable.value)
    if (context !== 'range' || variables.length >= 2) throw reader.error(`too many declarations in ${context}`)
    if (!['variable', 'right-delimiter', 'right-parenthesis'].includes(reader.peekWord().type)) {
      throw reader.error('range can only initialize variables')
    }
  }
}

function checkCommands(reader: TokenReader, commands: readonly CommandNode[], context: string): void {
  if (commands.length === 0) throw reader.error(`missing value for ${context}`)
  commands.forEach((command, index) => {
    const { kind } = command.operands[0]!
    if (index > 0 && ['bool', 'dot', 'nil', 'number', 'string'].includes(kind)) {
      throw reader.error(`non executable command in pipeline stage ${index + 1}`)
    }
  })
}

/** Operands with blanks between, up to a pipe sign (which is taken) or the end of the pipeline (which is not). */
function parseCommand(reader: TokenReader, scope: ParseScope): CommandNode {
  const { at } = reader.peekWord()
  const operands: Operand[] = []
  for (;;) {
    reader.peekWord()
    const operand = parseOperand(reader, scope)
    if (operand !== null) operands.push(operand)
    const { type } = reader.peek()
    if (type === 'right-delimiter' || type === 'right-parenthesis') break
    const token = reader.take()
    if (token.type === 'pipe') break
    if (token.type !== 'space') throw reader.unexpected(token, 'operand')
  }
  if (operands.length === 0) throw reader.error('empty command')
  return { kind: 'command', at, operands }
}

/** A term and the fields behind it. Null: what comes next is no term. */
function parseOperand(reader: TokenReader, scope: ParseScope): Operand | null {
  const term = parseTerm(reader, scope)
  const next = reader.peek()
  if (term === null || next.type !== 'field') return term
  const fields: string[] = []
  while (reader.peek().type === 'field') fields.push(reader.take().value.slice(1))
  const { at } = next
  switch (term.kind) {
    case 'fields':
    case 'variable':
      return { ...term, at, fields: [...term.fields, ...fields] }
    case 'bool':
    case 'string':
    case 'number':
    case 'nil':
    case 'dot':
      throw reader.error(`unexpected . after term ${quoted(nodeText(term))}`)
    default:
      return { kind: 'chain', at, head: term, fields }
  }
}

function parseTerm(reader: TokenReader, scope: ParseScope): Operand | null {
  const token = reader.peekWord()
  const { at, value } = token
  if (!operandStarts.has(token.type)) return null
  reader.take()
  switch (token.type) {
    case 'identifier':
      if (!scope.isFunction(value)) throw reader.error(`function ${quoted(value)} not defined`)
      return { kind: 'function', at, name: value }
    case 'dot':
    case 'nil':
      return { kind: token.type, at }
    case 'variable':
      if (!scope.variables.includes(value)) throw reader.error(`undefined variable ${quoted(value)}`)
      return { kind: 'variable', at, name: value, fields: [] }
    case 'field':
      return { kind: 'fields', at, fields: [value.slice(1)] }
    case 'bool':
      return { kind: 'bool', at, value: value === 'true' }
    case 'number':
    case 'character':
      return parseNumber(reader, token)
    case 'left-parenthesis': {
      scope.enter()
      const pipe = parsePipeline(reader, scope, 'parenthesized pipeline', 'right-parenthesis')
      scope.leave()
      return pipe
    }
    default:
      return { kind: 'string', at, literal: value, value: stringOf(reader, token) }
  }
}

function parseNumber(reader: TokenReader, { type, at, value: text }: Token): Operand {
  if (type === 'character') {
    const point = unquoteCharacter(text)
    if (point === null) throw reader.error(badCharacter(text))
    return { kind: 'number', at, text, value: { integer: BigInt(point), float: point, isFloat: false } }
  }
  const value = readNumber(text)
  if (value === null) {
    const problem = /^[+-]?\d+$/.test(text) ? 'integer overflow' : 'illegal number syntax'
    throw reader.error(`${problem}: ${quoted(text)}`)
  }
  return { kind: 'number', at, text, value }
}

/** Nothing at all and a bad escape are one thing to Go, too many characters are another. */
function badCharacter(literal: string): string {
  return literal === "''" || unquote(literal) === null ? 'invalid syntax' : `malformed character constant: ${literal}`
}

export function stringOf(reader: TokenReader, token: Token): string {
  const text = unquote(token.value)
  if (text === null) throw reader.error('invalid syntax')
  return text
}
