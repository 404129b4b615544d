import type { Comparison, ComparisonReport } from './compare.ts'
import type { BenchDocument, FigureRow, SuiteResult } from './document.ts'
import { largest, median, smallest } from './statistics.ts'

/** Markdown tables, to be read as they are and pasted as they are. */
export function documentTables({ suites, machine, burrow }: BenchDocument): string {
  const head = `burrow ${burrow}, Node ${machine.node}, ${machine.cores} x ${machine.cpu}, ${machine.memoryGb} GB`
  return [head, ...suites.map(suiteTable)].join('\n\n')
}

export function suiteTable({ suite, sizes, rounds, seconds, checked, notes, rows }: SuiteResult): string {
  const loads = Object.entries(sizes).map(([name, value]) => `${name} ${number(value)}`)
  const title = `${suite}: ${[...loads, `${rounds} ${rounds === 1 ? 'round' : 'rounds'}`].join(', ')}`
  const end = `${number(checked)} results checked, all right; ${seconds.toFixed(1)} s`
  const table = markdown(['case', 'figure', 'median', 'min', 'max', 'unit'], rows.map(rowCells))
  return [title, '', table, '', ...notes, end].join('\n')
}

export function comparisonTable({ comparisons, warnings }: ComparisonReport): string {
  const columns = ['suite', 'case', 'figure', 'before', 'now', 'unit', 'ratio', 'verdict']
  return [markdown(columns, comparisons.map(comparisonCells)), ...warnings.map(warning => `! ${warning}`)].join('\n')
}

/** Enough digits to see a difference, no more. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '-'
  const size = Math.abs(value)
  if (Number.isInteger(value) || size >= 1000) return Math.round(value).toLocaleString('en-US')
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4)
}

function rowCells(row: FigureRow): string[] {
  const { values } = row
  const spread = values.length > 1 ? [number(smallest(values)), number(largest(values))] : ['', '']
  return [row.case, row.figure, number(median(values)), ...spread, row.unit]
}

function comparisonCells({ suite, case: name, figure, before, after, unit, ratio, verdict }: Comparison): string[] {
  return [suite, name, figure, number(before), number(after), unit, `x${ratio.toFixed(2)}`, verdict]
}

/** Text to the left, numbers to the right. */
function markdown(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((title, at) => Math.max(title.length, 3, ...rows.map(row => row[at]!.length)))
  const isNumber = columns.map((_, at) => rows.length > 0 && rows.every(row => /^(x?-?[\d,.]+|-|)$/.test(row[at]!)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (isNumber[at] ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))).join(' | ')} |`
  const rule = widths.map((width, at) => `${'-'.repeat(width - 1)}${isNumber[at] ? ':' : '-'}`)
  return [line(columns), line(rule), ...rows.map(line)].join('\n')
}
