import { useEffect, useRef } from 'preact/hooks'
import { ask, pathOf } from '../live/ask.ts'
import { monitor } from '../live/live.ts'
import { useValue } from '../live/value.ts'
import { Name } from '../parts/name.tsx'
import { SearchField } from '../parts/search-field.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { useSeenRows } from '../parts/virtual-rows.ts'
import { hrefOf } from '../place.ts'
import { go } from '../route.ts'
import { many } from '../words/amounts.ts'

const rowPx = 36

/** Topics of a cluster; the first one, if the address names none. */
export function TopicsPage({ cluster, search }: { cluster: string | null; search: string }) {
  const clusters = useValue(monitor.hello)?.clusters ?? []
  const shown = cluster ?? clusters[0] ?? null
  return (
    <>
      <h1>Topics</h1>
      <div class="tools">
        <SearchField
          label="Search topics"
          value={search}
          change={text => go({ page: 'topics', cluster, search: text }, true)}
        />
        <label class="pick">
          Cluster{' '}
          <select
            value={shown ?? ''}
            onChange={event => go({ page: 'topics', cluster: event.currentTarget.value, search })}
          >
            {clusters.map(name => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {shown === null ? <p class="faint">Connecting …</p> : <TopicList cluster={shown} search={search} />}
    </>
  )
}

function TopicList({ cluster, search }: { cluster: string; search: string }) {
  const { value, error, again } = useAnswer(cluster, async signal =>
    ask<readonly string[]>(pathOf.topics(cluster), 'topics', signal)
  )
  const known = useValue(monitor.clusters).get(cluster)?.topics
  useEffect(again, [known])
  const wanted = search.toLowerCase()
  const topics = (value ?? []).filter(topic => topic.toLowerCase().includes(wanted))
  const body = useRef<HTMLUListElement>(null)
  const { from, to } = useSeenRows(body, topics.length, rowPx)
  return (
    <>
      <p class="found" role="status">
        {error ? `${error.message}. Trying again.` : value ? many(topics.length, 'topic') : 'Loading …'}
      </p>
      <ul class="topics" ref={body} style={{ height: `${topics.length * rowPx}px` }} aria-label="Topics">
        {topics.slice(from, to).map((topic, index) => (
          <li key={topic} style={{ transform: `translateY(${(from + index) * rowPx}px)` }}>
            <a href={hrefOf({ page: 'topic', cluster, topic })}>
              <Name name={topic} />
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}
