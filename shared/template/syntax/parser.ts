import { BurrowError } from '../../errors.ts'
import { nestingMax, sourceLengthMax } from '../limits.ts'
import { quoted } from '../print/quote.ts'
import { lex } from './lexer.ts'
import { type ParseScope, parsePipeline, stringOf } from './pipeline-parser.ts'
import { TokenReader } from './token-reader.ts'
import type { BranchNode, JumpNode, PipeNode, Statement, TemplateNode } from './tree.ts'

/** The templates of one file by name; the text outside of all `define` is under the name of the file. */
export type Templates = ReadonlyMap<string, readonly Statement[]>

/** Throws BurrowError TEMPLATE_INVALID with Go's words for what is wrong. `isFunction` says which names may be called. */
export function parse(name: string, source: string, isFunction: (name: string) => boolean): Templates {
  if (source.length > sourceLengthMax) {
    const message = `template: ${name}: longer than ${sourceLengthMax} characters`
    throw new BurrowError('TEMPLATE_INVALID', message, { template: name })
  }
  return new Parser(new TokenReader(name, source, lex(source)), isFunction).parse()
}

interface Jump {
  readonly kind: 'end' | 'else'
}

class Parser {
  readonly #reader: TokenReader
  readonly #isFunction: (name: string) => boolean
  readonly #templates = new Map<string, readonly Statement[]>()
  #nesting = 0
  // Of the template that is being read; a define or block inside has its own.
  #scope: ParseScope
  #openRanges = 0

  constructor(reader: TokenReader, isFunction: (name: string) => boolean) {
    this.#reader = reader
    this.#isFunction = isFunction
    this.#scope = this.#newScope()
  }

  parse(): Templates {
    const reader = this.#reader
    const main: Statement[] = []
    while (reader.peek().type !== 'eof') {
      const mark = reader.mark()
      const isAction = reader.take().type === 'left-delimiter'
      if (isAction && isKeyword(reader.peekWord(), 'define')) {
        reader.take()
        this.#definition()
        continue
      }
      reader.rewind(mark)
      const node = this.#textOrAction()
      if (isJump(node)) throw reader.error(`unexpected {{${node.kind}}}`)
      main.push(node)
    }
    this.#add(reader.name, main)
    return this.#templates
  }

