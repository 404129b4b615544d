import { createServer, type Server } from 'node:net'
import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { BurrowError } from '../../shared/errors.ts'
import { fetchApi } from '../../shared/kafka-api/fetch.ts'
import { encodeListOffsetsRequest, listOffsetsApi, OffsetOf } from '../../shared/kafka-api/list-offsets.ts'
import { openLink } from '../../workers/kafka/transport.ts'
import { commitBatch } from '../support/commit-batches.ts'
import {
  clusterSettings,
  consumerSettings,
  KafkaFixture,
  silentLogger,
  testProfile
} from '../support/kafka-thread-fixture.ts'
import { waitFor } from '../support/wait-for.ts'

const offsets = '__consumer_offsets'
const profile = { ...testProfile, dialTimeoutMs: 300, readTimeoutMs: 300 }

describe('kafka threads: brokers that fail', () => {
  let simulator: Simulator
  let fixture: KafkaFixture | null = null
  const servers: Server[] = []

  beforeEach(async () => {
    simulator = await startSimulator({ brokers: 2, offsetsPartitions: 2 })
    simulator.cluster.createTopic('orders', 2)
  })

  afterEach(async () => {
    fixture?.stop()
    fixture = null
    await simulator.stop()
    for (const server of servers.splice(0)) server.close()
  })

  function begin(servers = simulator.servers): KafkaFixture {
    fixture = new KafkaFixture({
      clusters: [clusterSettings(servers, { profile })],
      consumers: [consumerSettings(servers, { profile })]
    })
    return fixture
  }

  const commit = (partition: number, offset: number) =>
    simulator.cluster.appendBatch(
      offsets,
      partition,
      commitBatch([{ group: `g${partition}`, topic: 'orders', offset }])
    )
  const own = () => fixture!.commits.filter(each => each.group.startsWith('g')).map(each => each.offset)

  /** A server that is no broker. */
  async function impostor(onSocket: (write: (bytes: Buffer) => void, end: () => void) => void): Promise<string> {
    const server = createServer(socket => {
      socket.on('error', () => {})
      onSocket(
        bytes => void socket.write(bytes),
        () => socket.destroy()
      )
    })
    servers.push(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
    const address = server.address()
    return `127.0.0.1:${typeof address === 'object' ? address!.port : 0}`
  }

  for (const effect of ['disconnect', 'garbage', 'blackHole'] as const) {
    it(`goes on after each API has failed by ${effect}`, async () => {
      commit(0, 1)
      for (const api of ['Metadata', 'ListOffsets', 'Fetch', 'ApiVersions']) {
        simulator.faults.add({ api, times: 2, effect: { kind: effect } })
      }
      begin()
      await waitFor(() => fixture!.isCaughtUp() && own().length === 1, 'catching up in spite of it', 15_000)
      commit(1, 2)
      await waitFor(() => own().length === 2, 'new commits', 10_000)
      expect(fixture!.shards[0]!.lost).to.deep.equal([])
    })
  }

  it('a broker that goes away takes only its own partitions along, and they come back', async () => {
    simulator.cluster.setEndOffset('orders', 0, 10)
    simulator.cluster.setEndOffset('orders', 1, 10)
    begin()
    await waitFor(() => fixture!.isCaughtUp(), 'catching up')
    await simulator.stopBroker(2)
    simulator.cluster.setEndOffset('orders', 0, 20)
    commit(0, 1)
    const ends = () => fixture!.shards[0]!.ends.get('orders')
    await waitFor(() => own().length === 1 && ends()?.get(0) === 20, 'the partitions of the other broker')
    commit(1, 2)
    simulator.cluster.setEndOffset('orders', 1, 20)
    await simulator.startBroker(2)
    await waitFor(() => own().length === 2 && ends()?.get(1) === 20, 'the partitions that were away', 15_000)
  })

  it('follows leaders that move', async () => {
    begin()
    await waitFor(() => fixture!.isCaughtUp(), 'catching up')
    simulator.cluster.moveLeader(offsets, 0, 2)
    simulator.cluster.moveLeader('orders', 0, 2)
    commit(0, 1)
    simulator.cluster.setEndOffset('orders', 0, 33)
    await waitFor(() => own().length === 1 && fixture!.shards[0]!.ends.get('orders')?.get(0) === 33, 'the new leader')
  })

  it('a partition without leader is missing, and its commits wait until it has one', async () => {
    simulator.cluster.moveLeader('orders', 1, -1)
    begin()
    await waitFor(() => fixture!.isCaughtUp(), 'catching up')
    const batch = commitBatch([
      { group: 'g', topic: 'orders', partition: 1, offset: 1 },
      { group: 'g', topic: 'orders', partition: 0, offset: 2 }
    ])
    simulator.cluster.appendBatch(offsets, 0, batch)
    await waitFor(() => fixture!.count('commits_waited') === 1, 'the commit to wait')
    expect(own()).to.deep.equal([])
    simulator.cluster.moveLeader('orders', 1, 1)
    await waitFor(() => own().length === 2 || void fixture!.wantTopics(['orders']), 'both commits')
    expect(own()).to.deep.equal([1, 2])
  })

  it('says that a cluster is down, and comes in when it can', async () => {
    const [server] = simulator.servers
    await simulator.stopBroker(1)
    await simulator.stopBroker(2)
    begin([server!])
    const state = () => fixture!.messages.findLast(message => message.kind === 'cluster-state')
    await waitFor(() => state()?.up === false, 'the cluster to be down')
    expect(state()!.error).to.be.a('string')
    expect(fixture!.consumerStates().at(-1)!.error).to.be.a('string')
    await simulator.startBroker(1)
    await simulator.startBroker(2)
    await waitFor(() => state()?.up === true && fixture!.isCaughtUp(), 'the cluster to come up', 15_000)
  })

  it('tries the next server when one is a black hole or talks nonsense', async () => {
    const silent = await impostor(() => {})
    const closing = await impostor((_, end) => end())
    const talker = await impostor(write => write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')))
    const negative = await impostor(write => write(Buffer.from('fffffff0ffffffffffffffff', 'hex')))
    begin([silent, closing, talker, negative, ...simulator.servers])
    await waitFor(() => fixture!.isCaughtUp(), 'catching up', 15_000)
  })

  it('does not ask a broker that only talks nonsense in a busy loop', async () => {
    let connections = 0
    const random = Buffer.from(Array.from({ length: 400 }, (_, i) => (i * 7919) & 0xff))
    const talker = await impostor(write => {
      connections++
      write(random)
    })
    begin([talker])
    const startMs = Date.now()
    await waitFor(() => connections >= 6, 'some tries', 15_000)
    const perSecond = connections / ((Date.now() - startMs) / 1000)
    expect(perSecond).to.be.below(100) // a loop without back-off makes thousands
    expect(fixture!.commits).to.deep.equal([])
  })

  describe('transport', () => {
    const address = () => {
      const [host, port] = simulator.servers[0]!.split(':')
      return { host: host!, port: Number(port) }
    }
    const open = () => openLink(address().host, address().port, profile, silentLogger)

    it('a request that is not answered in time ends the link, and all who wait are refused', async () => {
      const link = await open()
      const version = link.version(listOffsetsApi)
      const body = encodeListOffsetsRequest(version, [{ topic: 'orders', partitions: [0] }], OffsetOf.end)
      await link.send(listOffsetsApi, version, body, 1000)
      simulator.faults.add({ effect: { kind: 'blackHole' } })
      const results = await Promise.allSettled([
        link.send(listOffsetsApi, version, body, 50),
        link.send(listOffsetsApi, version, body, 60_000),
        link.send(fetchApi, link.version(fetchApi), body, 60_000)
      ])
      const codes = results.map(result =>
        result.status === 'rejected' ? (result.reason as BurrowError).code : 'answer'
      )
      expect(codes).to.deep.equal(['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'])
      expect(link.isOpen).to.equal(false)
      const late = await link.send(listOffsetsApi, version, body, 1000).catch((error: BurrowError) => error)
      expect(late).to.be.instanceOf(BurrowError)
    })

    it('a broker that is stopped ends the link', async () => {
      const link = await open()
      await simulator.stopBroker(1)
      await waitFor(() => !link.isOpen, 'the link to notice')
    })

    it('names an API that the broker does not offer in a version of ours', async () => {
      const link = await open()
      expect(() => link.version({ key: 2, name: 'ListOffsets', minVersion: 90, maxVersion: 99 }))
        .to.throw(BurrowError, /ListOffsets/)
        .with.property('code', 'UNSUPPORTED')
      link.close()
    })

    it('close() does not wait for what is pending', async () => {
      const link = await open()
      simulator.faults.add({ effect: { kind: 'blackHole' } })
      const waiting = link.send(fetchApi, 11, new Uint8Array(0), 60_000).catch((error: BurrowError) => error.code)
      link.close()
      expect(await waiting).to.equal('BROKER_UNREACHABLE')
    })
  })
})
