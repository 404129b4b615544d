/** Values by key, by section. */
export type IniSections = ReadonlyMap<string, ReadonlyMap<string, string>>

/**
 * Reads what AWS calls a shared file: `[section]`, `key = value`, comments with # or ; at a line's start or after a blank. Lines that are
 * indented belong to the key before them (`s3 =` and what follows) and mean nothing to us. Keys are in lower case.
 */
export function parseIni(text: string): IniSections {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue
    const header = /^\[([^\]]*)\]/.exec(line)
    if (header) {
      const name = header[1]!.trim().replace(/\s+/g, ' ')
      section = sections.get(name) ?? new Map()
      sections.set(name, section)
      continue
    }
    const pair = /^([^\s=][^=]*?)\s*=(.*)$/.exec(line)
    if (pair && section) section.set(pair[1]!.toLowerCase(), pair[2]!.replace(/\s[#;].*$/, '').trim())
  }
  return sections
}
