import { unreachable } from '../../errors.ts'
import { BoundedText, depthMax } from '../limits.ts'
import { percentEncoded } from '../print/escape.ts'
import { plainText } from '../print/format-value.ts'
import { actionText } from '../print/print.ts'
import { quoted } from '../print/quote.ts'
import type { Templates } from '../syntax/parser.ts'
import type { ActionNode, BranchNode, Statement, TemplateNode } from '../syntax/tree.ts'
import { sortedKeys } from '../values/sorted-keys.ts'
import { dereferenced, intValue, isTrue, noValue, stringValue, type Value } from '../values/value.ts'
import { Expressions } from './expressions.ts'
import type { Frame } from './frame.ts'
import type { TemplateFunction } from './template-function.ts'

/** How a body ended: by itself, or by a jump that ends the turn of the innermost loop, or the whole loop. */
type Ending = 'end' | 'break' | 'continue'

/** Runs a template over its data: one object per rendering. */
export class Renderer {
  readonly #frame: Frame
  readonly #templates: Templates
  readonly #expressions: Expressions
  readonly #isUrl: boolean
  readonly #out: BoundedText
  #depth = 0

  constructor(
    frame: Frame,
    templates: Templates,
    functions: ReadonlyMap<string, TemplateFunction>,
    options: { readonly isUrl: boolean }
  ) {
    this.#frame = frame
    this.#templates = templates
    this.#expressions = new Expressions(frame, functions)
    this.#isUrl = options.isUrl
    this.#out = new BoundedText(frame.budget)
  }

  /** Throws BurrowError TEMPLATE_FAILED. */
  render(data: Value): string {
    this.#frame.push('$', data)
    try {
      this.#walk(data, this.#templates.get(this.#frame.name)!)
    } catch (error) {
      throw this.#frame.placed(error)
    }
    return this.#out.toString()
  }

  #walk(dot: Value, statements: readonly Statement[]): Ending {
    if (++this.#depth > depthMax) throw this.#frame.error(`exceeded maximum template depth (${depthMax})`)
    for (const statement of statements) {
      const ending = this.#statement(dot, statement)
      if (ending !== 'end') {
        this.#depth--
        return ending
      }
    }
    this.#depth--
    return 'end'
  }

  #statement(dot: Value, node: Statement): Ending {
    this.#frame.enter(node)
    switch (node.kind) {
      case 'text':
        this.#out.write(node.text)
        return 'end'
      case 'action':
        this.#action(dot, node)
        return 'end'
      case 'if':
      case 'with':
        return this.#choice(dot, node)
      case 'range':
        return this.#range(dot, node)
      case 'template':
        this.#template(dot, node)
        return 'end'
      case 'break':
      case 'continue':
        return node.kind
      default:
        return unreachable(node)
    }
  }

  #action(dot: Value, node: ActionNode): void {
    const frame = this.#frame
    const value = this.#expressions.pipeline(dot, node.pipe)
    if (node.pipe.variables.length > 0) return
    frame.enter(node)
    const text = actionText(value, frame.budget)
    this.#out.write(this.#isUrl && this.#out.length > 0 && !isEscaped(node) ? percentEncoded(text) : text)
  }

  #choice(dot: Value, node: BranchNode): Ending {
    const frame = this.#frame
    const outside = frame.variables.length
    const value = this.#expressions.pipeline(dot, node.pipe)
    let ending: Ending = 'end'
    if (isTrue(value)) ending = this.#walk(node.kind === 'with' ? value : dot, node.body)
    else if (node.otherwise) ending = this.#walk(dot, node.otherwise)
    frame.popTo(outside)
    return ending
  }

  #range(dot: Value, node: BranchNode): Ending {
    const frame = this.#frame
    const outside = frame.variables.length
    const value = dereferenced(this.#expressions.pipeline(dot, node.pipe))
    const inside = frame.variables.length
    let wasEmpty = true
    for (const [index, element] of this.#elements(value, node)) {
      wasEmpty = false
      frame.budget.spend(1)
      this.#setLoopVariables(node, index, element)
      const ending = this.#walk(element, node.body)
      frame.popTo(inside)
      if (ending === 'break') break
    }
    let ending: Ending = 'end'
    if (wasEmpty && node.otherwise) ending = this.#walk(dot, node.otherwise)
    frame.popTo(outside)
    return ending
  }

  /** Index or key, and element. */
  *#elements(value: Value, node: BranchNode): Generator<readonly [Value, Value]> {
    switch (value.kind) {
      case 'none':
        return
      case 'int':
      case 'uint':
        if (node.pipe.variables.length > 1) {
          const shown = plainText(value, this.#frame.budget)
          throw this.#frame.error(`can't use ${shown} to iterate over more than one variable`)
        }
        for (let count = 0n; count < value.value; count++) yield [noValue, { ...value, value: count }]
        return
      case 'slice':
        for (let index = 0; index < value.length; index++) yield [intValue(index), value.at(index)]
        return
      case 'map':
        this.#frame.budget.spend(value.entries.size)
        for (const key of sortedKeys(value)) yield [stringValue(key), value.entries.get(key)!]
        return
      default:
        throw this.#frame.error(`range can't iterate over ${plainText(value, this.#frame.budget)}`)
    }
  }

  #setLoopVariables({ pipe }: BranchNode, index: Value, element: Value): void {
    const frame = this.#frame
    const [first, second] = pipe.variables
    if (first === undefined) return
    if (!pipe.isAssignment) {
      frame.setFromEnd(1, element)
      if (second !== undefined) frame.setFromEnd(2, index)
    } else {
      frame.setVariable(first, second === undefined ? element : index)
      if (second !== undefined) frame.setVariable(second, element)
    }
  }

  /** The template sees nothing but what it is given. */
  #template(dot: Value, node: TemplateNode): void {
    const frame = this.#frame
    const body = this.#templates.get(node.name)
    if (!body) throw frame.error(`template ${quoted(node.name)} not defined`)
    const value = node.pipe === null ? noValue : this.#expressions.pipeline(dot, node.pipe)
    const { variables, templateName } = frame
    frame.variables = [{ name: '$', value }]
    frame.templateName = node.name
    this.#walk(value, body)
    frame.variables = variables
    frame.templateName = templateName
  }
}

/** Whether the author of the URL has escaped the value already. */
function isEscaped(node: ActionNode): boolean {
  const last = node.pipe.commands.at(-1)!.operands[0]!
  return last.kind === 'function' && last.name === 'urlquery'
}
