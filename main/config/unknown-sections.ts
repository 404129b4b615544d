import type { ConfigTable } from './config-tree.ts'
import { didYouMean } from './near-spelling.ts'
import type { Reading } from './section-reader.ts'

/** All there are. Whoever adds a section adds its name here. */
const knownSections = [
  'general',
  'logging',
  'threads',
  'storage',
  'evaluator',
  'metrics',
  'httpserver',
  'cluster',
  'consumer',
  'notifier',
  'zookeeper',
  'client-profile',
  'tls',
  'sasl',
  'iam'
]

/** The original ignores what it does not know, so it is no mistake; but most such sections are misspelt. */
export function warnOfUnknownSections(root: ConfigTable, reading: Reading): void {
  for (const [section, table] of root) {
    if (knownSections.includes(section) || reading.flatKeys.has(section)) continue
    const what = table instanceof Map ? 'unknown section' : 'unknown key'
    reading.warnings.push(`${section}: ${what}, not used${didYouMean(section, knownSections)}`)
  }
  reading.warnings.push(...reading.flatKeys.unused())
}
