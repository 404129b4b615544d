import type { Writable } from 'node:stream'
import { createLogger as createWinston, format, transports } from 'winston'
import { BurrowError } from '../shared/errors.ts'
import { createLogger, createLogLevelWord, type LogLevelWord, type LogRecord } from '../shared/log.ts'
import type { Logger } from '../shared/protocol/application-context.ts'
import type { LoggingSettings } from './config/app-config.ts'
import { LogFile } from './log-file.ts'

/** The only way out for log lines of all threads. Main thread. The only file that knows winston. */
export interface MainLogger {
  /** For main's own lines. */
  readonly logger: Logger
  /** Give it to every thread; writing it changes the level of all of them at once. */
  readonly levelWord: LogLevelWord
  /** Writes what a thread posted; its level was checked there. */
  writeRecord(record: LogRecord): void
  /** Resolves when all lines are out, or after `closeDeadlineMs`. */
  close(): Promise<void>
}

export const closeDeadlineMs = 1_000

/** Lines that a slow reader of stdout has not taken; past it lines are dropped, counted, and the count is logged. */
export const waitingBytesMax = 16 * 1024 * 1024

/**
 * Winston's own level check costs microseconds a call and cannot be seen by other threads, so the shared word decides and
 * winston is open for everything. Throws BurrowError CONFIG_INVALID if the log file cannot be opened.
 */
export function createMainLogger(
  { logging }: { readonly logging: LoggingSettings },
  stdout: Writable = process.stdout
): MainLogger {
  const stream = logging.filename === '' ? stdout : openLogFile(logging)
  const levels = { fatal: 0, panic: 1, error: 2, warn: 3, info: 4, debug: 5 }
  const transport = new transports.Stream({ stream, eol: '\n' })
  const winston = createWinston({
    levels,
    level: 'debug',
    exitOnError: false,
    format: format.printf(info => info.message as string),
    transports: [transport]
  })
  winston.on('error', error => process.stderr.write(`cannot write log: ${error.message}\n`))
  let linesLost = 0
  const writeRecord = (record: LogRecord) => {
    if (stream.writableLength > waitingBytesMax) {
      linesLost++
      return
    }
    if (linesLost > 0) {
      const fields = { lines: linesLost }
      linesLost = 0
      writeRecord({ level: 'warn', timeMs: Date.now(), message: 'log lines lost, their reader is too slow', fields })
    }
    winston.write({ level: record.level, message: recordToLine(record) })
  }
  const levelWord = createLogLevelWord(logging.level)
  return { logger: createLogger(levelWord, writeRecord), levelWord, writeRecord, close: () => closeWinston() }

  async function closeWinston(): Promise<void> {
    await endOf(winston, () => winston.end())
    if (stream !== stdout) await endOf(stream, () => stream.end())
  }
}

/**
 * Burrow's line (spec 05 section 4): `{"level":"info","ts":1764.5,"msg":"...",...fields}`. A field that is called like one of
 * the first three gets an underscore, so that neither is lost.
 */
export function recordToLine({ level, timeMs, message, fields }: LogRecord): string {
  const line: Record<string, unknown> = { level, ts: timeMs / 1000, msg: message }
  for (const [key, value] of Object.entries(fields)) {
    line[key === 'level' || key === 'ts' || key === 'msg' ? `${key}_` : key] = value
  }
  try {
    return JSON.stringify(line)
  } catch {
    return lineOfAwkwardFields(line)
  }
}

/** A bigint or a circle in a field must not lose the line, still less end the program. Field by field, as it is rare. */
function lineOfAwkwardFields(line: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(line).map(([key, value]) => {
    try {
      return [key, JSON.parse(JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner)))]
    } catch {
      return [key, String(value)]
    }
  })
  return JSON.stringify(Object.fromEntries(fields))
}

function openLogFile(logging: LoggingSettings): LogFile {
  try {
    return new LogFile(logging)
  } catch (cause) {
    const text = `logging.filename: cannot be opened: ${(cause as Error).message}`
    throw new BurrowError('CONFIG_INVALID', text, { mistakes: [] }, cause)
  }
}

/** A reader of stdout that has gone away must not keep the program from stopping. */
function endOf(stream: NodeJS.EventEmitter, end: () => void): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, closeDeadlineMs)
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    stream.once('finish', done)
    stream.once('error', done)
    end()
  })
}
