import { KafkaCluster } from './kafka-broker.ts'
import { kafkaJars } from './kafka-jars.ts'
import { type CertifiedKey, TestAuthority } from './kafka-security-certificates.ts'
import { type MskAccount, mskClasses, mskSettings } from './kafka-security-msk.ts'
import { tempFolder } from './temp-folder.ts'

export const login = { username: 'monitor', password: 'one,two=three "four"' }
/** Sessions of the OAUTHBEARER_SHORT and SCRAM_SHORT listeners. */
export const shortSessionMs = 2_000

const names = ['TLS', 'MTLS', 'ELSEWHERE', 'PLAIN', 'SCRAM256', 'SCRAM512', 'BEARER', 'SCRAMSHORT'] as const
export type ListenerName = (typeof names)[number] | 'MSK'
const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'

export interface SecureKafka {
  readonly kafka: KafkaCluster
  readonly authority: TestAuthority
  /** An authority that the broker does not know. */
  readonly stranger: TestAuthority
  readonly client: CertifiedKey
  readonly strangerClient: CertifiedKey
}

export interface SecureKafkaOptions {
  /** One more listener, MSK, that lets this account in. */
  readonly msk?: MskAccount
  /** Only those whom an ACL names may do anything, and who comes without a login. */
  readonly authorizer?: boolean
}

/** One broker that can be reached in every way that it knows; all but SCRAM256 and SCRAMSHORT with TLS. */
export async function startSecureKafka({ msk, authorizer = false }: SecureKafkaOptions = {}): Promise<SecureKafka> {
  const folder = tempFolder('certificates')
  const authority = new TestAuthority(folder, 'known')
  const stranger = new TestAuthority(folder, 'stranger')
  const broker = authority.certify('broker', ['DNS:localhost', 'IP:127.0.0.1'])
  const elsewhere = authority.certify('elsewhere', ['DNS:elsewhere.example'])
  const kafka = await KafkaCluster.start({
    version: '4.2.0',
    offsetsPartitions: 1,
    listeners: [...names, ...(msk ? (['MSK'] as const) : [])].map(name => ({
      name,
      protocol: protocolOf(name),
      advertisedHost: 'localhost'
    })),
    ...(msk ? { classFolder: mskClasses(await kafkaJars('4.2.0')) } : {}),
    settings: {
      ...settingsOf('', { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': broker.bothFile }),
      ...settingsOf('', { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': authority.caFile }),
      ...of('MTLS', { 'ssl.client.auth': 'required' }),
      ...of('ELSEWHERE', { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': elsewhere.bothFile }),
      ...of('PLAIN', { 'sasl.enabled.mechanisms': 'PLAIN', 'plain.sasl.jaas.config': plainLogin() }),
      ...of('SCRAM256', scramSettings('SCRAM-SHA-256')),
      ...of('SCRAM512', scramSettings('SCRAM-SHA-512')),
      ...of('SCRAMSHORT', scramSettings('SCRAM-SHA-256')),
      ...of('SCRAMSHORT', { 'scram-sha-256.connections.max.reauth.ms': shortSessionMs }),
      ...of('BEARER', {
        'sasl.enabled.mechanisms': 'OAUTHBEARER',
        'oauthbearer.sasl.jaas.config':
          'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";'
      }),
      ...(msk ? of('MSK', mskSettings(msk)) : {}),
      ...(authorizer
        ? {
            'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
            'super.users': 'User:ANONYMOUS'
          }
        : {})
    },
    formatArgs: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap(mechanism => [
      '--add-scram',
      `${mechanism}=[name=${login.username},password=${scramPassword}]`
    ])
  })
  return {
    kafka,
    authority,
    stranger,
    client: authority.certify('client', ['DNS:client.example']),
    strangerClient: stranger.certify('client', ['DNS:client.example'])
  }
}

/** The tool that adds SCRAM users splits at commas and equal signs. */
export const scramPassword = 'scram-secret'

function protocolOf(name: ListenerName): 'SSL' | 'SASL_SSL' | 'SASL_PLAINTEXT' {
  if (name === 'TLS' || name === 'MTLS' || name === 'ELSEWHERE') return 'SSL'
  return name === 'SCRAM256' || name === 'SCRAMSHORT' ? 'SASL_PLAINTEXT' : 'SASL_SSL'
}

function of(name: ListenerName, settings: Readonly<Record<string, string | number>>) {
  return settingsOf(`listener.name.${name.toLowerCase()}.`, settings)
}

function settingsOf(prefix: string, settings: Readonly<Record<string, string | number>>) {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [prefix + key, value]))
}

function scramSettings(mechanism: string) {
  return { 'sasl.enabled.mechanisms': mechanism, [`${mechanism.toLowerCase()}.sasl.jaas.config`]: scram }
}

/** A file of properties takes one backslash away, and the login module's own quotes another. */
function plainLogin(): string {
  const quoted = login.password.replace(/"/g, '\\\\"')
  const module = 'org.apache.kafka.common.security.plain.PlainLoginModule'
  return `${module} required user_${login.username}="${quoted}";`
}
