import { useEffect, useRef, useState } from 'preact/hooks'
import type { GroupRows } from '../live/group-rows.ts'
import { takesText, useKeys } from '../parts/keys.ts'
import { useClock } from '../parts/use-clock.ts'
import { heightMaxPx, useNarrow, useSeenRows } from '../parts/virtual-rows.ts'
import type { GroupsWanted } from '../place.ts'
import { GroupRowLine } from './group-row-line.tsx'

const rowPx = { wide: 36, narrow: 64 }

/** The groups, of which only those on the screen are elements. */
export function GroupsTable(props: {
  rows: GroupRows
  withCluster: boolean
  sort: GroupsWanted['sort']
  change: (sort: GroupsWanted['sort']) => void
}) {
  const { rows, withCluster, sort, change } = props
  const height = useNarrow() ? rowPx.narrow : rowPx.wide
  const total = Math.min(rows.total, Math.floor(heightMaxPx / height))
  const body = useRef<HTMLDivElement>(null)
  const { from, to } = useSeenRows(body, total, height)
  useEffect(() => rows.see(from, to), [rows, from, to, total])
  const selected = useRowKeys(body, total, height)
  const nowMs = useClock()
  const lines = []
  for (let index = from; index < to; index++) {
    const placed = rows.at(index)
    const key = placed ? `${placed.cluster}\n${placed.row.group}` : `${index}`
    lines.push(
      <GroupRowLine
        key={key}
        index={index}
        top={index * height}
        placed={placed}
        withCluster={withCluster}
        nowMs={nowMs}
        selected={index === selected}
      />
    )
  }
  const heading = (name: string, label: string, order?: GroupsWanted['sort']) => (
    <Heading key={name} name={name} label={label} order={order} sort={sort} change={change} />
  )
  return (
    <div
      class={`grid groups ${withCluster ? 'with-cluster' : ''}`}
      role="table"
      aria-label="Groups"
      aria-rowcount={total + 1}
    >
      <div role="rowgroup" class="grid-head">
        <div role="row" class="grid-row" aria-rowindex={1}>
          {heading('status', 'Status', 'worst')}
          {heading('group', 'Group', 'name')}
          {withCluster && heading('cluster', 'Cluster')}
          {heading('lag', 'Lag', 'lag')}
          {heading('trend', 'Trend')}
          {heading('commit', 'Last commit', 'commit')}
          {heading('since', 'Bad since')}
          {heading('worst', 'Most behind')}
          {heading('owner', 'Owner')}
        </div>
      </div>
      <div role="rowgroup" class="grid-body" ref={body} style={{ height: `${total * height}px` }}>
        {lines}
      </div>
      {total < rows.total && <p class="faint">More groups than can be shown here: search for the rest.</p>}
    </div>
  )
}

function Heading(props: {
  name: string
  label: string
  order: GroupsWanted['sort'] | undefined
  sort: GroupsWanted['sort']
  change: (sort: GroupsWanted['sort']) => void
}) {
  const { name, label, order, sort, change } = props
  if (order === undefined) {
    return (
      <span role="columnheader" class={name}>
        {label}
      </span>
    )
  }
  const direction = order === 'lag' || order === 'worst' ? 'descending' : 'ascending'
  return (
    <span role="columnheader" class={name} aria-sort={order === sort ? direction : 'none'}>
      <button type="button" class="plain" onClick={() => change(order)}>
        {label}
        {order === sort && <span aria-hidden="true">{direction === 'descending' ? ' ↓' : ' ↑'}</span>}
      </button>
    </span>
  )
}

/** j, k and the arrows go from row to row; Enter follows the link that has the focus, as everywhere. */
function useRowKeys(body: { current: HTMLDivElement | null }, total: number, height: number): number {
  const [selected, select] = useState(-1)
  useKeys(event => {
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key]
    if (step === undefined || total === 0) return
    event.preventDefault()
    select(before => Math.max(0, Math.min(total - 1, before + step)))
  })
  useEffect(() => {
    const element = body.current
    if (selected < 0 || !element) return
    const top = element.getBoundingClientRect().top + selected * height
    const headPx = 90 // the page's bar and the table's head stay on the screen
    if (top < headPx) scrollBy(0, top - headPx)
    else if (top + height > innerHeight) scrollBy(0, top + height - innerHeight + 8)
    // The row may be drawn only after the scrolling; meanwhile somebody may have begun to type.
    const focus = () => {
      if (takesText(document.activeElement)) return
      element.querySelector<HTMLElement>(`[aria-rowindex="${selected + 2}"] a`)?.focus({ preventScroll: true })
    }
    const frame = requestAnimationFrame(() => requestAnimationFrame(focus))
    return () => cancelAnimationFrame(frame)
  }, [selected, height])
  return selected < total ? selected : -1
}
