const whole = new Intl.NumberFormat('en-US')
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

export const count = (value: number): string => whole.format(value)
/** 1.2M */
export const roughly = (value: number): string => (Math.abs(value) < 10_000 ? whole.format(value) : short.format(value))
/** `1 group`, `2 groups` */
export const many = (value: number, what: string): string => `${count(value)} ${what}${value === 1 ? '' : 's'}`

/** Names of the ticks of an axis, with as many digits as tell them apart: `4.5M`, `5,000,200`. */
export function tickNames(ticks: readonly (number | null)[]): string[] {
  const known = ticks.filter(tick => tick !== null)
  const step = known.length > 1 ? known[1]! - known[0]! : 1
  const unit = units.find(({ size }) => size <= (known.at(-1) ?? 0)) ?? { size: 1, letter: '' }
  const digits = Math.max(0, Math.ceil(Math.log10(unit.size / step)))
  return ticks.map(tick => {
    if (tick === null) return ''
    if (unit.size === 1 || digits > 2) return whole.format(tick)
    return tick === 0 ? '0' : `${(tick / unit.size).toFixed(digits)}${unit.letter}`
  })
}

const units = [
  { size: 1e12, letter: 'T' },
  { size: 1e9, letter: 'G' },
  { size: 1e6, letter: 'M' },
  { size: 1e3, letter: 'K' }
]

export function bytes(value: number): string {
  if (value < 1 << 20) return `${count(Math.round(value / 1024))} KB`
  return `${count(Math.round(value / (1 << 20)))} MB`
}

/** How long, in the unit that fits: `4 s`, `3 min`, `2.5 h`, `4 d`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${tenth(seconds / 3600)} h`
  return `${tenth(seconds / 86_400)} d`
}

/** `14:03:07`, with the date if it is not today's. */
export function clockTime(ms: number, nowMs: number): string {
  const time = new Date(ms)
  const clock = time.toLocaleTimeString('en-GB')
  return time.toDateString() === new Date(nowMs).toDateString() ? clock : `${time.toLocaleDateString('sv-SE')} ${clock}`
}

const tenth = (value: number): string => (Math.round(value * 10) / 10).toString()
