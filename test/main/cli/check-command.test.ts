import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../../main/simulator/simulator.ts'
import { Child } from '../../support/child-process.ts'
import { freePort } from '../../support/free-port.ts'
import { cliFile } from '../../support/paths.ts'
import { tempFolder } from '../../support/temp-folder.ts'

interface Outcome {
  readonly code: number | null | undefined
  readonly lines: readonly string[]
  readonly stderr: string
  readonly file: string
}

async function check(toml: string, { args = [] as string[], env = {} as NodeJS.ProcessEnv } = {}): Promise<Outcome> {
  const folder = tempFolder('check')
  const file = join(folder, 'burrow.toml')
  writeFileSync(file, toml)
  const child = new Child(process.execPath, [cliFile, 'check', '--config-dir', folder, ...args], { cwd: folder, env })
  const { code } = await child.exited
  return { code, lines: child.stdout.trimEnd().split('\n'), stderr: child.stderr, file }
}

const watching = (servers: string) => `
[cluster.dc1]
class-name = "kafka"
servers = "${servers}"
[consumer.dc1]
class-name = "kafka"
cluster = "dc1"
servers = "${servers}"
group-denylist = "^tmp-"
[httpserver.here]
address = "127.0.0.1:8000"
[httpserver.there]
address = ":8001"
[threads]
kafka = 2
storage = 3
evaluator = 4
`

describe('cli: check', () => {
  let simulator: Simulator
  before(async () => {
    simulator = await startSimulator()
  })
  after(() => simulator.stop())

  it('says what it found, and ends with 0', async () => {
    const { code, lines, stderr, file } = await check(watching('k1:9092 k2:9092'), {
      env: { BURROW_EVALUATOR_DEFAULT_EXPIRE_CACHE: '3' }
    })
    expect(lines).to.deep.equal([
      file,
      '',
      'Clusters',
      '  dc1: 2 servers, Kafka 2.8.0 in the clear, end offsets every 10 s, topics every 60 s',
      '',
      'Consumers',
      '  dc1: cluster dc1, 2 servers, Kafka 2.8.0 in the clear, __consumer_offsets from the start, no groups like ^tmp-',
      '',
      'Listeners',
      '  here: http://127.0.0.1:8000',
      '  there: http://:8001, open to other machines',
      '',
      'Kept',
      '  storage default: windows of 10 commits, groups without commits leave after 604800 s',
      '  evaluator default: verdicts are kept for 3 s',
      '  threads here: 2 kafka, 3 storage, 4 evaluator',
      '',
      'From the environment',
      '  BURROW_EVALUATOR_DEFAULT_EXPIRE_CACHE for evaluator.default.expire-cache',
      '',
      'No mistakes.'
    ])
    expect(stderr).to.match(/^Reading configuration from [^\n]+\n$/)
    expect(code).to.equal(0)
  })

  it('says all mistakes and warnings, and ends with 1', async () => {
    const { code, lines } = await check(`${watching('k1:9092 k2')}[loging]\nlevel = "debug"\n`, {
      env: { BURROW_HTTPSERVER_HERE: 'x' }
    })
    const tail = lines.slice(lines.indexOf('2 warnings'))
    expect(tail).to.have.length(8)
    expect(tail.slice(0, 3)).to.deep.equal([
      '2 warnings',
      "  httpserver.here: the file's section is not used, the variable BURROW_HTTPSERVER_HERE hides it",
      '  loging: unknown section, not used; did you mean logging?'
    ])
    expect(tail.slice(3, 6)).to.deep.equal([
      '',
      '3 mistakes: nothing would start',
      `  cluster.dc1.servers: Cluster 'dc1' has one or more improperly formatted servers (must be host:port): "k2" (read "k1:9092 k2"; allowed: a list of host:port, for example ["kafka-1:9092", "kafka-2:9092"])`
    ])
    expect(lines).to.contain('  BURROW_HTTPSERVER_HERE for httpserver.here')
    expect(code).to.equal(1)
  })

  it('shows no secret, right or wrong', async () => {
    const { code, lines, stderr } = await check(`
      ${watching('k1:9092')}
      [cluster.b]\nclass-name = "kafka"\nservers = "k1:9092"\nclient-profile = "p"
      [client-profile.p]\nsasl = "s"\n[sasl.s]\nusername = "u"\npassword = "geheim1"\nmechanism = "GSSAPI"
      [cluster.c]\nclass-name = "kafka"\nservers = "k1:9092"\nclient-profile = "b"
      [client-profile.b]\nsasl = "b"\n[sasl.b]\nmechanism = "OAUTHBEARER"\ntoken = "geheim6 "\nextensions = { a = "geheim7" }
      [notifier.n]\nclass-name = "slack"\nurl = "geheim2"\nheaders = { authorization = "geheim3\\n" }
      [notifier.m]\nclass-name = "pagerduty"\nrouting-key = "geheim4"\nextras = { a = ["geheim5"] }`)
    expect(lines.join('\n')).to.contain('mistakes: nothing would start').and.not.to.contain('geheim')
    expect(stderr).not.to.contain('geheim')
    expect(code).to.equal(1)
  })

  it('says that there is no file, with 1', async () => {
    const folder = tempFolder('check')
    const child = new Child(process.execPath, [cliFile, 'check', '-config-dir', folder], { cwd: folder })
    expect((await child.exited).code).to.equal(1)
    expect(child.stdout).to.equal('')
    expect(child.stderr).to.match(/^Reading [^\n]+\nFailed reading configuration: Config File "burrow" Not Found in /)
  })

  it('tries the addresses with --connect: 0 if all answer', async () => {
    const server = simulator.servers[0]!
    const { code, lines } = await check(watching(server), { args: ['--connect'] })
    const at = lines.indexOf('Connections')
    expect(lines[at + 1]).to.match(
      /^ {2}warning {2}cluster dc1 {2}shows no topic: .*--operation Describe --topic '\*' \(cluster.dc1, consumer.dc1\)$/
    )
    expect(lines[at + 2]).to.match(
      new RegExp(
        `^ {2}ok {7}${server} {2}a Kafka broker \\(Fetch \\d+, .*\\), \\d+ ms \\(cluster.dc1, consumer.dc1\\)$`
      )
    )
    expect(lines[at + 3]).to.match(
      /^ {2}ok {7}cluster dc1 {2}is .*, \d+ brokers?, 0 topics, __consumer_offsets with \d+ partitions? can be read /
    )
    expect(lines.slice(at + 4)).to.deep.equal(['', 'No mistakes.'])
    expect(code).to.equal(0)
  })

  it('ends with 1 if one of them does not', async () => {
    const nobody = `127.0.0.1:${await freePort()}`
    const { code, lines } = await check(watching(`${simulator.servers[0]} ${nobody}`), { args: ['--connect'] })
    const first = lines[lines.indexOf('Connections') + 1]
    expect(first).to.match(
      new RegExp(`^  FAILED   ${nobody}  connecting: .*ECONNREFUSED ${nobody}, \\d+ ms \\(cluster`)
    )
    expect(lines.at(-1)).to.equal('No mistakes.')
    expect(code).to.equal(1)
  })
})
