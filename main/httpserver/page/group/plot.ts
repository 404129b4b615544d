import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { tickNames } from '../words/amounts.ts'

/** A line of a plot; its colour is a custom property of the style sheet, so that it follows light and dark. */
export interface PlotLine {
  readonly label: string
  readonly colour: string
  readonly filled?: boolean
  readonly dashed?: boolean
}

export interface Plot {
  /** First the times, then a row for each line. */
  set(data: uPlot.AlignedData): void
  resize(widthPx: number): void
  remove(): void
}

const heightPx = 130

/** uPlot enters here. */
export function createPlot(
  parent: HTMLElement,
  lines: readonly PlotLine[],
  data: uPlot.AlignedData,
  zero: boolean
): Plot {
  const colour = (name: string) => getComputedStyle(parent).getPropertyValue(name).trim()
  const axis = { stroke: () => colour('--faint'), ticks: { show: false }, font: '11px system-ui, sans-serif' }
  const grid = { stroke: () => colour('--line'), width: 1 }
  const plot = new uPlot(
    {
      width: parent.clientWidth || 300,
      height: heightPx,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 28, 0, 0],
      scales: { y: { range: (_plot, min, max) => range(min, max, zero) } },
      axes: [
        { ...axis, grid: { show: false }, size: 24, values: '{HH}:{mm}:{ss}', space: 70 },
        {
          ...axis,
          grid,
          size: 68,
          incrs: wholeSteps,
          values: (_plot, ticks) => tickNames(ticks),
          space: 28
        }
      ],
      series: [
        {},
        ...lines.map(({ label, colour: name, filled, dashed }) => ({
          label,
          stroke: () => colour(name),
          width: 2,
          ...(filled ? { fill: () => `${colour(name)}22` } : {}),
          ...(dashed ? { dash: [6, 4] } : {}),
          points: { size: 5 }
        }))
      ]
    },
    data,
    parent
  )
  return {
    set: next => plot.setData(next),
    resize: widthPx => plot.setSize({ width: widthPx, height: heightPx }),
    remove: () => plot.destroy()
  }
}

/** Records are whole. */
const wholeSteps = Array.from({ length: 15 }, (_, power) => [1, 2, 5].map(step => step * 10 ** power)).flat()

/** Some room above; a line that stands still is in the middle. */
function range(min: number | null, max: number | null, zero: boolean): [number, number] {
  if (min === null || max === null) return [0, 1]
  if (zero) return [0, Math.max(1, max * 1.1)]
  const room = Math.max(1, (max - min) * 0.1)
  return [min - room, max + room]
}
