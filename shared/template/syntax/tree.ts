import type { NumberLiteral } from './number-literal.ts'

/** A template as a tree. `at` is a place in the source, in UTF-16 units: the one that Go would name in an error. */
export type Statement = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode

export interface TextNode {
  readonly kind: 'text'
  readonly at: number
  readonly text: string
}

/** `{{pipeline}}` */
export interface ActionNode {
  readonly kind: 'action'
  readonly at: number
  readonly pipe: PipeNode
}

export interface BranchNode {
  readonly kind: 'if' | 'with' | 'range'
  readonly at: number
  readonly pipe: PipeNode
  readonly body: readonly Statement[]
  /** null = there is no else. */
  readonly otherwise: readonly Statement[] | null
}

/** `{{template "name" pipeline}}` */
export interface TemplateNode {
  readonly kind: 'template'
  readonly at: number
  readonly name: string
  readonly pipe: PipeNode | null
}

export interface JumpNode {
  readonly kind: 'break' | 'continue'
  readonly at: number
}

/** `$i, $x := command | command` */
export interface PipeNode {
  readonly kind: 'pipe'
  readonly at: number
  /** Names of variables that are made, or that get a new value (`isAssignment`). */
  readonly variables: readonly string[]
  readonly isAssignment: boolean
  readonly commands: readonly CommandNode[]
}

/** An operand and its arguments, at least one. */
export interface CommandNode {
  readonly kind: 'command'
  readonly at: number
  readonly operands: readonly Operand[]
}

export type Operand =
  | { readonly kind: 'dot'; readonly at: number }
  | { readonly kind: 'nil'; readonly at: number }
  | { readonly kind: 'bool'; readonly at: number; readonly value: boolean }
  | { readonly kind: 'number'; readonly at: number; readonly text: string; readonly value: NumberLiteral }
  | { readonly kind: 'string'; readonly at: number; readonly literal: string; readonly value: string }
  | { readonly kind: 'function'; readonly at: number; readonly name: string }
  | FieldsNode
  | VariableNode
  | ChainNode
  | PipeNode

/** `.A.B` */
export interface FieldsNode {
  readonly kind: 'fields'
  readonly at: number
  readonly fields: readonly string[]
}

/** `$x.A.B` */
export interface VariableNode {
  readonly kind: 'variable'
  readonly at: number
  readonly name: string
  readonly fields: readonly string[]
}

/** `(pipeline).A.B`, `function.A.B` */
export interface ChainNode {
  readonly kind: 'chain'
  readonly at: number
  readonly head: Operand
  readonly fields: readonly string[]
}
