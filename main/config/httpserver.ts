import type { TlsSettings } from '../../shared/settings.ts'
import type { HttpServerSettings } from './app-config.ts'
import type { ConfigTable } from './config-tree.ts'
import { parseHostPort } from './host-port.ts'
import { readListenerCertificates } from './listener-certificates.ts'
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
  const pagePath = readPagePath(reader)
  reader.finish()
  return { name, address, timeoutSeconds, tls, pagePath }
}

/** Null = no page. A path that the interface has already would make one of the two unreachable. */
function readPagePath(reader: SectionReader): string | null {
  const wanted = reader.flag('page', true)
  const path = reader.text('page-path', '/')
  if (!isPagePath(path)) {
    const allowed =
      '/ or up to 128 letters, digits, -, _, . and ~ in segments, not below /v3, /burrow, /metrics or /page'
    reader.refuse('page-path', 'the page cannot be there', allowed)
  }
  return wanted ? path : null
}

function isPagePath(path: string): boolean {
  if (path === '/') return true
  const segments = path.split('/').slice(1)
  if (!/^(\/[\w.~-]+)+$/.test(path) || path.length > 128 || segments.some(each => each === '.' || each === '..'))
    return false
  return !takenSegments.has(segments[0]!)
}

const takenSegments: ReadonlySet<string> = new Set(['v3', 'burrow', 'metrics', 'page'])

/** A listener that was to be secret must not open in the clear. */
function readTls(reader: SectionReader, security: Security): TlsSettings | null {
  const mistakesBefore = reader.reading.mistakes.list.length
  const tls = security.tls.of(reader)?.settings ?? null
  if (tls === null) return null
  if (tls.certFile === '' || tls.keyFile === '') {
    const sentence = 'TLS HTTP server specified with missing certificate or key'
    reader.refuse('tls', sentence, 'a section [tls.NAME] with certfile and keyfile')
  } else if (reader.reading.mistakes.list.length === mistakesBefore) refuseUnfit(reader, tls)
  if (tls.noVerify) reader.warn('tls', `noverify of tls.${tls.name} is not used for a listener`)
  return tls
}

/** Files that are fine one by one may still not do for a server. */
function refuseUnfit(reader: SectionReader, tls: TlsSettings): void {
  try {
    readListenerCertificates(tls)
  } catch (error) {
    const sentence = `TLS cannot be served with these files: ${(error as Error).message}`
    reader.refuse('tls', sentence, 'a section [tls.NAME] whose certfile and keyfile OpenSSL takes')
  }
}
