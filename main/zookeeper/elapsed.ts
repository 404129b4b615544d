/** A moment, on both clocks of the machine. */
export interface Moment {
  readonly steadyMs: number
  readonly wallMs: number
}

export function thisMoment(): Moment {
  return { steadyMs: performance.now(), wallMs: Date.now() }
}

/**
 * Milliseconds since a moment; the clock that went further wins. The steady clock stands still while a machine sleeps, and the
 * wall clock can be set back: who asks whether a session may have ended must believe the worse of the two.
 */
export function elapsedMs(since: Moment): number {
  return Math.max(performance.now() - since.steadyMs, Date.now() - since.wallMs)
}
