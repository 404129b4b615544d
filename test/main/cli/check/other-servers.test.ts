import { createServer, type Server, type Socket } from 'node:net'
import { expect } from 'chai'
import { otherServers, othersMax, zookeeperFindings } from '../../../../main/cli/check/other-servers.ts'
import { configFromToml } from '../../../../main/config/load-config.ts'
import { freePort } from '../../../support/free-port.ts'
import { templateFile } from '../../notifier/fake-parts.ts'

const kafka = '[cluster.a]\nclass-name = "kafka"\nservers = ["k:1"]'
const serversOf = (toml: string) => otherServers(configFromToml(`${kafka}\n${toml}`))
const old = (servers: readonly string[]) =>
  `[consumer.old]\nclass-name = "kafka_zk"\ncluster = "a"\nservers = ${JSON.stringify(servers)}\n`
const mail = (port: number) =>
  `[notifier.m]\nclass-name = "email"\nserver = "127.0.0.1"\nport = ${port}\nfrom = "a@b.c"\nto = "d@e.f"
   template-open = "${templateFile('Subject: x')}"\n`

async function reasonOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'fine',
    (error: Error) => error.message
  )
}

describe('cli: check: other-servers', () => {
  const listeners: Server[] = []
  const sockets = new Set<Socket>()
  afterEach(() => {
    for (const socket of sockets) socket.destroy()
    for (const listener of listeners.splice(0)) listener.close()
  })

  async function listen(says: string): Promise<number> {
    const port = await freePort()
    const listener = createServer(socket => {
      sockets.add(socket.on('error', () => {}))
      socket.resume()
      if (says !== '') socket.write(says)
    })
    listeners.push(listener)
    await new Promise<void>(resolve => listener.listen(port, '127.0.0.1', resolve))
    return port
  }

  it('names a ZooKeeper server once, with all who use it, and mail servers', () => {
    const { servers, leftOut } = serversOf(
      `${old(['z:2181', 'y:2181'])}${mail(25)}[zookeeper]\nservers = ["z:2181"]\nroot-path = "/burrow"`
    )
    expect(leftOut).to.equal(0)
    expect(servers.map(({ address, users }) => [address, users])).to.deep.equal([
      ['z:2181', ['consumer.old', 'zookeeper']],
      ['y:2181', ['consumer.old']],
      ['127.0.0.1:25', ['notifier.m']]
    ])
  })

  it('has a bound, and says how many are left out', () => {
    const { servers, leftOut } = serversOf(old(Array.from({ length: othersMax + 2 }, (_, index) => `z${index}:2181`)))
    expect([servers.length, leftOut]).to.deep.equal([othersMax, 2])
  })

  it('says that ZooKeeper or a mail server does not answer, or is none', async () => {
    const nobody = await freePort()
    for (const toml of [old([`127.0.0.1:${nobody}`]), mail(nobody)]) {
      const [server] = serversOf(toml).servers
      expect(await reasonOf(server!.attempt(2_000))).to.contain('ECONNREFUSED')
    }
    const silent = await listen('')
    for (const toml of [old([`127.0.0.1:${silent}`]), mail(silent)]) {
      const [server] = serversOf(toml).servers
      expect(await reasonOf(server!.attempt(100))).to.match(/no answer|no session|longer than|never received/i)
    }
    const other = await listen('HTTP/1.1 400 Bad Request\r\n\r\n')
    for (const toml of [old([`127.0.0.1:${other}`]), mail(other)]) {
      const [server] = serversOf(toml).servers
      expect(await reasonOf(server!.attempt(1_000))).not.to.equal('fine')
    }
  })

  it('says what a session may do with each path', () => {
    const found = zookeeperFindings(
      new Map([
        ['/consumers', 'read'],
        ['/burrow', 'write'],
        ['/x', 'no node'],
        ['/y', 'read refused'],
        ['/z', 'write refused']
      ])
    )
    expect(found).to.deep.equal([
      { kind: 'warning', says: 'there is no node /x yet' },
      { kind: 'FAILED', says: 'no right to read /y' },
      { kind: 'FAILED', says: 'no right to create and delete below /z' },
      { kind: 'ok', says: 'a ZooKeeper session, /consumers can be read, /burrow can be written to' }
    ])
  })
})
