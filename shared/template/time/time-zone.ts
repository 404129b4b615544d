import { LruMap } from '../../lru-map.ts'
import type { TimeZone } from '../values/value.ts'
import { type ZoneLetters, zoneLetters } from './zone-letters.ts'

export const utc: TimeZone = { isUtc: true, at: () => ({ offsetSeconds: 0, abbreviation: 'UTC' }) }

/** A zone by its IANA name; the system's zone if there is none. Throws RangeError for an unknown name. */
export function timeZone(name?: string): TimeZone {
  const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions()
  return timeZone === 'UTC' || timeZone === 'Etc/UTC' ? utc : new IntlZone(timeZone)
}

/** Taking a date to pieces costs tens of microseconds; a message shows few different hours. */
const rememberedQuartersMax = 1000
/** Offsets change at full quarters of an hour, at least since there are zones. */
const quarterSeconds = 900

/** Offsets by Node's own data, which is always there; letters by the system's. */
class IntlZone implements TimeZone {
  readonly isUtc = false
  readonly #offsets: Intl.DateTimeFormat
  readonly #letters: ZoneLetters
  readonly #byQuarter = new LruMap<{ offsetSeconds: number; abbreviation: string }>(rememberedQuartersMax)

  constructor(timeZone: string) {
    this.#offsets = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    this.#letters = zoneLetters(timeZone)
  }

  at(seconds: number): { offsetSeconds: number; abbreviation: string } {
    const quarter = Math.floor(seconds / quarterSeconds)
    let found = this.#byQuarter.get(String(quarter))
    if (!found) {
      found = this.#lookUp(quarter * quarterSeconds)
      this.#byQuarter.set(String(quarter), found)
    }
    return found
  }

  #lookUp(seconds: number): { offsetSeconds: number; abbreviation: string } {
    const parts = this.#offsets.formatToParts(new Date(seconds * 1000))
    const offsetSeconds = secondsOf(parts.find(part => part.type === 'timeZoneName')?.value ?? '')
    return { offsetSeconds, abbreviation: this.#letters(seconds, offsetSeconds) ?? numericName(offsetSeconds) }
  }
}

/** `GMT+05:30`, `GMT-04:56:02`, `GMT`. */
function secondsOf(offset: string): number {
  const found = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(offset)
  if (!found) return 0
  const [, sign, hours, minutes, seconds = '0'] = found
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return sign === '-' ? -total : total
}

/** Zones without letters are called by their offset: `-03`, `+0530`. */
function numericName(offsetSeconds: number): string {
  const minutes = Math.floor(Math.abs(offsetSeconds) / 60)
  const digits = `${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`
  return (offsetSeconds < 0 ? '-' : '+') + digits.replace(/00$/, '')
}
