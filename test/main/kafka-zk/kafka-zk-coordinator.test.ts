import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { expect } from 'chai'
import { KafkaZkCoordinator } from '../../../main/kafka-zk/kafka-zk-coordinator.ts'
import { createCounterBlock } from '../../../shared/counters.ts'
import { silentLogger } from '../../support/kafka-thread-fixture.ts'
import { KeptStorage } from '../../support/kept-storage.ts'
import { waitFor } from '../../support/wait-for.ts'

describe('main/kafka-zk: readiness', () => {
  const sockets: Socket[] = []
  let server: Server
  let port: number
  let coordinator: KafkaZkCoordinator | null = null

  beforeEach(async () => {
    server = createServer(socket => sockets.push(socket)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  afterEach(async () => {
    await coordinator?.stop()
    coordinator = null
    for (const socket of sockets.splice(0)) socket.destroy()
    server.close()
  })

  async function start(servers: readonly string[]): Promise<KafkaZkCoordinator> {
    const lists = { groupAllowlist: '', groupDenylist: '' }
    const started = new KafkaZkCoordinator({
      consumers: servers.map((each, i) => ({
        name: `zk-${i}`,
        cluster: 'c',
        servers: [each],
        zookeeperPath: '',
        zookeeperTimeoutSeconds: 1,
        ...lists
      })),
      storage: new KeptStorage(),
      logger: silentLogger,
      counters: createCounterBlock()
    })
    coordinator = started
    started.configure()
    await started.start()
    return started
  }

  it('is there without modules', async () => {
    expect((await start([])).ready).to.equal(true)
  })

  it('waits for a server that may yet answer, and not for one that never did', async () => {
    const started = await start([`127.0.0.1:${port}`])
    await waitFor(() => sockets.length > 0, 'the connection')
    expect(started.ready).to.equal(false)
    for (const socket of sockets) socket.destroy()
    await waitFor(() => started.ready, 'readiness without ZooKeeper')
    expect(started.stats()[0]).to.include({ caughtUp: false, state: 'connecting' })
  })

  it('knows no group of a module that has read nothing', async () => {
    expect((await start([`127.0.0.1:${port}`])).knowsGroup('c', 'g')).to.equal(false)
  })
})
