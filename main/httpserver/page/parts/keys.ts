import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * Gives `onKey` every key that is pressed while the component is drawn and nobody types. From its first drawing on: an effect
 * that waits for the painting would lose a key pressed before it.
 */
export function useKeys(onKey: (event: KeyboardEvent) => void): void {
  const newest = useRef(onKey)
  newest.current = onKey
  useLayoutEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (!isTyping(event)) newest.current(event)
    }
    addEventListener('keydown', hear)
    return () => removeEventListener('keydown', hear)
  }, [])
}

/** Somebody is typing, or means the browser: not a key of ours. */
function isTyping(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || takesText(event.target)
}

/** A field, or something in a dialog: keys and the focus are its own. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName) || target.closest('dialog') !== null
}
