import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import kafkajs from 'kafkajs'
import { endOffsets, groupStatus } from '../support/burrow-api.ts'
import { grantMonitor } from '../support/kafka-acls.ts'
import { KafkaClient } from '../support/kafka-client.ts'
import { unsecuredToken } from '../support/kafka-security-client.ts'
import {
  type ListenerName,
  login,
  type SecureKafka,
  scramPassword,
  startSecureKafka
} from '../support/kafka-security-cluster.ts'
import { FakeAws } from '../support/kafka-security-fake-aws.ts'
import { TokenEndpoint } from '../support/kafka-security-token-endpoint.ts'
import { ours, Program } from '../support/program.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/wait-for.ts'
import { needKafka, soon, suiteBoundMs } from './suite.ts'

const topic = 'orders'
const records = 7
const committed = 5
const tokenSeconds = 5
const region = 'eu-west-1'

/**
 * One `burrow run` that reads one Kafka as ten clusters, each with a client profile of its own: from TOML over every mechanism to the
 * verdict in JSON. The broker lets `monitor` do what docs/security.md lists, and no more.
 */
describe('the program and a Kafka that keeps its listeners safe', function () {
  this.timeout(suiteBoundMs)
  this.slow(60_000)
  let secure: SecureKafka
  let client: KafkaClient
  let aws: FakeAws
  let endpoint: TokenEndpoint
  let program: Program
  const tokenFile = join(tempFolder('rotated'), 'token')
  const ways: readonly { readonly name: string; readonly listener: ListenerName; readonly keys: string }[] = [
    { name: 'tls', listener: 'TLS', keys: 'tls = "known"' },
    { name: 'mtls', listener: 'MTLS', keys: 'tls = "client"' },
    { name: 'plain', listener: 'PLAIN', keys: 'tls = "known"\nsasl = "plain"' },
    { name: 'scram256', listener: 'SCRAM256', keys: 'sasl = "scram256"' },
    { name: 'scram512', listener: 'SCRAM512', keys: 'tls = "known"\nsasl = "scram512"' },
    { name: 'token', listener: 'BEARER', keys: 'tls = "known"\nsasl = "token"' },
    { name: 'endpoint', listener: 'BEARER', keys: 'tls = "known"\nsasl = "endpoint"' },
    { name: 'msk', listener: 'MSK', keys: 'tls = "known"\niam = "role"' },
    { name: 'file', listener: 'BEARER', keys: 'tls = "known"\nsasl = "file"' },
    { name: 'stranger', listener: 'MSK', keys: 'tls = "known"\niam = "keys"' }
  ]
  const atOnce = ways.filter(({ name }) => name !== 'file' && name !== 'stranger')

  before(async function () {
    await needKafka(this, '4.2.0')
    aws = await new FakeAws().start()
    const { accessKeyId, secretAccessKey, sessionToken } = aws.credentialsOf('AssumeRole')
    const msk = { region, accessKeyId, secretAccessKey, sessionToken, principal: login.username }
    secure = await startSecureKafka({ msk, authorizer: true })
    const identity = secure.authority.certify('identity', ['IP:127.0.0.1'])
    endpoint = await new TokenEndpoint({
      key: readFileSync(identity.keyFile),
      cert: readFileSync(identity.certFile)
    }).start()
    endpoint.lifetimeSeconds = tokenSeconds
    client = new KafkaClient(secure.kafka.servers)
    await grantMonitor(client, ['User:monitor', 'User:CN=client'])
    await client.createTopic(topic)
    await client.produce(topic, 0, records)
    await client.commitOffset('readers', topic, 0, committed)
    writeFileSync(tokenFile, unsecuredToken(Date.now() - 60_000))
    const variables = ['AWS_ACCESS_KEY_ID=ENVID', 'AWS_SECRET_ACCESS_KEY=env-secret']
    const sts = `AWS_ENDPOINT_URL_STS=${aws.origin}/sts`
    const kind = { ...ours, command: 'env', args: [...variables, sts, ours.command, ...ours.args] }
    program = await Program.start(kind, toml)
  })
  after(async () => {
    await program?.kill()
    await client?.close()
    await endpoint?.stop()
    await aws?.stop()
    await secure?.kafka.destroy()
  })

  const expectStatus = (name: string, status: 'ERR' | 'OK', totallag: number, beforeLook = () => {}) =>
    soon([program], `the status of ${name}`, async () => {
      beforeLook()
      const said = await groupStatus(program, name, 'readers')
      expect(said).to.include({ status, partition_count: 1, totallag })
      expect(await endOffsets(program, name, topic)).to.deep.equal([records])
    })
  /** One commit behind the end, and no other since: stopped. */
  const expectStopped = (name: string, beforeLook?: () => void) =>
    expectStatus(name, 'ERR', records - committed, beforeLook)

  for (const { name } of atOnce) {
    it(`${name}: from TOML to the verdict`, () => expectStopped(name))
  }

  const expectRefusal = (name: string, why: RegExp) =>
    soon([program], `the refusal of ${name}`, async () => {
      const { clusters } = (await program.get<Health>('/burrow/admin/health')).body
      const cluster = clusters.find(each => each.name === name)
      expect(cluster).to.include({ up: false })
      expect(cluster?.error).to.match(why)
    })

  it('stranger: the broker refuses the AWS identity of the environment, which is another', () =>
    expectRefusal('stranger', /refuses the token: .*invalid_token: session token/))

  it('file: a token that has ended is refused, and the one that is written then serves', async () => {
    await expectRefusal('file', /refuses the token: .*invalid_token/)
    // Renewed, as by whoever keeps such a file: on a slow host the first may end before it has served.
    await expectStopped('file', () => writeFileSync(tokenFile, `${unsecuredToken(Date.now() + tokenSeconds * 1000)}\n`))
  })

  it('file, endpoint: when a session ends with its token, the next one begins with a newer', async () => {
    const shortEndsMs = Date.now() + tokenSeconds * 1000
    writeFileSync(tokenFile, unsecuredToken())
    const asked = endpoint.requests.length
    await soon([program], 'tokens to end', async () => {
      expect(Date.now()).to.be.above(shortEndsMs)
      expect(endpoint.requests.length).to.be.above(asked)
    })
    await client.commitOffset('readers', topic, 0, records)
    for (const name of ['file', ...atOnce.map(way => way.name)]) await expectStatus(name, 'OK', 0)
  })

  it('the endpoint is told who asks, and STS which role', () => {
    for (const { headers, body } of endpoint.requests) {
      expect(headers.authorization).to.equal(endpoint.expectedAuthorization)
      expect(body).to.equal('grant_type=client_credentials&scope=kafka')
    }
    const [asked] = aws.requests
    expect(new URLSearchParams(asked?.body).get('RoleArn')).to.equal('arn:aws:iam::111122223333:role/lag-reader')
    expect(asked?.headers.authorization).to.contain(`Credential=ENVID/`).and.to.contain(`/${region}/sts/`)
  })

  it('no secret is in the log, the configuration or the health', async () => {
    const pages = ['/burrow/admin/health', '/v3/config', ...ways.map(({ name }) => `/v3/config/cluster/${name}`)]
    const shown = await Promise.all(pages.map(page => program.getText(page)))
    const { stdout, stderr } = program.child
    const { sessionToken } = aws.credentialsOf('AssumeRole')
    const [startOfJwt, startOfMskToken] = ['eyJ', Buffer.from('https:').toString('base64url')]
    for (const secret of [
      login.password,
      scramPassword,
      endpoint.clientSecret,
      'env-secret',
      sessionToken,
      startOfJwt,
      startOfMskToken
    ]) {
      for (const text of [stdout, stderr, ...shown]) {
        expect(text).not.to.contain(secret)
        expect(text).not.to.contain(JSON.stringify(secret).slice(1, -1))
      }
    }
    expect(shown.join('\n')).to.contain('"token":"***"').and.to.contain('"client-secret":"***"')
  })

  it('removes no group once it may not describe the cluster any more, and says why', async () => {
    const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs
    const admin = await client.admin()
    const filters = [
      {
        resourceType: AclResourceTypes.CLUSTER,
        resourceName: 'kafka-cluster',
        resourcePatternType: ResourcePatternTypes.LITERAL,
        principal: 'User:CN=client',
        host: '*',
        operation: AclOperationTypes.DESCRIBE,
        permissionType: AclPermissionTypes.ALLOW
      }
    ]
    const { filterResponses } = await admin.deleteAcls({ filters })
    expect(filterResponses[0]?.matchingAcls).to.have.length(1)
    const refusals = () => program.child.stdout.split('no right to describe the cluster').length - 1
    await waitFor(() => refusals() > 0, 'a round that is refused', 20_000)
    await expectStatus('mtls', 'OK', 0)
  })

  it('ends with code 0 when it is asked to', async () => {
    expect(await program.stop(), program.child.said()).to.deep.equal({ code: 0, signal: null })
  })

  function toml(address: string): string {
    const { clientId, clientSecret, origin } = endpoint
    const { authority, client: ownKey } = secure
    const modules = ways.map(({ name, listener, keys }) => {
      const servers = JSON.stringify([`localhost:${secure.kafka.nodes[0]!.port(listener)}`])
      return `
[client-profile.${name}]
${keys}
[cluster.${name}]
class-name = "kafka"
servers = ${servers}
client-profile = "${name}"
offset-refresh = 1
groups-reaper-refresh = 2
[consumer.${name}]
class-name = "kafka"
cluster = "${name}"
servers = ${servers}
client-profile = "${name}"
`
    })
    return `
[logging]
level = "debug"
[evaluator.default]
class-name = "caching"
expire-cache = 1
[httpserver.default]
address = "${address}"
[tls.known]
cafile = "${authority.caFile}"
[tls.client]
cafile = "${authority.caFile}"
certfile = "${ownKey.certFile}"
keyfile = "${ownKey.keyFile}"
[sasl.plain]
username = "${login.username}"
password = ${JSON.stringify(login.password)}
[sasl.scram256]
mechanism = "SCRAM-SHA-256"
username = "${login.username}"
password = "${scramPassword}"
[sasl.scram512]
mechanism = "SCRAM-SHA-512"
username = "${login.username}"
password = "${scramPassword}"
[sasl.token]
mechanism = "OAUTHBEARER"
token = "${unsecuredToken()}"
[sasl.file]
mechanism = "OAUTHBEARER"
token-file = "${tokenFile}"
[sasl.endpoint]
mechanism = "OAUTHBEARER"
token-endpoint = "${origin}/token"
client-id = "${clientId}"
client-secret = "${clientSecret}"
scope = "kafka"
token-endpoint-cafile = "${authority.caFile}"
[iam.role]
region = "${region}"
role-arn = "arn:aws:iam::111122223333:role/lag-reader"
[iam.keys]
region = "${region}"
${modules.join('')}`
  }
})

interface Health {
  readonly clusters: readonly { readonly name: string; readonly up: boolean; readonly error: string | null }[]
}
