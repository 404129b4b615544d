import { useEffect, useMemo, useRef } from 'preact/hooks'
import { GroupRows } from '../live/group-rows.ts'
import { monitor } from '../live/live.ts'
import { useValue } from '../live/value.ts'
import { SearchField } from '../parts/search-field.tsx'
import type { GroupsWanted } from '../place.ts'
import { go } from '../route.ts'
import { count, many } from '../words/amounts.ts'
import { ClusterCards } from './cluster-cards.tsx'
import { GroupsTable } from './groups-table.tsx'

/** All clusters, and the groups that the address asks for. */
export function GroupsPage({ wanted }: { wanted: GroupsWanted }) {
  const hello = useValue(monitor.hello)
  const change = (changes: Partial<GroupsWanted>, replace = false) =>
    go({ page: 'groups', list: { ...wanted, ...changes } }, replace)
  return (
    <>
      <h1 class="unseen">Consumer groups</h1>
      <ClusterCards wanted={wanted} />
      <div class="tools">
        <SearchField label="Search groups" value={wanted.search} change={search => change({ search }, true)} />
        <Choices
          label="Status"
          value={wanted.status}
          choices={{ ok: 'All', warn: 'WARN + ERR', err: 'ERR' }}
          change={status => change({ status })}
        />
        <Choices
          label="Order"
          value={wanted.sort}
          choices={{ worst: 'Worst', lag: 'Lag', name: 'Name', commit: 'Silent' }}
          change={sort => change({ sort })}
        />
      </div>
      {hello ? <Groups wanted={wanted} clusters={hello.clusters} /> : <p class="faint">Connecting …</p>}
    </>
  )
}

function Groups({ wanted, clusters }: { wanted: GroupsWanted; clusters: readonly string[] }) {
  const key = JSON.stringify([wanted, clusters])
  const rows = useMemo(() => new GroupRows(wanted, wanted.cluster === null ? clusters : [wanted.cluster]), [key])
  useEffect(() => () => rows.stop(), [rows])
  useValue(rows.version)
  // While a search is under way what was found before stays on the screen.
  const shown = useRef(rows)
  if (rows.loaded || rows.error !== null) shown.current = rows
  const { total } = shown.current
  const { ERR, WARN, OK } = shown.current.counts()
  const found = ERR + WARN + OK
  return (
    <>
      <p class="found" role="status">
        {shown.current.error !== null
          ? `The list could not be made: ${shown.current.error}. Trying again.`
          : shown.current.loaded
            ? `${total === found ? '' : `${count(total)} of `}${many(found, 'group')}: ${count(ERR)} ERR, ${count(WARN)} WARN, ${count(OK)} OK`
            : 'Loading …'}
      </p>
      <GroupsTable
        rows={shown.current}
        withCluster={wanted.cluster === null && clusters.length > 1}
        sort={wanted.sort}
        change={sort => go({ page: 'groups', list: { ...wanted, sort } })}
      />
    </>
  )
}

function Choices<T extends string>(props: {
  label: string
  value: T
  choices: Readonly<Record<T, string>>
  change: (value: T) => void
}) {
  const { label, value, choices, change } = props
  return (
    <fieldset class="choices">
      <legend class="unseen">{label}</legend>
      {(Object.keys(choices) as T[]).map(each => (
        <button key={each} type="button" aria-pressed={each === value} onClick={() => change(each)}>
          {choices[each]}
        </button>
      ))}
    </fieldset>
  )
}
