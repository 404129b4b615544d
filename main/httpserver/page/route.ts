import { useEffect, useState } from 'preact/hooks'
import { hrefOf, type Place, readPlace } from './place.ts'

/** Goes there; `replace`: without a step for the Back key, for what is typed. */
export function go(place: Place, replace = false): void {
  if (replace) {
    history.replaceState(null, '', hrefOf(place))
    dispatchEvent(new HashChangeEvent('hashchange'))
  } else location.hash = hrefOf(place)
}

export function usePlace(): Place {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const read = () => setHash(location.hash)
    addEventListener('hashchange', read)
    read() // it may have changed between the first drawing and now
    return () => removeEventListener('hashchange', read)
  }, [])
  return readPlace(hash)
}
