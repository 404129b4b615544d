import { useEffect, useRef } from 'preact/hooks'
import { monitor } from '../live/live.ts'

const keys = [
  ['/', 'search'],
  ['j k or ↓ ↑', 'next, previous row'],
  ['Enter', 'open the row'],
  ['Esc', 'leave the search; back to the list'],
  ['?', 'this']
] as const

export function Help({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const version = monitor.hello.get()?.version
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="help-title">
      <h2 id="help-title">Help</h2>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>
        OK: keeps up. WARN: the lag grows. ERR: a partition is STOP (no commits), STALL (commits stand still) or REWIND
        (commits went back). Lag is in records; trend is since this page was opened.
      </p>
      {version && <p class="faint">Burrow for Node {version}</p>}
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}
