import { BurrowError } from '../../shared/errors.ts'
import {
  decodeListOffsets,
  encodeListOffsetsRequest,
  ListOffsetsAnswer,
  listOffsetsApi,
  OffsetOf
} from '../../shared/kafka-api/list-offsets.ts'
import type {
  BearerSettings,
  BearerSource,
  ClientProfile,
  PasswordMechanism,
  PasswordSettings,
  TlsSettings
} from '../../shared/settings.ts'
import { ClusterClient } from '../../workers/kafka/cluster-client.ts'
import { type BrokerLink, openLink } from '../../workers/kafka/transport.ts'
import { login, scramPassword } from './kafka-security-cluster.ts'
import { silentLogger, testProfile } from './kafka-thread-fixture.ts'

const boundMs = 30_000

export function profile(more: Partial<ClientProfile>): ClientProfile {
  return { ...testProfile, dialTimeoutMs: boundMs, readTimeoutMs: boundMs, ...more }
}

export function tlsOf(more: Partial<TlsSettings>): TlsSettings {
  return { name: 't', certFile: '', keyFile: '', caFile: '', noVerify: false, ...more }
}

export function scramLogin(mechanism: PasswordMechanism): PasswordSettings {
  return { name: 's', mechanism, handshakeFirst: true, username: login.username, password: scramPassword }
}

export function bearer(source: BearerSource): BearerSettings {
  return { name: 's', mechanism: 'OAUTHBEARER', source, extensions: {} }
}

/** A JWT with `alg: none`, which Kafka's validator for development takes. */
export function unsecuredToken(expiresAtMs = Date.now() + 600_000): string {
  const part = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url')
  const claims = { sub: 'monitor', iat: expiresAtMs / 1000 - 600, exp: expiresAtMs / 1000 }
  return `${part({ alg: 'none' })}.${part(claims)}.`
}

/** By metadata from that server, then from the broker that it names. */
export async function endOffsetOf(server: string, with_: ClientProfile, topic: string): Promise<number> {
  const client = new ClusterClient({ servers: [server], profile: with_, logger: silentLogger, onReconnect: () => {} })
  try {
    const { topics } = await client.metadata([topic])
    const leader = topics[0]?.leaders[0] ?? -1
    const { bytes, version } = await client.send(leader, listOffsetsApi, version => request(version, topic))
    return firstOffset(bytes, version, topic)
  } finally {
    client.close()
  }
}

export async function askEndOffset(link: BrokerLink, topic: string): Promise<number> {
  const version = link.version(listOffsetsApi)
  return firstOffset(await link.send(listOffsetsApi, version, request(version, topic), boundMs), version, topic)
}

/** What opening a link and one question over it fail with. */
export async function failureOf(server: string, with_: ClientProfile): Promise<BurrowError> {
  const [host, port] = addressOf(server)
  try {
    const link = await openLink(host, port, with_, silentLogger)
    await askEndOffset(link, 'orders').finally(() => link.close())
  } catch (error) {
    if (error instanceof BurrowError) return error
    throw error
  }
  throw new Error('nothing failed')
}

function request(version: number, topic: string): Uint8Array {
  return encodeListOffsetsRequest(version, [{ topic, partitions: [0] }], OffsetOf.end)
}

function firstOffset(bytes: Uint8Array, version: number, topic: string): number {
  const answer = new ListOffsetsAnswer()
  decodeListOffsets(bytes, version, [Buffer.from(topic)], answer)
  return answer.errorCodes[0] === 0 ? answer.offsets[0]! : Number.NaN
}

function addressOf(server: string): [string, number] {
  const [host = '', port = ''] = server.split(':')
  return [host, Number(port)]
}
