import { LruMap } from '../../../../shared/lru-map.ts'
import type { TimeZone } from '../values/value.ts'

export const utc: TimeZone = { isUtc: true, at: () => ({ offsetSeconds: 0, abbreviation: 'UTC' }) }

/**
 * A zone by its IANA name; the system's zone if there is none. Throws RangeError for an unknown name.
 * Offsets are those of the ICU data inside Node.
 */
export function timeZone(name?: string): TimeZone {
  const timeZone = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone
  return timeZone === 'UTC' || timeZone === 'Etc/UTC' ? utc : new IntlZone(timeZone)
}

/** Making the parts of one date costs tens of microseconds; a message shows few different hours. */
const rememberedQuartersMax = 1000
/** Offsets change at full quarters of an hour, at least since there are zones. */
const quarterSeconds = 900

class IntlZone implements TimeZone {
  readonly isUtc = false
  readonly #offset: Intl.DateTimeFormat
  readonly #names: readonly Intl.DateTimeFormat[]
  readonly #byQuarter = new LruMap<{ offsetSeconds: number; abbreviation: string }>(rememberedQuartersMax)

  constructor(timeZone: string) {
    this.#offset = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    this.#names = localesWithNames.map(locale => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }))
  }

  at(seconds: number): { offsetSeconds: number; abbreviation: string } {
    const quarter = Math.floor(seconds / quarterSeconds)
    let found = this.#byQuarter.get(String(quarter))
    if (!found) {
      found = this.#lookUp(new Date(quarter * quarterSeconds * 1000))
      this.#byQuarter.set(String(quarter), found)
    }
    return found
  }

  #lookUp(date: Date): { offsetSeconds: number; abbreviation: string } {
    const offsetSeconds = secondsOf(zoneNameIn(this.#offset, date))
    for (const names of this.#names) {
      const abbreviation = zoneNameIn(names, date)
      if (/^[A-Z]{3,5}$/.test(abbreviation)) return { offsetSeconds, abbreviation }
    }
    return { offsetSeconds, abbreviation: numericName(offsetSeconds) }
  }
}

/** Each knows the letters of the zones of its country only, the others get GMT+1. */
const localesWithNames = [
  'en-US',
  'en-GB',
  'en-AU',
  'en-NZ',
  'en-ZA',
  'en-IN',
  'ja-JP',
  'ko-KR',
  'en-IL',
  'en-HK',
  'en-PK'
]

function zoneNameIn(format: Intl.DateTimeFormat, date: Date): string {
  return format.formatToParts(date).find(part => part.type === 'timeZoneName')?.value ?? ''
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
