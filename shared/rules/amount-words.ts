/** Numbers and times as people read them: `1,204`, `312 s`, `5 h 12 min`. Pure; any thread. */
export function countToText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** `1 record`, `1,204 records`. */
export function recordsToText(count: number): string {
  return `${countToText(count)} ${count === 1 ? 'record' : 'records'}`
}

/** At most two units; under ten minutes seconds, and of less than ten of them their fraction. Rounded down. */
export function durationToText(ms: number): string {
  return ms < 0 ? `-${coarse(-ms)}` : coarse(ms)
}

/** Two times that are compared: a difference that rounding would hide is shown, in ms if need be. */
export function durationsToText(leftMs: number, rightMs: number): [string, string] {
  const texts: [string, string] = [durationToText(leftMs), durationToText(rightMs)]
  return texts[0] === texts[1] && leftMs !== rightMs ? [exact(leftMs), exact(rightMs)] : texts
}

/** `2026-11-23T00:25:50Z`; the plain number for what no calendar has. */
export function timeToText(timeMs: number): string {
  if (!(Math.abs(timeMs) <= calendarMsMax)) return `${countToText(timeMs)} ms`
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z')
}

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** What a Date can hold (ECMA-262, time values). */
const calendarMsMax = 8.64e15

function coarse(ms: number): string {
  if (ms < 10 * secondMs) return exact(ms)
  if (ms < 10 * minuteMs) return exact(ms - (ms % secondMs))
  if (ms < hourMs) return twoUnits(ms, minuteMs, 'min', secondMs, 's')
  if (ms < 2 * dayMs) return twoUnits(ms, hourMs, 'h', minuteMs, 'min')
  return twoUnits(ms, dayMs, 'd', hourMs, 'h')
}

function twoUnits(ms: number, largeMs: number, large: string, smallMs: number, small: string): string {
  const rest = Math.floor((ms % largeMs) / smallMs)
  return `${countToText(Math.floor(ms / largeMs))} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`
}

/** Seconds, with up to three decimals. */
function exact(ms: number): string {
  const whole = Math.trunc(Math.abs(ms) / secondMs)
  const rest = Math.abs(ms) % secondMs
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0').replace(/0+$/, '')}`
  return `${ms < 0 ? '-' : ''}${countToText(whole)}${fraction} s`
}
