import type { ClientProfile } from '../../shared/settings.ts'
import type { ConfigTable } from './config-tree.ts'
import { fullKafkaVersion, kafkaVersionForms } from './kafka-version.ts'
import type { Reading, SectionReader } from './section-reader.ts'
import { timerSecondsMax } from './section-reader.ts'
import { namedSections } from './sections.ts'

const defaultProfile: ClientProfile = {
  name: '',
  clientId: 'burrow-lagchecker',
  kafkaVersion: '2.8.0',
  dialTimeoutMs: 30_000,
  readTimeoutMs: 30_000
}

/** `[client-profile.NAME]` (spec 05 section 5.8), and who uses them. */
export class ClientProfiles {
  readonly #sections: ReadonlyMap<string, SectionReader>
  readonly #profiles: ReadonlyMap<string, ClientProfile>
  readonly #used = new Set<string>()

  constructor(root: ConfigTable, reading: Reading) {
    const sections = namedSections(root, 'client-profile', reading)
    this.#sections = new Map(sections.map(({ name, reader }) => [name, reader]))
    this.#profiles = new Map(sections.map(({ name, reader }) => [name, readProfile(name, reader)]))
  }

  /** The profile that a cluster or consumer names; none named = the defaults. */
  of(user: SectionReader): ClientProfile {
    const written = user.text('client-profile')
    if (written === '') return defaultProfile
    const name = written.toLowerCase()
    const profile = this.#profiles.get(name)
    if (profile === undefined) {
      const known = [...this.#profiles.keys()].join(', ') || 'none: there is no section [client-profile.NAME]'
      user.refuse('client-profile', `unknown client-profile '${written}'`, known)
      return defaultProfile
    }
    if (!this.#used.has(name)) refuseSecurity(this.#sections.get(name)!)
    this.#used.add(name)
    return profile
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
  for (const key of securityKeys) reader.raw(key) // known; they matter once somebody uses the profile
  const kafkaVersion = reader.text('kafka-version', defaultProfile.kafkaVersion)
  if (fullKafkaVersion(kafkaVersion) === null) {
    reader.refuse('kafka-version', `Unknown Kafka Version: ${kafkaVersion}`, kafkaVersionForms)
  }
  return {
    name,
    clientId: reader.text('client-id', defaultProfile.clientId),
    kafkaVersion,
    dialTimeoutMs: reader.integer('dial-timeout', 30, { min: 1, max: timerSecondsMax }) * 1000,
    readTimeoutMs: reader.integer('read-timeout', 30, { min: 1, max: timerSecondsMax }) * 1000
  }
}

const securityKeys = ['tls', 'sasl', 'iam'] as const
const words = { tls: 'TLS', sasl: 'SASL', iam: 'AWS IAM' } as const

/** A connection in the clear, or without the login, would not be the one that was asked for. */
function refuseSecurity(reader: SectionReader): void {
  for (const key of securityKeys) {
    if (key === 'iam' ? reader.text('iam') === '' : !reader.has(key)) continue
    reader.refuse(key, `this version does not connect to Kafka with ${words[key]} yet`, `no ${key} key`)
  }
}
