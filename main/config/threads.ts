import type { ThreadCount, ThreadSettings } from './app-config.ts'
import type { ConfigTable } from './config-tree.ts'
import { toInteger } from './conversions.ts'
import type { Reading, SectionReader } from './section-reader.ts'
import { singleSection } from './sections.ts'

/** Threads of one kind. Every kafka thread has a port to every shard, so their product is bounded as well. */
export const threadsMax = 64
export const threadCountForms = `auto, or a whole number from 1 to ${threadsMax}`

/**
 * `[threads]`: how many threads of each kind. A section of ours; the original ignores unknown sections, so one file serves
 * both. Command-line flags win over the environment, as a person at the keyboard means them most.
 */
export function readThreads(root: ConfigTable, reading: Reading, flags: Partial<ThreadSettings>): ThreadSettings {
  const section = singleSection(root, 'threads', reading)
  const kafka = readCount(section, 'kafka')
  const storage = readCount(section, 'storage')
  const evaluator = readCount(section, 'evaluator')
  section.finish()
  return {
    kafka: flags.kafka ?? kafka,
    storage: flags.storage ?? storage,
    evaluator: flags.evaluator ?? evaluator
  }
}

/** null = neither `auto` nor a number in range. */
export function toThreadCount(value: unknown): ThreadCount | null {
  if (typeof value === 'string' && value.trim().toLowerCase() === 'auto') return 'auto'
  const count = toInteger(value)
  return count !== undefined && count >= 1 && count <= threadsMax ? count : null
}

function readCount(section: SectionReader, key: string): ThreadCount {
  if (!section.has(key)) return 'auto'
  const count = toThreadCount(section.raw(key))
  if (count === null) section.refuse(key, 'not a number of threads', threadCountForms)
  return count ?? 'auto'
}
