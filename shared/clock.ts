/**
 * The time, in ms since the epoch. Real by default; tests put a time into the shared word and move it by hand, and every
 * thread that was given the word follows. Any thread.
 */
export interface Clock {
  nowMs(): number
}

export const realClock: Clock = { nowMs: () => Date.now() }

/** One Float64: 0 = the real time, anything else = that time. */
export type ClockWord = SharedArrayBuffer

export function createClockWord(nowMs = 0): ClockWord {
  const word = new SharedArrayBuffer(8)
  new Float64Array(word)[0] = nowMs
  return word
}

export function clockFromWord(word: ClockWord): Clock {
  const view = new Float64Array(word)
  return { nowMs: () => view[0] || Date.now() }
}

/** Burrow's clock ticks in whole seconds (spec 02 section 2; quirks B14, C11). */
export function wholeSeconds(clock: Clock): number {
  return Math.floor(clock.nowMs() / 1000)
}
