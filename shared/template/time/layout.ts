import type { ZonedTime } from '../values/value.ts'
import { type CivilTime, civilTime } from './zoned-time.ts'

/**
 * A time by a Go layout: the reference time Mon Jan 2 15:04:05 MST 2006 written as the result shall look. Pieces that are
 * recognised are replaced, everything else stays, the letters `UTC` for instance.
 */
export function formatTime(time: ZonedTime, layout: string): string {
  const civil = civilTime(time)
  return layout.replaceAll(piecePattern, piece => textOf(piece, civil, time.nanoseconds))
}

/** Leftmost first, and of those that begin at one place the first here. */
const piecePattern = new RegExp(
  [
    'January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST',
    '0[1-6]|002|2006|15|__2|_2006|_2|[1-5]',
    'PM|pm',
    '[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07',
    '[.,](?:0+|9+)(?![0-9])'
  ].join('|'),
  'g'
)

export const monthNames: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December'
]
export const weekdayNames: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday'
]

function textOf(piece: string, civil: CivilTime, nanoseconds: number): string {
  const hour12 = civil.hour % 12 || 12
  switch (piece) {
    case 'January':
      return monthNames[civil.month - 1]!
    case 'Jan':
      return monthNames[civil.month - 1]!.slice(0, 3)
    case '1':
      return String(civil.month)
    case '01':
      return digits(civil.month, 2)
    case 'Monday':
      return weekdayNames[civil.weekday]!
    case 'Mon':
      return weekdayNames[civil.weekday]!.slice(0, 3)
    case '2':
      return String(civil.day)
    case '_2':
      return String(civil.day).padStart(2)
    case '02':
      return digits(civil.day, 2)
    case '__2':
      return String(civil.yearDay).padStart(3)
    case '002':
      return digits(civil.yearDay, 3)
    case '15':
      return digits(civil.hour, 2)
    case '3':
      return String(hour12)
    case '03':
      return digits(hour12, 2)
    case '4':
      return String(civil.minute)
    case '04':
      return digits(civil.minute, 2)
    case '5':
      return String(civil.second)
    case '05':
      return digits(civil.second, 2)
    case '2006':
      return digits(civil.year, 4)
    case '_2006':
      return `_${digits(civil.year, 4)}`
    case '06':
      return digits(Math.max(civil.year, 0) % 100, 2)
    case 'PM':
      return civil.hour >= 12 ? 'PM' : 'AM'
    case 'pm':
      return civil.hour >= 12 ? 'pm' : 'am'
    case 'MST':
      return civil.abbreviation
    default:
      return piece[0] === '.' || piece[0] === ',' ? fraction(piece, nanoseconds) : offset(piece, civil.offsetSeconds)
  }
}

/** `.000` always has its digits, nine at most; `.999` loses the zeros at its end. */
function fraction(piece: string, nanoseconds: number): string {
  const wanted = String(nanoseconds)
    .padStart(9, '0')
    .slice(0, piece.length - 1)
  if (piece[1] === '0') return piece[0] + wanted
  const short = wanted.replace(/0+$/, '')
  return short === '' ? '' : piece[0] + short
}

function offset(piece: string, offsetSeconds: number): string {
  if (piece[0] === 'Z' && offsetSeconds === 0) return 'Z'
  const total = Math.abs(offsetSeconds)
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60].map(part => digits(part, 2))
  const separator = piece.includes(':') ? ':' : ''
  const count = (piece.length - 1 - separator.length * (piece.split(':').length - 1)) / 2
  return (offsetSeconds < 0 ? '-' : '+') + parts.slice(0, count).join(separator)
}

function digits(value: number, count: number): string {
  return (value < 0 ? '-' : '') + String(Math.abs(value)).padStart(count, '0')
}
