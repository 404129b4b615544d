import { useState } from 'preact/hooks'
import type { GroupExplanation, PartitionExplanation, PartitionStatus } from '../live/shapes.ts'
import { many } from '../words/amounts.ts'
import { PartitionCard } from './partition-card.tsx'

/** Cards that are drawn before somebody asks for more. */
const step = 100

/** The partitions of a group, worst first. */
export function Partitions(props: { of: GroupExplanation; bad: boolean; change: (bad: boolean) => void }) {
  const { of, bad, change } = props
  const [shownMax, showMax] = useState(step)
  const all = [...of.partitions].filter(({ status }) => !bad || status !== 'OK').sort(worstFirst)
  const shown = all.slice(0, shownMax)
  return (
    <section aria-label="Partitions">
      <div class="tools">
        <h2>{many(of.partition_count, 'partition')}, worst first</h2>
        <fieldset class="choices">
          <legend class="unseen">Which partitions</legend>
          <button type="button" aria-pressed={!bad} onClick={() => change(false)}>
            All
          </button>
          <button type="button" aria-pressed={bad} onClick={() => change(true)}>
            Not OK
          </button>
        </fieldset>
      </div>
      {all.length === 0 && <p class="faint">{bad ? 'All partitions are OK.' : 'No partitions.'}</p>}
      <ul class="partitions">
        {shown.map(partition => (
          <li key={`${partition.topic}\n${partition.partition}`}>
            <PartitionCard of={partition} cluster={of.cluster} evaluatedAt={of.evaluated_at} />
          </li>
        ))}
      </ul>
      {all.length > shown.length && (
        <button type="button" class="more" onClick={() => showMax(shownMax + step)}>
          Show {Math.min(step, all.length - shown.length)} more of {all.length - shown.length}
        </button>
      )}
    </section>
  )
}

const badness: Readonly<Record<PartitionStatus, number>> = { STOP: 4, STALL: 3, REWIND: 2, WARN: 1, OK: 0 }

function worstFirst(a: PartitionExplanation, b: PartitionExplanation): number {
  return (
    badness[b.status] - badness[a.status] ||
    b.current_lag - a.current_lag ||
    (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition)
  )
}
