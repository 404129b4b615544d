import { useEffect, useRef, useState } from 'preact/hooks'
import { monitor } from '../live/live.ts'
import { Refresher } from '../live/refresher.ts'

export interface Answered<T> {
  readonly value: T | null
  readonly error: Error | null
  /** Ask again, when it may be. */
  readonly again: () => void
}

/**
 * What `fetch` brings, for as long as `key` is the same; the last value stays while it is asked for again, and beside an error. After an error it
 * is asked for again with every tick of the monitor.
 */
export function useAnswer<T>(key: string, fetch: (signal: AbortSignal) => Promise<T>): Answered<T> {
  const [held, hold] = useState<{ key: string; value: T | null; error: Error | null } | null>(null)
  const refresher = useRef<Refresher | null>(null)
  const newest = useRef(fetch)
  newest.current = fetch
  useEffect(() => {
    const abort = new AbortController()
    const mine = new Refresher(async () => {
      try {
        const value = await newest.current(abort.signal)
        if (!abort.signal.aborted) hold({ key, value, error: null })
      } catch (error) {
        if (abort.signal.aborted) return
        const failure = error instanceof Error ? error : new Error(String(error))
        hold(before => ({ key, value: before?.key === key ? before.value : null, error: failure }))
      }
    })
    refresher.current = mine
    mine.now()
    return () => {
      abort.abort()
      mine.stop()
    }
  }, [key])
  const failed = held?.key === key && held.error !== null
  useEffect(() => (failed ? monitor.health.listen(() => refresher.current?.ask()) : undefined), [failed])
  const again = () => refresher.current?.ask()
  return held?.key === key ? { ...held, again } : { value: null, error: null, again }
}
