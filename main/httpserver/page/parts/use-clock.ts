import { useEffect, useState } from 'preact/hooks'
import { monitor } from '../live/live.ts'

/** Now by the monitor's clock, ms; the component is drawn again once a second. */
export function useClock(): number {
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) tick(count => count + 1)
    }, 1000)
    return () => clearInterval(timer)
  }, [])
  return monitor.nowMs()
}
