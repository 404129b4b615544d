import { monitor } from '../live/live.ts'
import { useValue } from '../live/value.ts'
import { clockTime, duration } from '../words/amounts.ts'
import { useClock } from './use-clock.ts'

/** Says that what is on the screen is old, and from when it is; and that the monitor has not read everything yet. */
export function ConnectionBanner() {
  const connection = useValue(monitor.connection)
  if ('sinceMs' in connection) return <Lost state={connection.state} sinceMs={connection.sinceMs} />
  return <NotReady />
}

function Lost({ state, sinceMs }: { state: 'stale' | 'lost'; sinceMs: number }) {
  useClock()
  const nowMs = Date.now()
  return (
    <p class="banner err">
      <strong>{state === 'stale' ? 'Stale.' : 'Disconnected.'}</strong> What you see is from {clockTime(sinceMs, nowMs)}
      , {duration(nowMs - sinceMs)} ago. Trying again by itself.
    </p>
  )
}

function NotReady() {
  const health = useValue(monitor.health)
  if (health === null || health.ready) return null
  return (
    <p class="banner warn">
      <strong>Starting.</strong> The monitor has not read all commits yet: groups may be missing, verdicts premature.
    </p>
  )
}
