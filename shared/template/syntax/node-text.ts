import { unreachable } from '../../errors.ts'
import { quoted } from '../print/quote.ts'
import type { CommandNode, Operand, PipeNode, Statement } from './tree.ts'

/** A node as Go shows it in an error, between `<` and `>`. */
export function nodeText(node: Statement | CommandNode | Operand): string {
  switch (node.kind) {
    case 'text':
      return quoted(node.text)
    case 'action':
      return `{{${pipeText(node.pipe)}}}`
    case 'if':
    case 'with':
    case 'range': {
      const otherwise = node.otherwise === null ? '' : `{{else}}${node.otherwise.map(nodeText).join('')}`
      return `{{${node.kind} ${pipeText(node.pipe)}}}${node.body.map(nodeText).join('')}${otherwise}{{end}}`
    }
    case 'template':
      return `{{template ${quoted(node.name)}${node.pipe === null ? '' : ` ${pipeText(node.pipe)}`}}}`
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`
    case 'pipe':
      return pipeText(node)
    case 'command':
      return node.operands.map(operandText).join(' ')
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
    case 'bool':
      return String(node.value)
    case 'number':
      return node.text
    case 'string':
      return node.literal
    case 'function':
      return node.name
    case 'fields':
      return node.fields.map(field => `.${field}`).join('')
    case 'variable':
      return [node.name, ...node.fields].join('.')
    case 'chain':
      return [operandText(node.head), ...node.fields].join('.')
    default:
      return unreachable(node)
  }
}

function pipeText(pipe: PipeNode): string {
  const variables = pipe.variables.length === 0 ? '' : `${pipe.variables.join(', ')} ${pipe.isAssignment ? '=' : ':='} `
  return variables + pipe.commands.map(nodeText).join(' | ')
}

function operandText(operand: Operand): string {
  return operand.kind === 'pipe' ? `(${pipeText(operand)})` : nodeText(operand)
}
