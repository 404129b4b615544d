import type { TlsSettings } from '../../shared/settings.ts'
import type { HttpServerSettings } from './app-config.ts'
import type { ConfigTable } from './config-tree.ts'
import { parseHostPort } from './host-port.ts'
import type { Reading } from './section-reader.ts'
import { SectionReader, timerSecondsMax } from './section-reader.ts'
import { namedSections } from './sections.ts'
import type { Security } from './security.ts'

const timeoutSecondsDefault = 300

/** `[httpserver.NAME]` (spec 04 section 1); without any, one listener on a random port, or where the environment says. */
export function readHttpServers(
  root: ConfigTable,
  reading: Reading,
  security: Security
): readonly HttpServerSettings[] {
  const sections = namedSections(root, 'httpserver', reading)
  if (sections.length > 0) return sections.map(({ name, reader }) => readListener(name, reader, security, ''))
  return [readListener('default', new SectionReader(['httpserver', 'default'], new Map(), reading), security, ':0')]
}

function readListener(
  name: string,
  reader: SectionReader,
  security: Security,
  addressDefault: string
): HttpServerSettings {
  const address = reader.text('address', addressDefault)
  if (parseHostPort(address, 'listener') === null) {
    reader.refuse('address', 'invalid HTTP server listener address', 'host:port, [v6]:port or :port, port 0 to 65535')
  }
  const timeoutSeconds = reader.integer('timeout', timeoutSecondsDefault, { min: 0, max: timerSecondsMax })
  const tls = reader.has('tls') ? readTls(reader, security) : null
  reader.finish()
  return { name, address, timeoutSeconds, tls }
}

/** A listener that was to be secret must not open in the clear. */
function readTls(reader: SectionReader, security: Security): TlsSettings | null {
  reader.refuseNotBuilt('tls', 'https', 'no tls key')
  const tls = security.tls.of(reader)?.settings ?? null
  if (tls === null) return null
  if (tls.certFile === '' || tls.keyFile === '') {
    const sentence = 'TLS HTTP server specified with missing certificate or key'
    reader.refuse('tls', sentence, 'a section [tls.NAME] with certfile and keyfile')
  }
  if (tls.noVerify) reader.warn('tls', `noverify of tls.${tls.name} is not used for a listener`)
  return tls
}
