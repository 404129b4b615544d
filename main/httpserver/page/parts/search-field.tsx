import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { searchMax } from '../place.ts'
import { useKeys } from './keys.ts'

/** After the last key; each search is judged by the monitor. */
const typingMs = 150

/** A field that `/` leads to and Esc leaves; the address follows what is typed. */
export function SearchField(props: { label: string; value: string; change: (value: string) => void }) {
  const { label, value, change } = props
  const [typed, setTyped] = useState(value)
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const newest = useRef(change)
  newest.current = change
  const sent = useRef(value)
  useLayoutEffect(() => {
    // Ours comes back: more may have been typed since.
    if (value === sent.current) return
    sent.current = value // by a link or the Back key
    clearTimeout(timer.current)
    setTyped(value)
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  useKeys(event => {
    if (event.key !== '/') return
    event.preventDefault()
    input.current?.focus()
    input.current?.select()
  })
  const type = (text: string) => {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      sent.current = text
      newest.current(text)
    }, typingMs)
  }
  return (
    <input
      ref={input}
      type="search"
      aria-label={label}
      placeholder={`${label} ( / )`}
      maxLength={searchMax}
      autocomplete="off"
      spellcheck={false}
      value={typed}
      onInput={event => type(event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key === 'Escape') event.currentTarget.blur()
      }}
    />
  )
}
