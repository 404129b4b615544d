import type { Logger } from './protocol/application-context.ts'

/**
 * Logging from any thread: a facade that looks at one shared word and, only if the level is on, hands a plain record to
 * `write`. Main writes it with winston; the other threads post it to main. Changing the word changes every thread at once.
 */
export const LogLevel = { debug: 0, info: 1, warn: 2, error: 3, panic: 4, fatal: 5 } as const
export type LogLevelName = keyof typeof LogLevel

/** One Int32: the lowest level that is written. */
export type LogLevelWord = SharedArrayBuffer

export interface LogRecord {
  readonly level: LogLevelName
  readonly timeMs: number
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export function createLogLevelWord(level: LogLevelName): LogLevelWord {
  const word = new SharedArrayBuffer(4)
  new Int32Array(word)[0] = LogLevel[level]
  return word
}

export function createLogger(
  word: LogLevelWord,
  write: (record: LogRecord) => void,
  fields: Readonly<Record<string, unknown>> = {}
): Logger {
  const threshold = new Int32Array(word)
  const logAt = (level: LogLevelName) => {
    const value = LogLevel[level]
    return (message: string, more?: Readonly<Record<string, unknown>>) => {
      if (value < threshold[0]!) return
      write({ level, timeMs: Date.now(), message, fields: more ? { ...fields, ...plain(more) } : fields })
    }
  }
  return {
    debug: logAt('debug'),
    info: logAt('info'),
    warn: logAt('warn'),
    error: logAt('error'),
    child: more => createLogger(word, write, { ...fields, ...plain(more) })
  }
}

/** Errors become text: an Error in a field would be `{}` in JSON, and cannot always be cloned to another thread. */
function plain(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? value.message : value])
  )
}
