import type { LagSample } from '../live/lag-history.ts'

const width = 72
const height = 20

/** How the lag has gone since this page was opened: a line, and a word for who does not see it. */
export function Trend({ samples }: { samples: readonly LagSample[] }) {
  if (samples.length < 2) return <span class="faint">…</span>
  const first = samples[0]!
  const last = samples.at(-1)!
  let least = first.lag
  let most = 1
  for (const { lag } of samples) {
    least = Math.min(least, lag)
    most = Math.max(most, lag)
  }
  const range = Math.max(most - least, most / 20) // what moves by less is a line that hardly moves
  const span = Math.max(1, last.atMs - first.atMs)
  const points = samples.map(({ atMs, lag }) => {
    const x = ((atMs - first.atMs) / span) * (width - 2) + 1
    return `${x.toFixed(1)},${(height - 2 - ((lag - least) / range) * (height - 4)).toFixed(1)}`
  })
  const word = wordOf(first.lag, last.lag, most)
  return (
    <span class={`trend ${word}`} title={`lag is ${word}`}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        <polyline points={points.join(' ')} />
      </svg>
      <span class="unseen">{word}</span>
    </span>
  )
}

/** Less than a hundredth of the largest lag is no direction. */
function wordOf(first: number, last: number, most: number): 'rising' | 'falling' | 'steady' {
  if (Math.abs(last - first) < most / 100) return 'steady'
  return last > first ? 'rising' : 'falling'
}
