import type { ComponentChild } from 'preact'
import { useState } from 'preact/hooks'
import { ownerOf } from '../groups/group-row-line.tsx'
import type { Commit, PartitionExplanation } from '../live/shapes.ts'
import { Name } from '../parts/name.tsx'
import { StatusMark, toneOf } from '../parts/status-mark.tsx'
import { hrefOf } from '../place.ts'
import { clockTime, count } from '../words/amounts.ts'
import { PartitionPlots } from './partition-plots.tsx'

/** A partition: verdict, reasons, plots of its window, and the window as a table for who does not see plots. */
export function PartitionCard(props: { of: PartitionExplanation; cluster: string; evaluatedAt: number }) {
  const { of, cluster, evaluatedAt } = props
  const { topic, partition, status, sentence, current_lag, forecast, tried } = of
  const commits = of.commits.filter(commit => commit !== null)
  return (
    <article class={`partition ${toneOf[status]}`}>
      <header>
        <StatusMark status={status} />
        <h3>
          <a href={hrefOf({ page: 'topic', cluster, topic })}>
            <Name name={topic} />
          </a>
          <span class="faint"> / </span>
          {partition}
        </h3>
        <span class="number lag" title="records that wait">
          lag {count(current_lag)}
        </span>
      </header>
      <p class="sentence">{sentence.startsWith(`${status}: `) ? sentence.slice(status.length + 2) : sentence}</p>
      {forecast && <p class="faint">{forecast.sentence}</p>}
      <p class="faint">
        Owner: {of.owner || of.client_id ? <Name name={ownerOf(of)} /> : 'none'} · window{' '}
        {Math.round(of.complete * 100)} % full
      </p>
      <PartitionPlots of={of} evaluatedAt={evaluatedAt} />
      <Evidence label={`Reasons and commits of ${topic}/${partition}`}>
        {() => (
          <>
            <ol class="tried">
              {tried.map(({ rule, decides, sentence }) => (
                <li key={rule} class={decides ? 'decides' : ''}>
                  <code>{rule}</code> {sentence}
                </li>
              ))}
            </ol>
            <CommitTable commits={commits} evaluatedAt={evaluatedAt} />
            <p class="faint">End offsets remembered: {of.end_offsets.map(count).join(', ') || 'none'}</p>
          </>
        )}
      </Evidence>
    </article>
  )
}

/** Made only when it is opened. */
function Evidence({ label, children }: { label: string; children: () => ComponentChild }) {
  const [open, setOpen] = useState(false)
  return (
    <details open={open} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        Reasons and commits<span class="unseen">, {label}</span>
      </summary>
      {open && children()}
    </details>
  )
}

function CommitTable({ commits, evaluatedAt }: { commits: readonly Commit[]; evaluatedAt: number }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Committed</th>
          <th scope="col" class="number">
            Offset
          </th>
          <th scope="col" class="number">
            Lag then
          </th>
        </tr>
      </thead>
      <tbody>
        {commits.map(({ offset, timestamp, lag }, index) => (
          <tr key={`${index}-${timestamp}`}>
            <td class="number">{clockTime(timestamp, evaluatedAt)}</td>
            <td class="number">{count(offset)}</td>
            <td class="number">{lag === null ? 'not known' : count(lag)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
