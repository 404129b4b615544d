import { monitor } from '../live/live.ts'
import type { ClusterEvent } from '../live/shapes.ts'
import { useValue } from '../live/value.ts'
import { Name } from '../parts/name.tsx'
import { StatusMark, type Tone } from '../parts/status-mark.tsx'
import { type GroupsWanted, hrefOf } from '../place.ts'
import { many, roughly } from '../words/amounts.ts'

/** Clusters at a glance, worst first; each is a link to its groups. */
export function ClusterCards({ wanted }: { wanted: GroupsWanted }) {
  const clusters = worstFirst([...useValue(monitor.clusters).values()])
  if (clusters.length === 0) return null
  return (
    <ul class="cards" aria-label="Clusters, worst first">
      {clusters.map(cluster => (
        <li key={cluster.name}>
          <Card cluster={cluster} wanted={wanted} />
        </li>
      ))}
    </ul>
  )
}

function Card({ cluster, wanted }: { cluster: ClusterEvent; wanted: GroupsWanted }) {
  const { name, up, ready, error, groups, ok, warn, err, totalLag, topics } = cluster
  const chosen = wanted.cluster === name
  const to = hrefOf({ page: 'groups', list: { ...wanted, cluster: chosen ? null : name } })
  return (
    <a class={`card ${toneOfCluster(cluster)}`} href={to} aria-current={chosen ? 'true' : undefined}>
      <span class="card-name">
        <Name name={name} max={60} />
        {!up && <span class="tag err">down</span>}
        {up && !ready && <span class="tag warn">reading</span>}
      </span>
      <span class="card-counts">
        <StatusMark status="ERR" label={`${roughly(err)} ERR`} />
        <StatusMark status="WARN" label={`${roughly(warn)} WARN`} />
        <StatusMark status="OK" label={`${roughly(ok)} OK`} />
      </span>
      <span class="card-foot">
        {error === null ? `${roughly(totalLag)} behind · ${many(groups, 'group')} · ${many(topics, 'topic')}` : error}
      </span>
    </a>
  )
}

/** Down, then most ERR, then most WARN, then most lag, then by name. */
export function worstFirst(clusters: readonly ClusterEvent[]): ClusterEvent[] {
  return [...clusters].sort(
    (a, b) =>
      Number(a.up) - Number(b.up) ||
      b.err - a.err ||
      b.warn - a.warn ||
      b.totalLag - a.totalLag ||
      a.name.localeCompare(b.name)
  )
}

function toneOfCluster({ up, err, warn }: ClusterEvent): Tone {
  if (!up || err > 0) return 'err'
  return warn > 0 ? 'warn' : 'ok'
}
