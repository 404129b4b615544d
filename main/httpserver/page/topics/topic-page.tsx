import { useEffect } from 'preact/hooks'
import { AskError, ask, pathOf } from '../live/ask.ts'
import { monitor } from '../live/live.ts'
import type { GroupStatus } from '../live/shapes.ts'
import { useValue } from '../live/value.ts'
import { Name } from '../parts/name.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { hrefOf } from '../place.ts'
import { count, many } from '../words/amounts.ts'
import { visibleName } from '../words/visible-name.ts'

/** Consumers whose status is asked for, each by a question of its own. */
const consumersMax = 200
const questionsMax = 4
const offsetsMax = 500

interface Consumer {
  readonly group: string
  readonly status: GroupStatus | null
  readonly totallag: number | null
}

/** One topic: its end offsets, and who reads it. */
export function TopicPage({ cluster, topic }: { cluster: string; topic: string }) {
  const offsets = useAnswer(`${cluster}\n${topic}`, signal =>
    ask<readonly number[]>(pathOf.topic(cluster, topic), 'offsets', signal)
  )
  const consumers = useAnswer(`${cluster}\n${topic}`, signal => consumersOf(cluster, topic, signal))
  const health = useValue(monitor.health)
  useEffect(() => {
    offsets.again()
    consumers.again()
  }, [health])
  const error = offsets.error ?? consumers.error
  return (
    <>
      <nav class="crumbs" aria-label="Where this is">
        <a href={hrefOf({ page: 'topics', cluster, search: '' })}>
          Topics of <Name name={cluster} max={60} />
        </a>
      </nav>
      <h1 class="name">
        <bdi>{visibleName(topic, 2000)}</bdi>
      </h1>
      {error && <p class="banner err">{error.message}. Trying again.</p>}
      <h2>Consumers</h2>
      {consumers.value ? <Consumers cluster={cluster} of={consumers.value} /> : <p class="faint">Loading …</p>}
      <h2>End offsets</h2>
      {offsets.value ? <EndOffsets of={offsets.value} /> : <p class="faint">Loading …</p>}
    </>
  )
}

function Consumers({ cluster, of }: { cluster: string; of: readonly Consumer[] }) {
  if (of.length === 0) return <p class="faint">No group commits to it.</p>
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Consumers">
      <table>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Group</th>
            <th scope="col" class="number">
              Group's lag
            </th>
          </tr>
        </thead>
        <tbody>
          {of.map(({ group, status, totallag }) => (
            <tr key={group}>
              <td>{status ? <StatusMark status={status} /> : '–'}</td>
              <td>
                <a href={hrefOf({ page: 'group', cluster, group, bad: false })}>
                  <Name name={group} />
                </a>
              </td>
              <td class="number">{totallag === null ? '–' : count(totallag)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function EndOffsets({ of }: { of: readonly number[] }) {
  return (
    <>
      <p class="faint">
        {many(of.length, 'partition')}
        {of.length > offsetsMax && `, the first ${offsetsMax} are shown`}
      </p>
      <dl class="offsets">
        {of.slice(0, offsetsMax).map((offset, partition) => (
          <div key={partition}>
            <dt>{partition}</dt>
            <dd class="number">{offset < 0 ? 'not known' : count(offset)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

async function consumersOf(cluster: string, topic: string, signal: AbortSignal): Promise<readonly Consumer[]> {
  const groups = await ask<readonly string[]>(pathOf.consumers(cluster, topic), 'consumers', signal)
  const queue = groups.slice(0, consumersMax)
  const consumers: Consumer[] = groups.slice(consumersMax).map(group => ({ group, status: null, totallag: null }))
  const work = async () => {
    for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
      consumers.push(await consumerOf(cluster, group, signal))
    }
  }
  await Promise.all(Array.from({ length: questionsMax }, work))
  return consumers.sort((a, b) => badness(b) - badness(a) || (b.totallag ?? -1) - (a.totallag ?? -1))
}

async function consumerOf(cluster: string, group: string, signal: AbortSignal): Promise<Consumer> {
  try {
    type Status = { readonly status: GroupStatus; readonly totallag: number }
    const { status, totallag } = await ask<Status>(pathOf.status(cluster, group), 'status', signal)
    return { group, status, totallag }
  } catch (error) {
    if (error instanceof AskError) return { group, status: null, totallag: null } // gone, or nobody can ask for it
    throw error
  }
}

const badness = ({ status }: Consumer): number => (status === null ? -1 : ['OK', 'WARN', 'ERR'].indexOf(status))
