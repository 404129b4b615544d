import { readFileSync } from 'node:fs'

/** What a zone was or will be called (CET, CEST, -03) at a moment, null = not known. `offsetSeconds` is the zone's offset then. */
export type ZoneLetters = (seconds: number, offsetSeconds: number) => string | null

/** Where systems keep the tz database, which Go takes the letters from. Node has the offsets itself, but few letters. */
const folder = '/usr/share/zoneinfo'

/** Letters of an IANA zone. A system without tz database knows none. */
export function zoneLetters(name: string): ZoneLetters {
  let file: Buffer
  try {
    file = readFileSync(`${folder}/${name}`)
  } catch {
    return () => null
  }
  return lettersOfFile(file)
}

/**
 * A file of the tz database, version 2 or later (RFC 9636). Of its parts, each with its count in the header:
 *
 *   header v1 | data v1 (skipped) | header | times 8 B | types 1 B | kinds 6 B | letters | leap 12 B | std 1 B | ut 1 B | LF rule LF
 *
 * A kind is an offset (4 B), a daylight flag (1 B) and the place of its letters (1 B).
 */
export function lettersOfFile(file: Buffer): ZoneLetters {
  if (file.length < headerBytes || file.toString('latin1', 0, 4) !== 'TZif' || file[4] === 0) return () => null
  const old = countsAt(file, 0)
  const start = headerBytes + bodyBytes(old, 4)
  const counts = countsAt(file, start)
  const times = start + headerBytes
  const types = times + counts.times * 8
  const kinds = types + counts.times
  const letters = kinds + counts.kinds * kindBytes
  const rule = ruleLetters(file.toString('latin1', times + bodyBytes(counts, 8) + 1, file.length - 1))

  const timeOf = (index: number) => Number(file.readBigInt64BE(times + index * 8))
  const lettersOf = (kind: number, offsetSeconds: number) => {
    const at = kinds + kind * kindBytes
    if (file.readInt32BE(at) !== offsetSeconds) return null // Node's data is of another version
    const from = letters + file[at + 5]!
    return file.toString('latin1', from, file.indexOf(0, from))
  }
  return (seconds, offsetSeconds) => {
    const next = firstIndex(counts.times, index => timeOf(index) > seconds)
    if (next === counts.times && rule.size > 0) return rule.get(offsetSeconds) ?? null
    return lettersOf(next === 0 ? 0 : file[types + next - 1]!, offsetSeconds)
  }
}

const headerBytes = 44
const kindBytes = 6

interface Counts {
  readonly ut: number
  readonly std: number
  readonly leaps: number
  readonly times: number
  readonly kinds: number
  readonly letters: number
}

function countsAt(file: Buffer, header: number): Counts {
  const count = (index: number) => file.readUInt32BE(header + 20 + index * 4)
  return { ut: count(0), std: count(1), leaps: count(2), times: count(3), kinds: count(4), letters: count(5) }
}

function bodyBytes(counts: Counts, timeBytes: number): number {
  const { ut, std, leaps, times, kinds, letters } = counts
  return times * (timeBytes + 1) + kinds * kindBytes + letters + leaps * (timeBytes + 4) + std + ut
}

/** How the zone goes on behind the last time of the table, `CET-1CEST,M3.5.0,M10.5.0/3` for instance: letters by offset. */
function ruleLetters(rule: string): ReadonlyMap<number, string> {
  const found = /^(<[^>]+>|[A-Za-z]+)([-+0-9:]+)(?:(<[^>]+>|[A-Za-z]+)([-+0-9:]+)?)?/.exec(rule)
  if (!found) return new Map()
  const [, standard, west, daylight, daylightWest] = found
  const offset = -secondsOf(west!)
  const lettersByOffset = new Map([[offset, withoutBrackets(standard!)]])
  if (daylight !== undefined) {
    lettersByOffset.set(
      daylightWest === undefined ? offset + 3600 : -secondsOf(daylightWest),
      withoutBrackets(daylight)
    )
  }
  return lettersByOffset
}

function secondsOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[-+]/, '').split(':').map(Number)
  return (text.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds)
}

function withoutBrackets(letters: string): string {
  return letters.replace(/[<>]/g, '')
}

/** The first index below `count` for which it holds; it holds for all behind. */
function firstIndex(count: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
