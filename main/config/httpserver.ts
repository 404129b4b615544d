import type { HttpServerSettings } from './app-config.ts'
import type { ConfigTable } from './config-tree.ts'
import { parseHostPort } from './host-port.ts'
import type { Reading } from './section-reader.ts'
import { SectionReader, timerSecondsMax } from './section-reader.ts'
import { namedSections } from './sections.ts'

const timeoutSecondsDefault = 300

/** `[httpserver.NAME]` (spec 04 section 1); without any, one listener on a random port, or where the environment says. */
export function readHttpServers(root: ConfigTable, reading: Reading): readonly HttpServerSettings[] {
  const sections = namedSections(root, 'httpserver', reading)
  if (sections.length > 0) return sections.map(({ name, reader }) => readListener(name, reader, ''))
  return [readListener('default', new SectionReader(['httpserver', 'default'], new Map(), reading), ':0')]
}

function readListener(name: string, reader: SectionReader, addressDefault: string): HttpServerSettings {
  const address = reader.text('address', addressDefault)
  if (parseHostPort(address, 'listener') === null) {
    reader.refuse('address', 'invalid HTTP server listener address', 'host:port, [v6]:port or :port, port 0 to 65535')
  }
  const timeoutSeconds = reader.integer('timeout', timeoutSecondsDefault, { min: 0, max: timerSecondsMax })
  // A listener that was to be secret must not open in the clear.
  if (reader.has('tls')) reader.refuse('tls', 'this version does not serve HTTPS yet', 'no tls key')
  reader.finish()
  return { name, address, timeoutSeconds }
}
