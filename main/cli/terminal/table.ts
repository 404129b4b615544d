import { bold, paint, type Screen } from './screen.ts'
import { fitText, textWidth } from './text-width.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** May be cut down to this many columns; without it, it is shown in full or left out. */
  readonly narrowest?: number
  /** The highest goes first when the table is too wide; without it, it stays. */
  readonly expendable?: number
}

/** A row has a text per column, which safeText has seen. The first column is painted by `status`. */
export interface Row {
  readonly status: string
  readonly cells: readonly string[]
}

/** Lines of a table that is no wider than the screen. */
export function tableLines(columns: readonly Column[], rows: readonly Row[], screen: Screen): string[] {
  const widths = columns.map((column, index) =>
    rows.reduce((most, { cells }) => Math.max(most, textWidth(cells[index]!)), textWidth(column.title))
  )
  const shown = fitColumns(columns, widths, screen.width)
  const line = (text: (index: number) => string, status: string | null) => {
    const cells = shown.map(({ index, width }, place) => {
      const last = place === shown.length - 1
      const { align = 'left' } = columns[index]!
      const cell = fitText(text(index), width, align)
      const plain = last ? cell.trimEnd() : cell
      return status !== null && index === 0 ? paint(plain, status, screen) : plain
    })
    return cells.join(gap).trimEnd()
  }
  const head = bold(
    line(index => columns[index]!.title, null),
    screen
  )
  return [head, ...rows.map(({ status, cells }) => line(index => cells[index]!, status))]
}

interface Shown {
  readonly index: number
  readonly width: number
}

/** Leaves out columns, then cuts the widest of those that may be cut, until all fits. */
function fitColumns(columns: readonly Column[], widths: readonly number[], limit: number | null): readonly Shown[] {
  let shown = widths.map((width, index) => ({ index, width }))
  if (limit === null) return shown
  const total = () => shown.reduce((sum, { width }) => sum + width + gap.length, -gap.length)
  const narrowest = () =>
    shown.reduce(
      (sum, { index, width }) => sum + Math.min(width, columns[index]!.narrowest ?? width) + gap.length,
      -gap.length
    )
  while (narrowest() > limit) {
    const drop = shown.reduce<Shown | null>((most, each) => {
      const rank = columns[each.index]!.expendable ?? -1
      return rank > (most ? columns[most.index]!.expendable! : -1) ? each : most
    }, null)
    if (!drop) break
    shown = shown.filter(({ index }) => index !== drop.index)
  }
  for (let over = total() - limit; over > 0; over--) {
    const widest = shown
      .filter(({ index, width }) => width > (columns[index]!.narrowest ?? width))
      .reduce<Shown | null>((most, each) => (most === null || each.width > most.width ? each : most), null)
    if (!widest) break
    shown = shown.map(each => (each.index === widest.index ? { ...each, width: each.width - 1 } : each))
  }
  return shown
}

const gap = '  '
