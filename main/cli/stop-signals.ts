export const stopSignals = ['SIGINT', 'SIGQUIT', 'SIGTERM'] as const
export type StopSignal = (typeof stopSignals)[number]

/** From the first signal to the end of the process, whatever hangs. */
export const stopDeadlineMs = 4_500

export interface StopSignals {
  /** Resolves with the first signal. */
  readonly first: Promise<StopSignal>
  dispose(): void
}

/**
 * The first signal asks for a clean stop, the second ends the process at once, and so does the deadline: `endNow` is called with
 * the reason and must not return. Main thread.
 */
export function watchStopSignals(endNow: (reason: string) => void, deadlineMs = stopDeadlineMs): StopSignals {
  let resolveFirst: (signal: StopSignal) => void = () => undefined
  const first = new Promise<StopSignal>(resolve => {
    resolveFirst = resolve
  })
  let deadline: NodeJS.Timeout | null = null
  const onSignal = (signal: NodeJS.Signals) => {
    if (deadline !== null) {
      endNow(`second signal (${signal}), not waiting any longer`)
      return
    }
    deadline = setTimeout(() => endNow(`not stopped within ${deadlineMs} ms of ${signal}`), deadlineMs)
    resolveFirst(signal as StopSignal)
  }
  for (const signal of stopSignals) process.on(signal, onSignal)
  return {
    first,
    dispose: () => {
      if (deadline !== null) clearTimeout(deadline)
      for (const signal of stopSignals) process.removeListener(signal, onSignal)
    }
  }
}
