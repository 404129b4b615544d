import type { PasswordMechanism, PasswordSettings, SaslSettings } from '../../shared/settings.ts'
import { saslMechanisms } from '../../shared/settings.ts'
import { nearSpelling } from './near-spelling.ts'
import { bearerKeys, readBearer } from './sasl-bearer.ts'
import type { SectionReader } from './section-reader.ts'

const passwordKeys = ['username', 'password'] as const
const secretKeys = ['password', 'token', 'client-secret', 'extensions']

/** `[sasl.NAME]` (spec 05 section 5.10). Main thread, at start. */
export function readSasl(name: string, reader: SectionReader): SaslSettings {
  const mechanism = readMechanism(reader)
  for (const key of secretKeys) reader.hide(key) // also where the mechanism does not use it
  const handshakeFirst = reader.flag('handshake-first', true)
  if (!handshakeFirst)
    reader.warn('handshake-first', 'always sent: brokers from Kafka 1.0 on refuse a login without it')
  warnOfOtherKeys(mechanism, reader)
  return mechanism === 'OAUTHBEARER' ? readBearer(name, reader) : readPassword(name, mechanism, handshakeFirst, reader)
}

/** A misspelt mechanism would be PLAIN to the original: refused (spec 09, A10), and the rest is read as what was probably meant. */
function readMechanism(reader: SectionReader): SaslSettings['mechanism'] {
  const written = reader.text('mechanism') || 'PLAIN'
  const mechanism = saslMechanisms.find(known => known === written)
  if (mechanism !== undefined) return mechanism
  const near = nearSpelling(written.toUpperCase(), saslMechanisms)
  const known = saslMechanisms.join(', ')
  reader.refuse('mechanism', 'unknown SASL mechanism', near === null ? known : `${known}; did you mean ${near}?`)
  return saslMechanisms.find(known => known === near) ?? 'PLAIN'
}

function readPassword(
  name: string,
  mechanism: PasswordMechanism,
  handshakeFirst: boolean,
  reader: SectionReader
): PasswordSettings {
  const settings = {
    name,
    mechanism,
    handshakeFirst,
    username: reader.text('username'),
    password: reader.secret('password')
  }
  for (const key of passwordKeys) {
    if (settings[key] === '') reader.refuse(key, 'missing, a login needs both', 'a user name and a password')
  }
  return settings
}

function warnOfOtherKeys(mechanism: SaslSettings['mechanism'], reader: SectionReader): void {
  const [others, users] =
    mechanism === 'OAUTHBEARER' ? [passwordKeys, 'PLAIN and SCRAM use'] : [bearerKeys, 'OAUTHBEARER uses']
  for (const key of others) {
    if (reader.has(key)) reader.warn(key, `not used, only ${users} it`)
  }
}
