import type { ClientProfile, SaslSettings } from '../../shared/settings.ts'
import type { ConfigTable } from './config-tree.ts'
import { fullKafkaVersion, kafkaVersionForms } from './kafka-version.ts'
import { didYouMean } from './near-spelling.ts'
import type { Reading, SectionReader } from './section-reader.ts'
import { timerSecondsMax } from './section-reader.ts'
import { namedSections } from './sections.ts'
import type { Security } from './security.ts'

const defaultProfile: ClientProfile = {
  name: '',
  clientId: 'burrow-lagchecker',
  kafkaVersion: '2.8.0',
  dialTimeoutMs: 30_000,
  readTimeoutMs: 30_000,
  tls: null,
  sasl: null,
  iam: null
}

/** `[client-profile.NAME]` (spec 05 section 5.8), and who uses them. */
export class ClientProfiles {
  readonly #security: Security
  readonly #sections: ReadonlyMap<string, SectionReader>
  readonly #profiles = new Map<string, ClientProfile>()
  readonly #used = new Set<string>()

  constructor(root: ConfigTable, reading: Reading, security: Security) {
    this.#security = security
    const sections = namedSections(root, 'client-profile', reading)
    this.#sections = new Map(sections.map(({ name, reader }) => [name, reader]))
    for (const { name, reader } of sections) this.#profiles.set(name, readProfile(name, reader))
  }

  /** The profile that a cluster or consumer names; none named = the defaults. */
  of(user: SectionReader): ClientProfile {
    const written = user.text('client-profile')
    if (written === '') return defaultProfile
    const name = written.toLowerCase()
    const profile = this.#profiles.get(name)
    if (profile === undefined) {
      const known = [...this.#profiles.keys()].join(', ') || 'none: there is no section [client-profile.NAME]'
      const near = didYouMean(name, this.#profiles.keys())
      user.refuse('client-profile', `unknown client-profile '${written}'`, `${known}${near}`)
      return defaultProfile
    }
    // Shown as its user wrote it, as in Burrow.
    if (this.#used.has(name)) return { ...profile, name: written }
    this.#used.add(name)
    const secured = withSecurity(profile, this.#sections.get(name)!, this.#security)
    this.#profiles.set(name, secured)
    return { ...secured, name: written }
  }

  /** When all users have asked. */
  finish(): void {
    for (const [name, reader] of this.#sections) {
      reader.finish()
      if (!this.#used.has(name)) reader.reading.warnings.push(`${reader.path}: used by no cluster and no consumer`)
    }
  }
}

function readProfile(name: string, reader: SectionReader): ClientProfile {
  for (const key of ['tls', 'sasl', 'iam']) reader.raw(key) // known; they matter once somebody uses the profile
  const kafkaVersion = reader.text('kafka-version', defaultProfile.kafkaVersion)
  if (fullKafkaVersion(kafkaVersion) === null) {
    reader.refuse('kafka-version', `Unknown Kafka Version: ${kafkaVersion}`, kafkaVersionForms)
  }
  return {
    ...defaultProfile,
    name,
    clientId: reader.text('client-id', defaultProfile.clientId),
    kafkaVersion,
    dialTimeoutMs: reader.integer('dial-timeout', 30, { min: 1, max: timerSecondsMax }) * 1000,
    readTimeoutMs: reader.integer('read-timeout', 30, { min: 1, max: timerSecondsMax }) * 1000
  }
}

/** A key that is there, even empty, asks for TLS or SASL; an empty `iam` asks for nothing. */
function withSecurity(profile: ClientProfile, reader: SectionReader, security: Security): ClientProfile {
  const wanted = { tls: reader.has('tls'), sasl: reader.has('sasl'), iam: reader.text('iam') !== '' }
  const tls = wanted.tls ? (security.tls.of(reader)?.settings ?? null) : null
  const sasl = wanted.sasl ? (security.sasl.of(reader)?.settings ?? null) : null
  const iam = wanted.iam ? (security.iam.of(reader)?.settings ?? null) : null
  if (tls?.noVerify) reader.warn('tls', `tls.${tls.name} has noverify: anybody could answer as these brokers`)
  if (iam !== null && !wanted.tls) {
    const sentence = `client-profile ${profile.name} uses iam.${iam.name} but has no tls profile`
    reader.refuse('tls', sentence, 'the name of a section [tls.NAME]')
  }
  if (iam !== null && wanted.sasl) reader.warn('sasl', 'not used, iam wins')
  if (sasl && !wanted.tls && !wanted.iam) warnOfSecretInTheClear(sasl, reader)
  return { ...profile, tls, sasl, iam }
}

/** SCRAM shows nobody the password. */
function warnOfSecretInTheClear({ name, mechanism }: SaslSettings, reader: SectionReader): void {
  if (mechanism !== 'PLAIN' && mechanism !== 'OAUTHBEARER') return
  const secret = mechanism === 'PLAIN' ? 'password' : 'token'
  reader.warn('sasl', `sasl.${name} is ${mechanism} and there is no tls: the ${secret} is sent in the clear`)
}
