import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { expect } from 'chai'
import { askKafka } from '../../main/cli/check/ask-kafka.ts'
import { KafkaError } from '../../main/simulator/error-codes.ts'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import type { KafkaProbe, KafkaProbeAnswer } from '../../shared/actor/kafka-probe.ts'
import { describeOperation } from '../../shared/kafka-api/metadata.ts'
import { freePort } from '../support/free-port.ts'
import { clusterSettings } from '../support/kafka-thread-fixture.ts'
import { waitFor } from '../support/wait-for.ts'

const deadlineMs = 600

function probeOf(servers: readonly string[], offsetsTopics = ['__consumer_offsets']): KafkaProbe {
  return { id: 7, servers, profile: clusterSettings(servers).profile, offsetsTopics }
}

async function ask(servers: readonly string[], offsetsTopics?: string[]): Promise<KafkaProbeAnswer> {
  const answerById = await askKafka([probeOf(servers, offsetsTopics)], deadlineMs)
  return answerById.get(7)!
}

const reasons = ({ servers }: KafkaProbeAnswer) => servers.map(server => (server.ok ? 'ok' : server.reason))

describe('workers/kafka/probe: what a thread of its own finds', () => {
  let simulator: Simulator
  const listeners: Server[] = []
  const sockets = new Set<Socket>()

  beforeEach(async () => {
    simulator = await startSimulator({ brokers: 3, offsetsPartitions: 6 })
  })
  afterEach(async () => {
    for (const socket of sockets) socket.destroy()
    for (const listener of listeners.splice(0)) listener.close()
    await simulator.stop()
  })

  /** A server that does this with each connection. */
  async function listen(onSocket: (socket: Socket) => void): Promise<string> {
    const listener = createServer(socket => {
      sockets.add(socket)
      socket.on('error', () => {}).once('close', () => sockets.delete(socket))
      socket.resume()
      onSocket(socket)
    })
    listeners.push(listener)
    await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(listener.address() as AddressInfo).port}`
  }

  it('every server, every broker, and a record from each that leads offsets', async () => {
    simulator.cluster.createTopic('orders', 2)
    const { servers, cluster } = await ask(simulator.servers)
    expect(servers.map(({ address, ok }) => [address, ok])).to.deep.equal(simulator.servers.map(each => [each, true]))
    for (const server of servers) {
      if (!server.ok) throw new Error(server.reason)
      expect(server.facts).to.deep.include({ clusterId: cluster?.clusterId, brokers: 3, certificate: null })
      expect(server.facts.versionByApi).to.have.all.keys('Fetch', 'ListOffsets', 'Metadata')
    }
    expect(cluster).to.deep.include({ topics: 1, brokersLeftOut: 0 })
    expect(cluster?.brokers.map(({ reason }) => reason)).to.deep.equal([null, null, null])
    expect((cluster?.operations ?? 0) & describeOperation).to.equal(describeOperation)
    const [offsets] = cluster?.offsetsTopics ?? []
    expect(offsets).to.deep.include({ errorCode: 0, partitions: 6, leaderless: 0 })
    expect(offsets?.fetches.map(({ errorCode }) => errorCode)).to.deep.equal([0, 0, 0])
  })

  it('rights that are missing, and topics that are not there', async () => {
    simulator.cluster.operations &= ~describeOperation
    const { cluster } = await ask(simulator.servers, ['nowhere'])
    expect((cluster?.operations ?? -1) & describeOperation).to.equal(0)
    expect(cluster?.offsetsTopics.map(({ errorCode }) => errorCode)).to.deep.equal([KafkaError.unknownTopicOrPartition])
  })

  it('nobody there, beside others', async () => {
    const nobody = `127.0.0.1:${await freePort()}`
    const answer = await ask([nobody, simulator.servers[0]!])
    expect(reasons(answer)[0]).to.match(/^broker .*: connecting: .*ECONNREFUSED/)
    expect(reasons(answer)[1]).to.equal('ok')
    expect(answer.cluster?.brokers).to.have.length(3)
    expect((await ask([nobody])).cluster).to.equal(null)
  })

  it('who says nothing, hangs up or speaks something else, and leaves no socket open', async () => {
    const silent = await listen(() => {})
    const short = await listen(socket => socket.end())
    const mail = await listen(socket => socket.write('220 mail ready\r\n'))
    const answer = await ask([silent, short, mail, 'nobody.invalid:9092'])
    const [ofSilent, ofShort, ofMail, ofName] = reasons(answer)
    expect(ofSilent).to.match(/no answer|timeout/i)
    expect(ofShort).to.match(/does the broker want TLS or SASL|closed/i)
    expect(ofMail).to.match(/answer of \d+ bytes/)
    expect(ofName).to.match(/nobody\.invalid/)
    expect(answer.cluster).to.equal(null)
    await waitFor(() => sockets.size === 0, 'sockets to close', 20_000)
  })

  it('as many probes as there are modules', async () => {
    const probes = Array.from({ length: 9 }, (_, id) => ({ ...probeOf(simulator.servers.slice(0, 1)), id }))
    const answerById = await askKafka(probes, deadlineMs)
    expect([...answerById.keys()].sort()).to.deep.equal(probes.map(({ id }) => id))
    expect((await askKafka([], deadlineMs)).size).to.equal(0)
  })
})
