import { useEffect, useState } from 'preact/hooks'

/** Drawn above and below what is seen. */
const spare = 5
/** A browser's element can be only so high; more rows than fit are not drawn. */
export const heightMaxPx = 15_000_000

export interface SeenRows {
  readonly from: number
  /** After the last. */
  readonly to: number
}

/** Which rows of `total` are seen, of a list of equally high rows that the window scrolls. */
export function useSeenRows(body: { readonly current: HTMLElement | null }, total: number, rowPx: number): SeenRows {
  const [seen, setSeen] = useState<SeenRows>({ from: 0, to: Math.min(total, 40) })
  useEffect(() => {
    let asked = 0
    const look = () => {
      asked = 0
      const element = body.current
      if (!element) return
      const above = -element.getBoundingClientRect().top
      const from = Math.max(0, Math.floor(above / rowPx) - spare)
      const to = Math.min(total, Math.ceil((above + innerHeight) / rowPx) + spare)
      setSeen(before => (before.from === from && before.to === to ? before : { from, to: Math.max(from, to) }))
    }
    const ask = () => {
      asked ||= requestAnimationFrame(look)
    }
    look()
    addEventListener('scroll', ask, { passive: true })
    addEventListener('resize', ask)
    return () => {
      cancelAnimationFrame(asked)
      removeEventListener('scroll', ask)
      removeEventListener('resize', ask)
    }
  }, [total, rowPx])
  return { from: Math.min(seen.from, total), to: Math.min(seen.to, total) }
}

/** Wide and narrow screens have rows of different heights. */
export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(query().matches)
  useEffect(() => {
    const list = query()
    const change = () => setNarrow(list.matches)
    list.addEventListener('change', change)
    return () => list.removeEventListener('change', change)
  }, [])
  return narrow
}

const query = () => matchMedia('(max-width: 720px)')
