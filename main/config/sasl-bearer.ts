import { isBearerToken, isExtension } from '../../shared/bearer-text.ts'
import { isSafeUrl } from '../../shared/safe-url.ts'
import type { BearerSettings, BearerSource, ClientCredentialsSource } from '../../shared/settings.ts'
import { toStringsAsWritten } from './conversions.ts'
import { checkCertificates, readNamedFile } from './pem-files.ts'
import type { SectionReader } from './section-reader.ts'

const sourceKeys = ['token', 'token-file', 'token-endpoint'] as const
const endpointKeys = ['client-id', 'client-secret', 'scope', 'token-endpoint-cafile'] as const
const sourceForm = 'one of token, token-file and token-endpoint'
const endpointForm = 'an https URL (http only to this machine) without a login in it'
const extensionForm = 'names of letters, not "auth"; values of printable ASCII'

/** The keys that only OAUTHBEARER has. */
export const bearerKeys = [...sourceKeys, ...endpointKeys, 'extensions'] as const

/** `[sasl.NAME]` with mechanism OAUTHBEARER: ours, Burrow has none. */
export function readBearer(name: string, reader: SectionReader): BearerSettings {
  return { name, mechanism: 'OAUTHBEARER', source: readSource(reader), extensions: readExtensions(reader) }
}

function readSource(reader: SectionReader): BearerSource {
  const [kind, ...more] = sourceKeys.filter(key => reader.has(key))
  for (const key of more) reader.refuse(key, `there is ${kind} too, and a login has one token`, sourceForm)
  if (kind === undefined) reader.refuse('token', 'missing, OAUTHBEARER needs a token', sourceForm)
  if (kind === 'token-endpoint') return readEndpoint(reader)
  for (const key of endpointKeys) {
    if (reader.has(key)) reader.warn(key, 'not used without token-endpoint')
  }
  return kind === 'token-file' ? readTokenFile(reader) : readToken(reader, kind !== undefined)
}

function readToken(reader: SectionReader, isThere: boolean): BearerSource {
  const token = reader.secret('token')
  if (isThere && !isBearerToken(token)) reader.refuse('token', 'not a token', 'letters, digits and -._~+/')
  return { kind: 'token', token }
}

/** It is read again at every login; a name that leads nowhere shows now. */
function readTokenFile(reader: SectionReader): BearerSource {
  const path = reader.text('token-file')
  try {
    if (!isBearerToken(readNamedFile(path).trim())) throw new Error('there is no token in it')
  } catch (error) {
    reader.refuse(
      'token-file',
      `cannot read the token: ${(error as Error).message}`,
      'a file with a token and nothing else'
    )
  }
  return { kind: 'file', path }
}

function readEndpoint(reader: SectionReader): ClientCredentialsSource {
  if (/[@?]/.test(reader.text('token-endpoint'))) reader.hide('token-endpoint') // a login, or a key in the query
  const settings = {
    endpoint: reader.text('token-endpoint'),
    clientId: reader.text('client-id'),
    clientSecret: reader.secret('client-secret'),
    scope: reader.text('scope'),
    caFile: reader.text('token-endpoint-cafile')
  }
  const { endpoint, clientId, clientSecret, scope, caFile } = settings
  if (!isEndpoint(endpoint)) reader.refuse('token-endpoint', 'not a token endpoint', endpointForm)
  if (clientId === '') reader.refuse('client-id', 'missing, token-endpoint needs both', 'client-id and client-secret')
  if (clientSecret === '')
    reader.refuse('client-secret', 'missing, token-endpoint needs both', 'client-id and client-secret')
  if (!isScope(scope)) reader.refuse('scope', 'not a scope', 'words of printable ASCII with one blank between them')
  if (caFile !== '') checkCertificates(reader, 'token-endpoint-cafile', 'cannot read CA file')
  return { kind: 'client-credentials', ...settings }
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return isSafeUrl(url) && url.username === '' && url.password === ''
}

/** RFC 6749 section 3.3. */
function isScope(text: string): boolean {
  return text === '' || /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(text)
}

/** Names keep their capitals: to a broker `logicalCluster` is not `logicalcluster`. */
function readExtensions(reader: SectionReader): Readonly<Record<string, string>> {
  const extensions = reader.strings('extensions', toStringsAsWritten)
  const bad = Object.entries(extensions).filter(([name, value]) => !isExtension(name, value))
  if (bad.length > 0) {
    const names = bad.map(([name]) => JSON.stringify(name)).join(', ')
    reader.refuse('extensions', `not extensions of SASL: ${names}`, extensionForm)
  }
  return extensions
}
