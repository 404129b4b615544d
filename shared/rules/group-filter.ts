import { RE2JS } from 're2js'
import { BurrowError } from '../errors.ts'

/** Which groups are watched (spec 02 section 4). Any thread. The only file that knows re2js. */
export interface GroupFilter {
  accept(group: string): boolean
}

/**
 * Both patterns are RE2 and match anywhere in the name; '' = off. The allowlist rejects what it does not match, then the
 * denylist rejects what it does. Throws BurrowError CONFIG_INVALID for a pattern that RE2 refuses.
 *
 * RE2 takes time linear in the name, so no group's name can make a pattern hang the thread.
 */
export function compileGroupFilter(allowlist: string, denylist: string): GroupFilter {
  const allow = compile('allowlist', allowlist)
  const deny = compile('denylist', denylist)
  return {
    accept: group => (allow === null || allow.matcher(group).find()) && (deny === null || !deny.matcher(group).find())
  }
}

function compile(list: string, pattern: string): RE2JS | null {
  if (pattern === '') return null
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new BurrowError('CONFIG_INVALID', `Failed to compile group ${list}: ${reason}`, { pattern }, error)
  }
}
