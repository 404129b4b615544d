import { useEffect } from 'preact/hooks'
import { ask, pathOf } from '../live/ask.ts'
import { monitor } from '../live/live.ts'
import type { GroupExplanation, PartitionStatus } from '../live/shapes.ts'
import { useKeys } from '../parts/keys.ts'
import { Name } from '../parts/name.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { useClock } from '../parts/use-clock.ts'
import { anyGroups, hrefOf, type Place } from '../place.ts'
import { go } from '../route.ts'
import { clockTime, count, duration, many } from '../words/amounts.ts'
import { visibleName } from '../words/visible-name.ts'
import { Partitions } from './partitions.tsx'

/** One group: why it has its status, what comes, and the window of each of its partitions. */
export function GroupPage({ place }: { place: Extract<Place, { page: 'group' }> }) {
  const { cluster, group } = place
  const { value, error, again } = useAnswer(`${cluster}\n${group}`, async signal =>
    ask<GroupExplanation>(pathOf.explain(cluster, group), 'explanation', signal)
  )
  useEffect(
    () =>
      monitor.onGroups(event => {
        if (event.cluster !== cluster) return
        if (event.more || event.gone.includes(group) || event.rows.some(row => row.group === group)) again()
      }),
    [cluster, group, again]
  )
  useKeys(({ key }) => {
    if (key === 'Escape') go({ page: 'groups', list: anyGroups })
  })
  return (
    <>
      <nav class="crumbs" aria-label="Where this is">
        <a href={hrefOf({ page: 'groups', list: anyGroups })}>Groups</a> /{' '}
        <a href={hrefOf({ page: 'groups', list: { ...anyGroups, cluster } })}>
          <Name name={cluster} max={60} />
        </a>
      </nav>
      <h1 class="name">
        <bdi>{visibleName(group, 40_000)}</bdi>
      </h1>
      {error && <p class="banner err">{error.message}. Trying again.</p>}
      {value ? <Explained of={value} place={place} /> : !error && <p class="faint">Loading …</p>}
    </>
  )
}

function Explained({ of, place }: { of: GroupExplanation; place: Extract<Place, { page: 'group' }> }) {
  const nowMs = useClock()
  const { status, sentence, totallag, partition_count, counts, complete, forecast, expires_at, partitions } = of
  const last = partitions.reduce((newest, { commits }) => Math.max(newest, commits.at(-1)?.timestamp ?? 0), 0)
  return (
    <>
      <section class={`verdict ${status.toLowerCase()}`} aria-label="Verdict">
        <p class="sentence">
          <StatusMark status={status} /> <bdi>{visibleName(withoutStatus(sentence, status), 2000)}</bdi>
        </p>
        {forecast && (
          <p>
            <strong>What comes:</strong> {forecast.sentence}
          </p>
        )}
        <dl class="facts">
          <Fact name="Total lag" value={count(totallag)} />
          <Fact name="Partitions" value={countsLine(partition_count, counts)} />
          <Fact name="Last commit" value={last === 0 ? 'never' : `${duration(nowMs - last)} ago`} />
          <Fact name="Windows full" value={`${Math.round(complete * 100)} %`} />
          {expires_at !== null && <Fact name="Forgotten without a commit" value={clockTime(expires_at, nowMs)} />}
        </dl>
      </section>
      <Partitions of={of} bad={place.bad} change={bad => go({ ...place, bad }, true)} />
    </>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function countsLine(total: number, counts: Readonly<Record<PartitionStatus, number>>): string {
  const bad = (['STOP', 'STALL', 'REWIND', 'WARN'] as const)
    .filter(status => counts[status] > 0)
    .map(status => `${count(counts[status])} ${status}`)
  return bad.length > 0 ? `${count(total)}: ${bad.join(', ')}` : many(total, 'partition').replace(/ .*/, ', all OK')
}

/** The status is beside it already. */
const withoutStatus = (sentence: string, status: string): string =>
  sentence.startsWith(`${status}: `) ? sentence.slice(status.length + 2) : sentence
