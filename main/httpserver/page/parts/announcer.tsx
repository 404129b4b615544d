import { useEffect, useRef, useState } from 'preact/hooks'
import { monitor } from '../live/live.ts'
import type { ClusterEvent } from '../live/shapes.ts'
import { useValue } from '../live/value.ts'

/** Speaks to screen readers: the connection, and how many groups are bad when that changes. */
export function Announcer() {
  const { state } = useValue(monitor.connection)
  const clusters = useValue(monitor.clusters)
  const before = useRef<ReadonlyMap<string, ClusterEvent>>(new Map())
  const [said, say] = useState('')
  useEffect(() => {
    const changes = [...clusters.values()].flatMap(cluster => {
      const old = before.current.get(cluster.name)
      if (!old || (old.err === cluster.err && old.warn === cluster.warn)) return []
      return [`${cluster.name}: ${cluster.err} ERR, ${cluster.warn} WARN.`]
    })
    before.current = clusters
    if (changes.length > 0) say(changes.slice(0, 5).join(' '))
  }, [clusters])
  return (
    <div class="unseen">
      <div role="status" aria-live="polite">
        {said}
      </div>
      <div role="status" aria-live="polite">
        {state === 'lost' || state === 'stale' ? 'The figures are old: no connection to the monitor.' : ''}
      </div>
    </div>
  )
}
