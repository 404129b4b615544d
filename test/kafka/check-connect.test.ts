import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Child } from '../support/child-process.ts'
import { freePort } from '../support/free-port.ts'
import { grantMonitor, type MonitorRule, monitorRules } from '../support/kafka-acls.ts'
import { KafkaClient } from '../support/kafka-client.ts'
import { login, type SecureKafka, scramPassword, startSecureKafka } from '../support/kafka-security-cluster.ts'
import { cliFile } from '../support/paths.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { needKafka, readyForCommits, suiteBoundMs } from './suite.ts'

/** `burrow check --connect` and one Kafka that lets nobody do anything, then a little more from test to test. */
describe('check --connect and a Kafka that keeps its listeners safe', function () {
  this.timeout(suiteBoundMs)
  this.slow(60_000)
  let secure: SecureKafka
  let client: KafkaClient
  let server: string

  before(async function () {
    await needKafka(this, '4.2.0')
    secure = await startSecureKafka({ authorizer: true })
    client = new KafkaClient(secure.kafka.servers)
    server = `localhost:${secure.kafka.nodes[0]!.port('SCRAM512')}`
    await readyForCommits(client)
  })
  after(async () => {
    await client?.close()
    await secure?.kafka.destroy()
  })

  async function check({ password = scramPassword, more = [] as string[], keys = 'sasl = "s"', at = server } = {}) {
    const folder = tempFolder('check')
    const servers = JSON.stringify([at, ...more])
    const { caFile } = secure.authority
    const { certFile, keyFile } = secure.client
    writeFileSync(
      join(folder, 'burrow.toml'),
      `
[cluster.dc1]
class-name = "kafka"
servers = ${servers}
client-profile = "p"
groups-reaper-refresh = 60
[consumer.dc1]
class-name = "kafka"
cluster = "dc1"
servers = ${servers}
client-profile = "p"
[client-profile.p]
tls = "t"
${keys}
[tls.t]
cafile = "${caFile}"
${keys === '' ? `certfile = "${certFile}"\nkeyfile = "${keyFile}"` : ''}
[sasl.s]
mechanism = "SCRAM-SHA-512"
username = "${login.username}"
password = "${password}"
`
    )
    const child = new Child(process.execPath, [cliFile, 'check', '--config-dir', folder, '--connect'], { cwd: folder })
    const { code } = await child.exited
    const lines = child.stdout.split('\n')
    const at0 = lines.indexOf('Connections') + 1
    const said = lines.slice(at0, lines.indexOf('', at0)).map(line => line.trim())
    const isOld = (line: string) => line.includes('the certificate of the broker ends in 1 day') // as test certificates do
    const bad = said.filter(line => !line.startsWith('ok') && !isOld(line))
    return { code, said, bad, old: said.filter(isOld), child }
  }

  const users = '(cluster.dc1, consumer.dc1)'
  const command = (principal: string, of = server) =>
    `kafka-acls.sh --bootstrap-server ${of} --add --allow-principal ${principal}`
  const noDescribe = (principal = 'User:monitor', of = server) =>
    `FAILED   cluster dc1  no right to describe it, which groups-reaper-refresh needs: ${command(principal, of)} --operation Describe --cluster ${users}`
  const noRead = (principal = 'User:monitor', of = server) =>
    `FAILED   cluster dc1  no right to read __consumer_offsets: ${command(principal, of)} --operation Read --topic __consumer_offsets ${users}`
  const noTopics = (principal = 'User:monitor', of = server) =>
    `warning  cluster dc1  shows no topic: it has none, or a right is missing: ${command(principal, of)} --operation Describe --topic '*' ${users}`

  it('names every right that is missing, with the command that grants it', async () => {
    const { code, bad, said } = await check()
    expect(bad).to.deep.equal([noDescribe(), noRead(), noTopics()])
    expect(said.at(-2)).to.match(
      /a Kafka broker \(Fetch 11, .*\), TLSv1\.3 with the certificate of .* until 20.*, logged in with SCRAM-SHA-512 as monitor/
    )
    expect(code).to.equal(1)
  })

  it('names whom a client certificate says that we are', async () => {
    const at = `localhost:${secure.kafka.nodes[0]!.port('MTLS')}`
    const { bad } = await check({ keys: '', at })
    expect(bad).to.deep.equal([noDescribe, noRead, noTopics].map(line => line('User:CN=client', at)))
  })

  const steps: readonly { readonly rule: MonitorRule; readonly left: () => string[]; readonly code: number }[] = [
    { rule: 'describe-topics', left: () => [noDescribe(), noRead()], code: 1 }, // and the offsets topic, but not to read it
    { rule: 'describe-cluster', left: () => [noRead()], code: 1 },
    { rule: 'read-offsets', left: () => [], code: 0 }
  ]
  for (const { rule, left, code } of steps) {
    it(`no longer misses ${rule} once it is granted`, async () => {
      await grantMonitor(client, ['User:monitor'], [rule])
      const outcome = await check()
      expect(outcome.bad).to.deep.equal(left())
      expect(outcome.code, outcome.child.said()).to.equal(code)
    })
  }

  it('says what there is when all is well', async () => {
    const { said, old } = await check()
    expect(old).to.deep.equal([`warning  ${server}  the certificate of the broker ends in 1 day ${users}`])
    expect(Object.keys(monitorRules)).to.have.length(steps.length)
    expect(said).to.have.length(3)
    expect(said[2]).to.match(
      /^ok {7}cluster dc1 {2}is .{22}, 1 broker, 1 topic, __consumer_offsets with 1 partition can be read /
    )
  })

  it('says that a password is wrong, and not which', async () => {
    const { code, bad, child } = await check({ password: 'geheim' })
    expect(bad).to.have.length(1)
    expect(bad[0]).to.match(/^FAILED {3}localhost:\d+ {2}connecting: .*[Aa]uthentication failed/)
    expect(child.said()).not.to.contain('geheim')
    expect(code).to.equal(1)
  })

  it('says that one of the servers does not answer, and goes on with the other', async () => {
    const nobody = `127.0.0.1:${await freePort()}`
    const { code, bad, said } = await check({ more: [nobody] })
    expect(bad).to.have.length(1)
    expect(bad[0]).to.match(new RegExp(`^FAILED   ${nobody}  connecting: .*ECONNREFUSED`))
    expect(said).to.have.length(4)
    expect(code).to.equal(1)
  })

  it('says that a certificate is for another name', async () => {
    const { bad } = await check({ at: `localhost:${secure.kafka.nodes[0]!.port('ELSEWHERE')}` })
    expect(bad).to.have.length(1)
    expect(bad[0]).to.contain('the certificate of the broker is for another name')
  })
})
