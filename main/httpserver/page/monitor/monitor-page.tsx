import type { ComponentChildren } from 'preact'
import { monitor } from '../live/live.ts'
import type { HealthEvent } from '../live/shapes.ts'
import { useValue } from '../live/value.ts'
import { Name } from '../parts/name.tsx'
import { bytes, count, duration, roughly } from '../words/amounts.ts'

/** The monitor's own health. */
export function MonitorPage() {
  const health = useValue(monitor.health)
  const hello = useValue(monitor.hello)
  return (
    <>
      <h1>The monitor itself</h1>
      {health ? <Health of={health} startedMs={hello?.startedMs ?? null} /> : <p class="faint">Connecting …</p>}
    </>
  )
}

function Health({ of, startedMs }: { of: HealthEvent; startedMs: number | null }) {
  const refusals = Object.entries(of.refusals).sort((a, b) => b[1] - a[1])
  const refused = refusals.filter(([, times]) => times > 0)
  return (
    <>
      <dl class="tiles">
        <Tile name="Readiness" tone={of.ready ? 'ok' : 'warn'}>
          {of.ready ? 'ready' : 'starting'}
        </Tile>
        <Tile name="Commits a second">{count(of.commitsPerSecond)}</Tile>
        <Tile name="Memory">{bytes(of.rssBytes)}</Tile>
        <Tile name="Event loop, longest delay">{of.loopDelayMaxMs.toFixed(1)} ms</Tile>
        {startedMs !== null && <Tile name="Up for">{duration(of.nowMs - startedMs)}</Tile>}
      </dl>
      <div class="columns">
        <Panel title="Clusters">
          <Rows head={['Cluster', 'State']}>
            {of.clusters.map(({ name, up, error }) => (
              <tr key={name}>
                <td>
                  <Name name={name} max={60} />
                </td>
                <td class={up ? 'ok' : 'err'}>{up ? 'up' : `down${error ? `: ${error}` : ''}`}</td>
              </tr>
            ))}
          </Rows>
        </Panel>
        <Panel title="Threads">
          <Rows head={['Thread', 'State', 'Restarts']}>
            {of.threads.map(({ name, state, restarts }) => (
              <tr key={name}>
                <td>{name}</td>
                <td>{state}</td>
                <td class="number">{count(restarts)}</td>
              </tr>
            ))}
          </Rows>
        </Panel>
        <Panel title="Queues">
          <Rows head={['Queue', 'Waiting']}>
            {Object.entries(of.queues).map(([name, waiting]) => (
              <tr key={name}>
                <td>{inWords(name)}</td>
                <td class="number">{typeof waiting === 'number' ? count(waiting) : JSON.stringify(waiting)}</td>
              </tr>
            ))}
          </Rows>
        </Panel>
        <Panel title="Refused, by reason">
          {refused.length === 0 ? (
            <p class="faint">Nothing was refused.</p>
          ) : (
            <Rows head={['Reason', 'Times']}>
              {refused.map(([reason, times]) => (
                <tr key={reason}>
                  <td>{inWords(reason)}</td>
                  <td class="number" title={count(times)}>
                    {roughly(times)}
                  </td>
                </tr>
              ))}
            </Rows>
          )}
        </Panel>
      </div>
    </>
  )
}

function Tile({ name, tone = '', children }: { name: string; tone?: string; children: ComponentChildren }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd class={tone}>{children}</dd>
    </div>
  )
}

function Panel({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="panel">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

function Rows({ head, children }: { head: readonly string[]; children: ComponentChildren }) {
  return (
    <table>
      <thead>
        <tr>
          {head.map((name, index) => (
            <th key={name} scope="col" class={index > 0 && /Restarts|Waiting|Times/.test(name) ? 'number' : ''}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  )
}

/** `bad_batch`, `pagesWaiting` → `bad batch`, `pages waiting` */
const inWords = (name: string): string =>
  name.replace(/_/g, ' ').replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
