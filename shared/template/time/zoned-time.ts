import type { TimeZone, ZonedTime } from '../values/value.ts'
import { utc } from './time-zone.ts'

/** Date holds no moments farther from 1970 than this. */
export const secondsMax = 8_640_000_000_000
/** Go's zero time, the first of January of year 1, UTC. */
const zeroSeconds = -62_135_596_800
const nanosecondsPerSecond = 1_000_000_000n

export const zeroTime: ZonedTime = { seconds: zeroSeconds, nanoseconds: 0, zone: utc }

export function fromUnixMs(ms: number, zone: TimeZone): ZonedTime {
  const seconds = Math.floor(ms / 1000)
  return { seconds, nanoseconds: (ms - seconds * 1000) * 1_000_000, zone }
}

/** Null when the moment is beyond `secondsMax`. */
export function fromUnixNanoseconds(nanoseconds: bigint, zone: TimeZone): ZonedTime | null {
  const rest = ((nanoseconds % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond
  const seconds = Number((nanoseconds - rest) / nanosecondsPerSecond)
  return Math.abs(seconds) > secondsMax ? null : { seconds, nanoseconds: Number(rest), zone }
}

export function toUnixNanoseconds(time: ZonedTime): bigint {
  return BigInt(time.seconds) * nanosecondsPerSecond + BigInt(time.nanoseconds)
}

export function isZeroTime(time: ZonedTime): boolean {
  return time.seconds === zeroSeconds && time.nanoseconds === 0
}

/** Calendar and clock in the zone of the time. */
export interface CivilTime {
  readonly year: number
  /** 1..12 */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** 0 = Sunday. */
  readonly weekday: number
  /** 1..366 */
  readonly yearDay: number
  readonly offsetSeconds: number
  readonly abbreviation: string
}

export function civilTime(time: ZonedTime): CivilTime {
  const { offsetSeconds, abbreviation } = time.zone.at(time.seconds)
  const local = new Date((time.seconds + offsetSeconds) * 1000)
  const year = local.getUTCFullYear()
  const newYear = new Date(0).setUTCFullYear(year, 0, 1)
  return {
    year,
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    weekday: local.getUTCDay(),
    yearDay: Math.floor((local.getTime() - newYear) / 86_400_000) + 1,
    offsetSeconds,
    abbreviation
  }
}
