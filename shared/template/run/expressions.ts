import { unreachable } from '../../errors.ts'
import { LimitReached, outputLengthMax } from '../limits.ts'
import { nodeText } from '../syntax/node-text.ts'
import type { ChainNode, CommandNode, FieldsNode, Operand, PipeNode, VariableNode } from '../syntax/tree.ts'
import {
  boolValue,
  dereferenced,
  float64Value,
  intValue,
  isNilPointer,
  isTrue,
  noValue,
  stringValue,
  typeName,
  type Value
} from '../values/value.ts'
import { callOf } from './builtins.ts'
import type { Frame, Node } from './frame.ts'
import { methodOf } from './methods.ts'
import { anything, CallFailed, type Parameter, type TemplateFunction } from './template-function.ts'

/** What the pipeline hands to a command as its last argument; null = it is the first command. */
type Piped = Value | null

/** Evaluates pipelines. All that fails is thrown as BurrowError TEMPLATE_FAILED, or as LimitReached. */
export class Expressions {
  readonly #frame: Frame
  readonly #functions: ReadonlyMap<string, TemplateFunction>

  constructor(frame: Frame, functions: ReadonlyMap<string, TemplateFunction>) {
    this.#frame = frame
    this.#functions = functions
  }

  /** Variables that the pipeline makes stay until the frame pops them. */
  pipeline(dot: Value, pipe: PipeNode): Value {
    const frame = this.#frame
    frame.enter(pipe)
    let value: Piped = null
    for (const command of pipe.commands) value = this.#command(dot, command, value)
    for (const name of pipe.variables) {
      if (pipe.isAssignment) frame.setVariable(name, value!)
      else frame.push(name, value!)
    }
    return value!
  }

