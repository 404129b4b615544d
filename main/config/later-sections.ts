import type { ConfigTable } from './config-tree.ts'
import { didYouMean } from './near-spelling.ts'
import type { Reading } from './section-reader.ts'

/** Sections that are read by the other files of this folder. */
const readSections = [
  'general',
  'logging',
  'threads',
  'storage',
  'evaluator',
  'httpserver',
  'cluster',
  'consumer',
  'client-profile'
]

/**
 * Sections of the original that this version does not honour. None may be passed over in silence: whoever wrote them counts
 * on them. (A tls, sasl or iam section that a profile or listener *uses* is refused there.)
 */
const laterSections: Readonly<Record<string, string>> = {
  notifier: 'this version sends no notifications yet',
  zookeeper: 'this version does not use ZooKeeper yet',
  tls: 'this version does not use TLS yet',
  sasl: 'this version does not use SASL yet',
  iam: 'this version does not use AWS IAM yet'
}

/** Warns of every such section, module by module, and of sections nobody knows. */
export function warnOfOtherSections(root: ConfigTable, reading: Reading): void {
  for (const [section, table] of root) {
    const sentence = Object.hasOwn(laterSections, section) ? laterSections[section] : undefined
    if (sentence !== undefined) {
      for (const path of modulePaths(section, table)) reading.warnings.push(`${path}: ${sentence}`)
    } else if (!readSections.includes(section)) {
      const what = table instanceof Map ? 'unknown section' : 'unknown key'
      const near = didYouMean(section, [...readSections, ...Object.keys(laterSections)])
      reading.warnings.push(`${section}: ${what}, not used${near}`)
    }
  }
}

/** `notifier.mail`, `notifier.pager`; zookeeper has no modules. */
function modulePaths(section: string, table: unknown): readonly string[] {
  if (section === 'zookeeper' || !(table instanceof Map)) return [section]
  return [...table.keys()].map(name => `${section}.${name}`)
}
