import type { LogLevelName } from '../../shared/log.ts'
import { LogLevel } from '../../shared/log.ts'
import type { LoggingSettings } from './app-config.ts'
import type { ConfigTable } from './config-tree.ts'
import { didYouMean } from './near-spelling.ts'
import type { Reading, SectionReader } from './section-reader.ts'
import { singleSection } from './sections.ts'

/** 1 TiB; a log file past that is a mistake of units. */
const maxSizeMbMax = 1_048_576
const maxBackupsMax = 1_000_000
/** A hundred years. */
const maxAgeDaysMax = 36_525

const maxSizeMbDefault = 100

/** `[logging]` (spec 05 section 4). */
export function readLogging(root: ConfigTable, reading: Reading): LoggingSettings {
  const section = singleSection(root, 'logging', reading)
  const settings = {
    level: readLevel(section),
    filename: section.text('filename'),
    // 0 is the default to the original's log library too
    maxSizeMb: section.integer('maxsize', maxSizeMbDefault, { min: 0, max: maxSizeMbMax }) || maxSizeMbDefault,
    maxBackups: section.integer('maxbackups', 10, { min: 0, max: maxBackupsMax }),
    maxAgeDays: section.integer('maxage', 30, { min: 0, max: maxAgeDaysMax }),
    useLocalTime: section.flag('use-localtime', false),
    useCompression: section.flag('use-compression', false)
  }
  section.finish()
  return settings
}

const words: Readonly<Record<string, LogLevelName>> = { trace: 'debug', warning: 'warn' }

/** The level a word means, in any case; null for words that mean none. File and HTTP take the same (spec 09, A8). */
export function logLevelFromWord(word: string): LogLevelName | null {
  const lower = word.toLowerCase()
  if (Object.hasOwn(LogLevel, lower)) return lower as LogLevelName
  return Object.hasOwn(words, lower) ? words[lower]! : null
}

/** An unknown level is no reason not to start, as with the original, but is said. */
function readLevel(section: SectionReader): LogLevelName {
  const word = section.text('level', 'info')
  if (word === '') return 'info'
  const level = logLevelFromWord(word)
  if (level !== null) return level
  const near = didYouMean(word.toLowerCase(), [...Object.keys(LogLevel), ...Object.keys(words)])
  section.warn('level', `Invalid log level supplied. Defaulting to info: ${word}${near}`)
  return 'info'
}