  #command(dot: Value, command: CommandNode, piped: Piped): Value {
    const first = command.operands[0]!
    switch (first.kind) {
      case 'fields':
      case 'chain':
      case 'variable':
        return this.#member(dot, first, command.operands, piped)
      case 'function':
        return this.#function(dot, first, command, command.operands, piped)
      case 'pipe':
        this.#mustBeAlone(command.operands, piped)
        return this.pipeline(dot, first)
    }
    this.#frame.enter(first)
    this.#mustBeAlone(command.operands, piped)
    if (first.kind === 'nil') throw this.#frame.error('nil is not a command')
    return first.kind === 'dot' ? dot : this.#literal(first)
  }

  #mustBeAlone(operands: readonly Operand[], piped: Piped): void {
    if (operands.length > 1 || piped !== null) {
      throw this.#frame.error(`can't give argument to non-function ${nodeText(operands[0]!)}`)
    }
  }

  /** A literal that nothing asks a type of. */
  #literal(node: Extract<Operand, { kind: 'bool' | 'number' | 'string' }>): Value {
    this.#frame.enter(node)
    switch (node.kind) {
      case 'bool':
        return boolValue(node.value)
      case 'string':
        return stringValue(node.value)
      case 'number': {
        const { integer, float, isFloat } = node.value
        if (isFloat || integer === null) return float64Value(float)
        if (integer >= 1n << 63n) throw this.#frame.error(`${node.text} overflows int`)
        return intValue(integer)
      }
    }
  }

  /** `.A.B`, `$x.A.B` or `(pipeline).A.B`; the arguments go to the last name, if that is a method. */
  #member(dot: Value, node: FieldsNode | VariableNode | ChainNode, operands: readonly Operand[], piped: Piped): Value {
    const frame = this.#frame
    frame.enter(node)
    let value = dot
    if (node.kind === 'variable') value = frame.variable(node.name)
    if (node.kind === 'chain') {
      if (node.head.kind === 'nil') throw frame.error(`indirection through explicit nil in ${nodeText(node)}`)
      value = this.#argument(dot, node.head, anything)
    }
    if (node.fields.length === 0) {
      this.#mustBeAlone(operands, piped)
      return value
    }
    node.fields.forEach((field, index) => {
      const isLast = index === node.fields.length - 1
      value = this.#field(dot, field, node, isLast ? operands : [], isLast ? piped : null, value)
    })
    return value
  }

  #field(dot: Value, name: string, node: Node, operands: readonly Operand[], piped: Piped, receiver: Value): Value {
    if (receiver.kind === 'none') return noValue
    const frame = this.#frame
    const target = dereferenced(receiver)
    const found = methodOf(target, name)
    if (found) return this.#call(dot, found, node, name, operands, piped)
    const hasArguments = operands.length > 1 || piped !== null
    if (target.kind === 'struct') {
      const fieldName = target.type.aliases?.get(name) ?? name
      const index = target.type.fields.findIndex(field => field.name === fieldName)
      if (index !== -1 && hasArguments) {
        throw frame.error(`${name} has arguments but cannot be invoked as function`)
      }
      if (index !== -1) return target.field(index)
    }
    if (target.kind === 'map') {
      if (hasArguments) throw frame.error(`${name} is not a method but has arguments`)
      return target.entries.get(name) ?? noValue
    }
    if (target.kind === 'pointer' && target.to.fields.some(field => field.name === name)) {
      throw frame.error(`nil pointer evaluating ${typeName(receiver)}.${name}`)
    }
    throw frame.error(`can't evaluate field ${name} in type ${typeName(receiver)}`)
  }

  #function(
    dot: Value,
    node: Extract<Operand, { kind: 'function' }>,
    command: Node,
    operands: readonly Operand[],
    piped: Piped
  ): Value {
    this.#frame.enter(node)
    const { name } = node
    if (name === 'and' || name === 'or') return this.#logic(dot, name, operands, piped)
    if (name === 'call') return this.#callBuiltin(dot, command, operands, piped)
    return this.#call(dot, this.#functions.get(name)!, command, name, operands, piped)
  }

  #call(
    dot: Value,
    called: TemplateFunction,
    node: Node,
    name: string,
    operands: readonly Operand[],
    piped: Piped
  ): Value {
    const { parameters, rest } = called
    const given = operands.slice(1)
    const count = given.length + (piped === null ? 0 : 1)
    if (rest === null ? count !== parameters.length : count < parameters.length) {
      throw this.#wrongCount(
        name,
        rest === null ? `${parameters.length} got ${count}` : `at least ${parameters.length} got ${given.length}`
      )
    }
    const values = given.map((operand, index) => this.#argument(dot, operand, parameters[index] ?? rest!))
    if (piped !== null) values.push(this.#checked(piped, parameters[count - 1] ?? rest!))
    return this.#guarded(node, name, () => {
      const frame = this.#frame
      for (const value of values) if (value.kind === 'string') frame.budget.spendOnText(value.value.length)
      const result = called.call(values, frame)
      if (result.kind === 'string' && result.value.length > outputLengthMax) {
        throw new LimitReached(`text is longer than ${outputLengthMax} characters`)
      }
      return result
    })
  }

  /** What a function says against its arguments becomes an error at the whole command. */
  #guarded(node: Node, name: string, call: () => Value): Value {
    try {
      return call()
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      this.#frame.node = node
      throw this.#frame.error(`error calling ${name}: ${error.message}`)
    }
  }

  /** The first value that decides; those behind it are not evaluated. */
  #logic(dot: Value, name: 'and' | 'or', operands: readonly Operand[], piped: Piped): Value {
    const given = operands.slice(1)
    if (given.length === 0 && piped === null) throw this.#wrongCount(name, 'at least 1 got 0')
    let value: Value = noValue
    for (const operand of given) {
      value = this.#argument(dot, operand, anything)
      if (isTrue(value) === (name === 'or')) return value
    }
    return piped ?? value
  }

  #callBuiltin(dot: Value, command: Node, operands: readonly Operand[], piped: Piped): never {
    const given = operands.slice(1)
    if (given.length === 0 && piped === null) throw this.#wrongCount('call', 'at least 1 got 0')
    const values = given.map(operand => this.#argument(dot, operand, anything))
    const callee = values[0] ?? piped!
    let shown = callee.kind === 'none' ? '<invalid Value>' : `<${typeName(callee)} Value>`
    if (callee.kind === 'string') shown = callee.value
    if (given[0]) shown = nodeText(given[0])
    this.#guarded(command, 'call', () => callOf(callee, shown))
    throw new TypeError('unreachable: call always fails')
  }

  #wrongCount(name: string, what: string): Error {
    return this.#frame.error(`wrong number of args for ${name}: want ${what}`)
  }

  #argument(dot: Value, operand: Operand, parameter: Parameter): Value {
    const frame = this.#frame
    frame.enter(operand)
    switch (operand.kind) {
      case 'dot':
        return this.#checked(dot, parameter)
      case 'nil':
        if (parameter.isNilAllowed) return noValue
        throw frame.error(`cannot assign nil to ${parameter.type}`)
      case 'fields':
      case 'variable':
      case 'chain':
        return this.#checked(this.#member(dot, operand, [operand], null), parameter)
      case 'pipe':
        return this.#checked(this.pipeline(dot, operand), parameter)
      case 'function':
        return this.#checked(this.#function(dot, operand, operand, [operand], null), parameter)
      case 'bool':
      case 'number':
      case 'string':
        return this.#literalAs(operand, parameter)
      default:
        return unreachable(operand)
    }
  }

  #literalAs(operand: Extract<Operand, { kind: 'bool' | 'number' | 'string' }>, parameter: Parameter): Value {
    const frame = this.#frame
    const shown = nodeText(operand)
    switch (parameter.literal) {
      case 'any':
        return this.#literal(operand)
      case 'string':
        if (operand.kind === 'string') return this.#literal(operand)
        throw frame.error(`expected string; found ${shown}`)
      case 'number':
        if (operand.kind === 'number') return this.#literal(operand)
        throw frame.error(`expected number; found ${shown}`)
      case 'integer':
        if (operand.kind === 'number' && operand.value.integer !== null && operand.value.integer < 1n << 63n) {
          return intValue(operand.value.integer, parameter.type)
        }
        throw frame.error(`expected integer; found ${shown}`)
      case 'none':
        throw frame.error(`can't handle ${shown} for arg of type ${parameter.type}`)
    }
  }

  #checked(value: Value, parameter: Parameter): Value {
    if (value.kind === 'none') {
      if (parameter.isNilAllowed) return value
      throw this.#frame.error(`invalid value; expected ${parameter.type}`)
    }
    if (parameter.accepts(value)) return value
    const target = dereferenced(value)
    if (!isNilPointer(target) && target !== value && parameter.accepts(target)) return target
    throw this.#frame.error(`wrong type for value; expected ${parameter.type}; got ${typeName(value)}`)
  }
}
