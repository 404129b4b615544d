import { LogLevel, type LogLevelName, type LogLevelWord } from '../../shared/log.ts'
import { logLevelFromWord } from '../config/logging.ts'
import type { Answer } from './answer.ts'
import { type Envelope, envelopeHead } from './envelope.ts'
import { plainJson } from './plain-json.ts'
import type { Route, RouteRequest } from './routes.ts'

/** Shows and sets the log level of all threads (spec 04 section 6). Main thread. What is set is forgotten at the next start. */
export function logLevelRoutes(envelope: Envelope, word: LogLevelWord): Route[] {
  const threshold = new Int32Array(word)
  const pattern = '/v3/admin/loglevel'
  return [
    { method: 'GET', pattern, answer: ({ url }) => shownLevel(envelope, threshold, url) },
    { method: 'POST', pattern, answer: request => setLevel(envelope, threshold, request) }
  ]
}

function shownLevel(envelope: Envelope, threshold: Int32Array, url: string): Answer {
  const level = levelNames.find(name => LogLevel[name] === Atomics.load(threshold, 0)) ?? 'info'
  return envelope.value(200, levelHead, plainJson(level), url)
}

async function setLevel(envelope: Envelope, threshold: Int32Array, { url, readBody }: RouteRequest): Promise<Answer> {
  const body = await readBody()
  if (body === null) return envelope.error(413, 'message body too long', url)
  const word = levelOfBody(body.toString('utf8'))
  if (word === null) return envelope.error(400, 'could not decode message body', url)
  const level = logLevelFromWord(word)
  if (level === null) return envelope.error(404, 'unknown log level', url)
  Atomics.store(threshold, 0, LogLevel[level])
  return envelope.message('set log level', url)
}

/**
 * The value of `level` in the first JSON value of a text, as Go's decoder takes it: keys in any case, '' where there is none or it
 * is null, whatever comes after the first value is not looked at. Null = not decodable.
 */
function levelOfBody(text: string): string | null {
  const body = text.replace(/^[ \t\r\n]+/, '')
  if (body.startsWith('null')) return ''
  const end = objectEnd(body)
  if (end < 0) return null
  let level: unknown = null
  try {
    for (const [key, value] of Object.entries(JSON.parse(body.slice(0, end)) as object)) {
      if (key.toLowerCase() === 'level' && value !== null) level = value // Go: null changes nothing
    }
  } catch {
    return null
  }
  if (level === null) return ''
  return typeof level === 'string' ? level : null
}

/** Where the object that the text begins with ends; -1 if it begins with none, or it has no end. */
function objectEnd(text: string): number {
  if (!text.startsWith('{')) return -1
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (inString) {
      if (character === '\\') index++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return index + 1
  }
  return -1
}

const levelHead = envelopeHead('log level returned', 'level')
const levelNames = Object.keys(LogLevel) as LogLevelName[]
