import { BurrowError } from '../../errors.ts'
import { LimitReached, StepBudget } from '../limits.ts'
import { quoted } from '../print/quote.ts'
import { nodeText } from '../syntax/node-text.ts'
import { placeOf } from '../syntax/source-place.ts'
import type { CommandNode, Operand, Statement } from '../syntax/tree.ts'
import type { TimeZone, Value } from '../values/value.ts'
import { CallFailed } from './template-function.ts'

export type Node = Statement | CommandNode | Operand

interface Variable {
  readonly name: string
  value: Value
}

/** So many names of variables are compared in the time of one step. */
const comparedPerStep = 8
/** Longer pieces of a template are cut off in errors. */
const shownLengthMax = 1000

/** What one rendering knows while it runs: where it is, its variables, what it may still spend. */
export class Frame {
  readonly name: string
  readonly #source: string
  readonly budget = new StepBudget()
  readonly zone: TimeZone
  /** Node that errors name: the last that was entered, as in Go. */
  node: Node | null = null
  /** Template that runs, of those in the file. */
  templateName: string
  variables: Variable[] = []

  constructor(name: string, source: string, zone: TimeZone) {
    this.name = name
    this.#source = source
    this.zone = zone
    this.templateName = name
  }

  enter(node: Node): void {
    this.node = node
    this.budget.spend(1)
  }

  push(name: string, value: Value): void {
    this.variables.push({ name, value })
  }

  /** Forgets the variables made since there were `count`. */
  popTo(count: number): void {
    this.variables.length = count
  }

  /** The `nth` from the end gets a value. */
  setFromEnd(nth: number, value: Value): void {
    this.variables[this.variables.length - nth]!.value = value
  }

  setVariable(name: string, value: Value): void {
    this.#variable(name).value = value
  }

  variable(name: string): Value {
    return this.#variable(name).value
  }

  /** TEMPLATE_FAILED at the node that runs; `facts` have file, line and column. */
  error(what: string): BurrowError {
    const { name, node, templateName } = this
    if (node === null) return new BurrowError('TEMPLATE_FAILED', `template: ${name}: ${what}`, { template: name })
    const { line, column } = placeOf(this.#source, node.at)
    const at = `executing ${quoted(templateName)} at <${shortened(nodeText(node))}>`
    return new BurrowError('TEMPLATE_FAILED', `template: ${name}:${line}:${column}: ${at}: ${shortened(what)}`, {
      template: name,
      line,
      column
    })
  }

  /** What was thrown below, with the place if it does not know it. */
  placed(thrown: unknown): unknown {
    return thrown instanceof LimitReached || thrown instanceof CallFailed ? this.error(thrown.message) : thrown
  }

  #variable(name: string): Variable {
    this.budget.spend(Math.floor(this.variables.length / comparedPerStep))
    const found = this.variables.findLast(variable => variable.name === name)
    if (!found) throw this.error(`undefined variable: ${name}`)
    return found
  }
}

function shortened(text: string): string {
  return text.length > shownLengthMax ? `${text.slice(0, shownLengthMax)}...` : text
}
