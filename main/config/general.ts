import type { GeneralSettings } from './app-config.ts'
import type { ConfigTable } from './config-tree.ts'
import type { Reading } from './section-reader.ts'
import { singleSection } from './sections.ts'

export const envVarPrefixDefault = 'burrow'

/** `[general]` (spec 05 section 3). */
export function readGeneral(root: ConfigTable, reading: Reading, envVarPrefix: string): GeneralSettings {
  const section = singleSection(root, 'general', reading)
  section.raw('env-var-prefix') // was read before the environment could be
  const pidFile = section.text('pidfile', 'burrow.pid')
  if (pidFile === '') section.refuse('pidfile', 'an empty file name', 'a file name, or leave the key out')
  const accessControlAllowOrigin = section.text('access-control-allow-origin')
  if (!isHeaderValue(accessControlAllowOrigin)) {
    section.refuse(
      'access-control-allow-origin',
      'cannot stand in an HTTP header',
      'printable characters, no line breaks'
    )
  }
  const stdoutLogFile = section.text('stdout-logfile')
  section.finish()
  return { pidFile, stdoutLogFile, accessControlAllowOrigin, envVarPrefix }
}

/** RFC 9110 section 5.5. A value outside this would make every answer fail. */
function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
}