  /** `{{define "name"}} ... {{end}}`, of which the keyword was read. */
  #definition(): void {
    const reader = this.#reader
    const token = reader.takeWord()
    if (token.type !== 'string' && token.type !== 'raw-string') throw reader.unexpected(token, 'define clause')
    const name = stringOf(reader, token)
    reader.expect('right-delimiter', 'define clause')
    this.#inNewScope(name, 'define clause')
  }

  /** Text, or a whole action with its body; `end` and `else` for who opened the block. */
  #textOrAction(): Statement | Jump {
    const reader = this.#reader
    const token = reader.takeWord()
    if (token.type === 'text') return { kind: 'text', at: token.at, text: token.value }
    if (token.type !== 'left-delimiter') throw reader.unexpected(token, 'input')
    reader.actionAt = token.at
    const node = this.#action()
    reader.actionAt = null
    return node
  }

  #action(): Statement | Jump {
    const reader = this.#reader
    const token = reader.peekWord()
    const { at } = token
    if (token.type === 'keyword' && token.value !== 'define') {
      reader.take()
      switch (token.value) {
        case 'break':
        case 'continue':
          return this.#jump(token.value, at)
        case 'else':
          return this.#else()
        case 'end':
          reader.expect('right-delimiter', 'end')
          return { kind: 'end' }
        case 'block':
          return this.#block()
        case 'template':
          return this.#template()
        default:
          return this.#branch(token.value as BranchNode['kind'])
      }
    }
    return { kind: 'action', at, pipe: this.#pipeline('command') }
  }

  #branch(kind: BranchNode['kind']): BranchNode {
    this.#enter()
    const { variables } = this.#scope
    const outside = variables.length
    const pipe = this.#pipeline(kind)
    if (kind === 'range') this.#openRanges++
    const { statements: body, end } = this.#statements()
    if (kind === 'range') this.#openRanges--
    const otherwise = end === 'else' ? this.#otherwise(kind) : null
    variables.length = outside
    this.#leave()
    return { kind, at: pipe.at, pipe, body, otherwise }
  }

  /** `else`, or `else if` and `else with`, whose one `end` ends both. */
  #otherwise(kind: BranchNode['kind']): readonly Statement[] {
    const reader = this.#reader
    if (kind !== 'range' && isKeyword(reader.peekWord(), kind)) {
      reader.take()
      return [this.#branch(kind)]
    }
    const { statements, end } = this.#statements()
    if (end !== 'end') throw reader.error('expected end; found {{else}}')
    return statements
  }

  #else(): Jump {
    const next = this.#reader.peekWord()
    if (!isKeyword(next, 'if') && !isKeyword(next, 'with')) this.#reader.expect('right-delimiter', 'else')
    return { kind: 'else' }
  }

  #jump(kind: JumpNode['kind'], at: number): JumpNode {
    const reader = this.#reader
    const token = reader.takeWord()
    if (token.type !== 'right-delimiter') throw reader.unexpected(token, `{{${kind}}}`)
    if (this.#openRanges === 0) throw reader.error(`{{${kind}}} outside {{range}}`)
    return { kind, at }
  }

  /** `{{block "name" pipeline}} ... {{end}}`: a definition and its call. */
  #block(): TemplateNode {
    const { name, at } = this.#templateName('block clause')
    const pipe = this.#pipeline('block clause')
    this.#inNewScope(name, 'block clause')
    return { kind: 'template', at, name, pipe }
  }

  #template(): TemplateNode {
    const { name, at } = this.#templateName('template clause')
    if (this.#reader.peekWord().type !== 'right-delimiter') {
      return { kind: 'template', at, name, pipe: this.#pipeline('template clause') }
    }
    this.#reader.take()
    return { kind: 'template', at, name, pipe: null }
  }

  #templateName(context: string): { name: string; at: number } {
    const token = this.#reader.takeWord()
    if (token.type !== 'string' && token.type !== 'raw-string') throw this.#reader.unexpected(token, context)
    return { name: stringOf(this.#reader, token), at: token.at }
  }

  /** Statements up to `end` or `else`. */
  #statements(): { statements: readonly Statement[]; end: Jump['kind'] } {
    const statements: Statement[] = []
    while (this.#reader.peekWord().type !== 'eof') {
      const node = this.#textOrAction()
      if (isJump(node)) return { statements, end: node.kind }
      statements.push(node)
    }
    throw this.#reader.error('unexpected EOF')
  }

  /** The body of a definition: nothing of what surrounds it is in its reach. */
  #inNewScope(name: string, context: string): void {
    const { actionAt } = this.#reader
    const scope = this.#scope
    const openRanges = this.#openRanges
    this.#enter()
    this.#scope = this.#newScope()
    this.#openRanges = 0
    this.#reader.actionAt = null
    const { statements, end } = this.#statements()
    if (end !== 'end') throw this.#reader.error(`unexpected {{${end}}} in ${context}`)
    this.#add(name, statements)
    this.#reader.actionAt = actionAt
    this.#scope = scope
    this.#openRanges = openRanges
    this.#leave()
  }

  /** An empty template never replaces, and is always replaced. */
  #add(name: string, statements: readonly Statement[]): void {
    const earlier = this.#templates.get(name)
    if (earlier === undefined || isBlank(earlier)) this.#templates.set(name, statements)
    else if (!isBlank(statements)) {
      throw this.#reader.error(`template: multiple definition of template ${quoted(name)}`)
    }
  }

  #pipeline(context: string): PipeNode {
    return parsePipeline(this.#reader, this.#scope, context, 'right-delimiter')
  }

  #newScope(): ParseScope {
    return {
      variables: ['$'],
      isFunction: this.#isFunction,
      enter: () => this.#enter(),
      leave: () => this.#leave()
    }
  }

  #enter(): void {
    if (++this.#nesting > nestingMax) {
      throw this.#reader.error(`more than ${nestingMax} blocks and parentheses inside each other`)
    }
  }

  #leave(): void {
    this.#nesting--
  }
}

/** Nothing but space. */
export function isBlank(statements: readonly Statement[]): boolean {
  return statements.every(node => node.kind === 'text' && node.text.trim() === '')
}

function isJump(node: Statement | Jump): node is Jump {
  return node.kind === 'end' || node.kind === 'else'
}

function isKeyword(token: { readonly type: string; readonly value: string }, word: string): boolean {
  return token.type === 'keyword' && token.value === word
}
