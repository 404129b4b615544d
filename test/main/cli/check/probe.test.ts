import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer, Server as TlsServer } from 'node:tls'
import { expect } from 'chai'
import { type ProbeAnswer, probe } from '../../../../main/cli/check/probe.ts'
import { probeAll } from '../../../../main/cli/check/probe-all.ts'
import type { ProbeTarget } from '../../../../main/cli/check/probe-targets.ts'
import { type Simulator, startSimulator } from '../../../../main/simulator/simulator.ts'
import { freePort } from '../../../support/free-port.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { waitFor } from '../../../support/wait-for.ts'
import { caPem, serverKey, serverPem } from '../../config/pem-samples.ts'

const host = '127.0.0.1'
const noTls = { name: 't', certFile: '', keyFile: '', caFile: '', noVerify: false }
const caFile = join(tempFolder('probe'), 'ca.pem')
writeFileSync(caFile, caPem)

function target(port: number, more: Partial<ProbeTarget> = {}): ProbeTarget {
  return { kind: 'kafka', address: `${host}:${port}`, host, port, tls: null, clientId: 'me', users: [], ...more }
}

describe('cli: check: probe', () => {
  const servers: Server[] = []
  const sockets = new Set<Socket>()
  let simulator: Simulator

  before(async () => {
    simulator = await startSimulator({ brokers: 2 })
  })
  after(async () => {
    await simulator.stop()
  })
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
    for (const socket of sockets) socket.destroy()
  })

  async function listen(server: Server): Promise<number> {
    servers.push(server)
    server.on('connection', socket => {
      sockets.add(socket)
      socket.on('error', () => {}).once('close', () => sockets.delete(socket))
      if (!(server instanceof TlsServer)) socket.resume() // or its end is never seen
    })
    await new Promise<void>(resolve => server.listen(0, host, resolve))
    return (server.address() as AddressInfo).port
  }
  const listenTls = (onConnection?: (socket: Socket) => void) =>
    listen(createTlsServer({ cert: serverPem, key: serverKey }, onConnection).on('tlsClientError', () => {}))

  const outcome = ({ ok, says }: ProbeAnswer) => [ok, says]

  it('asks a broker for its API versions', async () => {
    const [port] = simulator.servers.map(server => Number(server.split(':')[1]))
    const { ok, says, tookMs } = await probe(target(port!))
    expect(ok, says).to.equal(true)
    expect(says).to.match(/^a Kafka broker with \d+ APIs \(Fetch \d+, ListOffsets \d+, Metadata \d+\)$/)
    expect(tookMs).to.be.greaterThan(0)
  })

  it('says that nobody listens', async () => {
    const port = await freePort()
    expect(outcome(await probe(target(port)))).to.deep.equal([false, `connect ECONNREFUSED ${host}:${port}`])
  })

  it('says that a name is not known', async () => {
    const { ok, says } = await probe(target(9, { host: 'nobody.invalid', address: 'nobody.invalid:9' }))
    expect(ok).to.equal(false)
    expect(says).to.match(/nobody\.invalid|no answer within/)
  })

  it('gives up on who says nothing, and leaves no socket open', async () => {
    const port = await listen(createServer())
    expect(outcome(await probe(target(port), 50))).to.deep.equal([false, 'no answer within 50 ms'])
    await waitFor(() => sockets.size === 0, 'the socket to close', 5000)
  })

  it('gives up on who answers a byte at a time', async () => {
    const port = await listen(createServer(socket => void setInterval(() => socket.write('\0'), 5).unref()))
    expect((await probe(target(port), 100)).ok).to.equal(false)
  })

  it('says that a server hangs up', async () => {
    const port = await listen(createServer(socket => socket.end()))
    expect(outcome(await probe(target(port)))).to.deep.equal([false, 'hung up without an answer; perhaps it wants TLS'])
  })

  it('says that a server speaks something else', async () => {
    const port = await listen(createServer(socket => socket.write('220 mail ready\r\n')))
    expect(outcome(await probe(target(port)))).to.deep.equal([false, 'does not answer as a Kafka broker'])
  })

  it('only connects to ZooKeeper and mail servers', async () => {
    const port = await listen(createServer())
    expect(outcome(await probe(target(port, { kind: 'zookeeper' })))).to.deep.equal([true, 'connected'])
    expect(outcome(await probe(target(port, { kind: 'smtp' })))).to.deep.equal([true, 'connected'])
  })

  describe('with TLS', () => {
    it('connects when the certificate is of a known authority', async () => {
      const port = await listenTls()
      const answer = await probe(target(port, { kind: 'zookeeper', tls: { ...noTls, caFile } }))
      expect(outcome(answer)).to.deep.equal([true, 'connected with TLS'])
    })

    it('does not when it is of an unknown one, unless nothing is verified', async () => {
      const port = await listenTls()
      const strict = await probe(target(port, { kind: 'zookeeper', tls: noTls }))
      expect(outcome(strict)).to.deep.equal([false, 'unable to verify the first certificate'])
      const loose = await probe(target(port, { kind: 'zookeeper', tls: { ...noTls, noVerify: true } }))
      expect(loose.ok).to.equal(true)
    })

    it('says which side does without', async () => {
      const plain = await listen(createServer(socket => socket.write('220 mail ready\r\n')))
      expect(outcome(await probe(target(plain, { tls: noTls })))).to.deep.equal([false, 'answers, but not with TLS'])
      const secret = await listenTls()
      expect(outcome(await probe(target(secret)))).to.deep.equal([
        false,
        'hung up without an answer; perhaps it wants TLS'
      ])
    })

    it('says that a file is not there', async () => {
      const { ok, says } = await probe(target(1, { tls: { ...noTls, caFile: '/nowhere/ca.pem' } }))
      expect(ok).to.equal(false)
      expect(says).to.contain('ENOENT').and.to.contain('/nowhere/ca.pem')
    })
  })

  it('tries many, and answers in their order', async () => {
    const good = Number(simulator.servers[0]!.split(':')[1])
    const bad = await freePort()
    const ports = Array.from({ length: 70 }, (_, index) => (index % 3 === 0 ? bad : good))
    const seen: [number, boolean][] = []
    for await (const { target: tried, answer } of probeAll(ports.map(port => target(port)))) {
      seen.push([tried.port, answer.ok])
    }
    expect(seen).to.deep.equal(ports.map(port => [port, port === good]))
  })
})
