import { statusToText } from '../../protocol/status.ts'
import type { NoValue, Value, ZonedTime } from '../values/value.ts'
import { durationText } from './duration.ts'
import { formatTime, monthNames, weekdayNames } from './layout.ts'
import { civilTime } from './zoned-time.ts'

/** The text of types that have a String method in Go; null for all others. */
export function textFormOf(value: Exclude<Value, NoValue>): string | null {
  if (value.kind === 'time') return timeText(value.time)
  if (value.kind !== 'int') return null
  const number = Number(value.value)
  switch (value.type) {
    case statusType:
      return statusToText(number)
    case durationType:
      return durationText(value.value)
    case monthType:
      return monthNames[number - 1] ?? `%!Month(${BigInt.asUintN(64, value.value)})`
    case weekdayType:
      return weekdayNames[number] ?? `%!Weekday(${BigInt.asUintN(64, value.value)})`
    default:
      return null
  }
}

/** The text of types that describe themselves in Go syntax (%#v); null for all others. */
export function goSyntaxOf(value: Exclude<Value, NoValue>): string | null {
  if (value.kind !== 'time') return null
  const { year, month, day, hour, minute, second } = civilTime(value.time)
  const zone = value.time.zone.isUtc ? 'time.UTC' : 'time.Local'
  const fields = [year, `time.${monthNames[month - 1]}`, day, hour, minute, second, value.time.nanoseconds, zone]
  return `time.Date(${fields.join(', ')})`
}

export const statusType = 'protocol.StatusConstant'
export const durationType = 'time.Duration'
export const monthType = 'time.Month'
export const weekdayType = 'time.Weekday'

function timeText(time: ZonedTime): string {
  return formatTime(time, '2006-01-02 15:04:05.999999999 -0700 MST')
}
