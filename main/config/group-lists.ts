import { compileGroupFilter } from '../../shared/rules/group-filter.ts'
import type { SectionReader } from './section-reader.ts'

export interface GroupLists {
  /** RE2 patterns, '' = off. */
  readonly groupAllowlist: string
  readonly groupDenylist: string
}

/** The four keys that decide which groups a module looks at (spec 02 section 4). */
export function readGroupLists(section: SectionReader): GroupLists {
  for (const list of ['allow', 'deny'] as const) {
    const old = list === 'allow' ? 'group-whitelist' : 'group-blacklist'
    if (section.has(old)) {
      section.refuse(old, 'Please change configurations to allowlist and denylist', `group-${list}list`)
    }
  }
  return { groupAllowlist: readPattern(section, 'allow'), groupDenylist: readPattern(section, 'deny') }
}

function readPattern(section: SectionReader, list: 'allow' | 'deny'): string {
  const key = `group-${list}list`
  const pattern = section.text(key)
  try {
    compileGroupFilter(list === 'allow' ? pattern : '', list === 'deny' ? pattern : '')
    return pattern
  } catch (cause) {
    section.refuse(key, (cause as Error).message, 'an RE2 regular expression (no look-around)')
    return ''
  }
}
