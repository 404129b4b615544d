import { useEffect, useRef } from 'preact/hooks'
import type { PartitionExplanation } from '../live/shapes.ts'
import { visibleName } from '../words/visible-name.ts'
import { createPlot, type Plot, type PlotLine } from './plot.ts'
import { windowSeries } from './window-series.ts'

const lagLines: readonly PlotLine[] = [{ label: 'lag', colour: '--plot-lag', filled: true }]
const offsetLines: readonly PlotLine[] = [
  { label: 'end offset', colour: '--plot-end', dashed: true },
  { label: 'commits', colour: '--plot-commit' }
]

/** Lag over the window, and commits against end offsets. */
export function PartitionPlots({ of, evaluatedAt }: { of: PartitionExplanation; evaluatedAt: number }) {
  const { times, lags, commits, endOffsets } = windowSeries(of, evaluatedAt)
  if (times.length === 0) return null
  const name = visibleName(`${of.topic}/${of.partition}`, 60)
  return (
    <div class="plots">
      <figure>
        <figcaption>
          <i class="key lag" /> Lag
        </figcaption>
        <PlotBox label={`Lag of ${name}`} lines={lagLines} data={[[...times], [...lags]]} zero />
      </figure>
      <figure>
        <figcaption>
          <i class="key commit" /> Commits <i class="key end" /> End offset
        </figcaption>
        <PlotBox
          label={`Commits and end offsets of ${name}`}
          lines={offsetLines}
          data={[[...times], [...endOffsets], [...commits]]}
          zero={false}
        />
      </figure>
    </div>
  )
}

type Data = [number[], ...(number | null)[][]]

/** A plot that is made when it is first seen, and changed in place from then on. */
function PlotBox(props: { label: string; lines: readonly PlotLine[]; data: Data; zero: boolean }) {
  const { label, lines, data, zero } = props
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<Plot | null>(null)
  const newest = useRef(data)
  newest.current = data
  useEffect(() => {
    const element = box.current
    if (!element) return
    const seen = new IntersectionObserver(
      entries => {
        if (plot.current || !entries.some(({ isIntersecting }) => isIntersecting)) return
        plot.current = createPlot(element, lines, newest.current, zero)
        seen.disconnect()
      },
      { rootMargin: '200px' }
    )
    seen.observe(element)
    const sized = new ResizeObserver(() => plot.current?.resize(element.clientWidth))
    sized.observe(element)
    // Colours are read when it is drawn.
    const redraw = () => plot.current?.set(newest.current)
    const theme = new MutationObserver(redraw)
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', redraw)
    return () => {
      seen.disconnect()
      sized.disconnect()
      theme.disconnect()
      scheme.removeEventListener('change', redraw)
      plot.current?.remove()
      plot.current = null
    }
  }, [])
  useEffect(() => plot.current?.set(data), [data])
  return <div class="plot" ref={box} role="img" aria-label={label} />
}
