import type { PlacedRow } from '../live/group-rows.ts'
import { lagHistory } from '../live/lag-history.ts'
import { Name } from '../parts/name.tsx'
import { StatusMark, toneOf } from '../parts/status-mark.tsx'
import { Trend } from '../parts/trend.tsx'
import { hrefOf } from '../place.ts'
import { clockTime, count, duration, many } from '../words/amounts.ts'

/** One group, at its place; an empty line until it is fetched. */
export function GroupRowLine(props: {
  index: number
  top: number
  placed: PlacedRow | null
  withCluster: boolean
  nowMs: number
  selected: boolean
}) {
  const { index, top, placed, withCluster, nowMs, selected } = props
  const style = { transform: `translateY(${top}px)` }
  if (!placed) {
    return (
      <div role="row" class="grid-row" aria-rowindex={index + 2} style={style}>
        <span role="cell" class="faint">
          …
        </span>
      </div>
    )
  }
  const { cluster, row } = placed
  const { group, status, totallag, last_commit, since, maxlag, partition_count } = row
  return (
    <div
      role="row"
      class={`grid-row ${toneOf[status]} ${selected ? 'selected' : ''}`}
      aria-rowindex={index + 2}
      style={style}
    >
      <span role="cell" class="status-cell">
        <StatusMark status={status} />
      </span>
      <span role="cell" class="group">
        <a href={hrefOf({ page: 'group', cluster, group, bad: false })}>
          <Name name={group} />
        </a>
      </span>
      {withCluster && (
        <span role="cell" class="cluster">
          <Name name={cluster} />
        </span>
      )}
      <span role="cell" class="lag number" title={many(partition_count, 'partition')}>
        {count(totallag)}
      </span>
      <span role="cell" class="trend-cell">
        <Trend samples={lagHistory.of(cluster, group)} />
      </span>
      <span role="cell" class="commit number" title={last_commit === null ? 'never' : clockTime(last_commit, nowMs)}>
        {last_commit === null ? 'never' : `${duration(nowMs - last_commit)} ago`}
      </span>
      <span role="cell" class="since number">
        {since === null ? '–' : duration(nowMs - since)}
      </span>
      <span role="cell" class="worst">
        {maxlag === null ? '–' : <Name name={`${maxlag.topic}/${maxlag.partition}`} />}
      </span>
      <span role="cell" class="owner">
        {maxlag && (maxlag.client_id || maxlag.owner) ? <Name name={ownerOf(maxlag)} /> : '–'}
      </span>
    </div>
  )
}

export function ownerOf({ owner, client_id }: { readonly owner: string; readonly client_id: string }): string {
  return [client_id, owner.replace(/^\//, '')].filter(text => text !== '').join(' @ ')
}
