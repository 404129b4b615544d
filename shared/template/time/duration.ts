/** Nanoseconds as Go writes a duration: `1h30m0s`, `1.5s`, `250ms`, `0s`. */
export function durationText(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : ''
  const total = nanoseconds < 0n ? -nanoseconds : nanoseconds
  if (total === 0n) return '0s'
  if (total < microsecond) return `${sign}${total}ns`
  if (total < millisecond) return `${sign}${decimal(total, microsecond)}µs`
  if (total < second) return `${sign}${decimal(total, millisecond)}ms`
  const hours = total / hour
  const minutes = (total / minute) % 60n
  const seconds = `${decimal(total % minute, second)}s`
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`
  return minutes > 0n ? `${sign}${minutes}m${seconds}` : sign + seconds
}

export const microsecond = 1_000n
export const millisecond = 1_000_000n
export const second = 1_000_000_000n
export const minute = 60n * second
export const hour = 60n * minute

/** value / unit, whose digits behind the point lose their zeros. */
function decimal(value: bigint, unit: bigint): string {
  const places = unit.toString().length - 1
  const fraction = (value % unit).toString().padStart(places, '0').replace(/0+$/, '')
  return fraction === '' ? `${value / unit}` : `${value / unit}.${fraction}`
}
