import { expect } from 'chai'
import { startLoad } from '../../main/simulator/load.ts'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { type AppUnderTest, clusterToml, startAppUnderTest } from '../support/app-under-test.ts'
import { EventStream } from '../support/event-stream.ts'
import { hostileCluster, hostileGroups, startHostileCluster } from '../support/hostile-names.ts'
import { waitFor } from '../support/wait-for.ts'

interface Row {
  readonly group: string
  readonly status: string
  readonly totallag: number
}

describe('simulator: /v3/events of the program', function () {
  this.timeout(120_000)
  let simulator: Simulator
  let burrow: AppUnderTest | null
  const streams: EventStream[] = []
  afterEach(async () => {
    for (const stream of streams.splice(0)) stream.close()
    await burrow?.app.stop()
    await simulator?.stop()
    burrow = null
  })

  async function start(more = ''): Promise<void> {
    burrow = await startAppUnderTest(`${clusterToml('local', simulator.servers)}\n${more}`)
    await waitFor(() => burrow!.isReady(), 'the program to be ready', 30_000)
  }
  async function listen(): Promise<EventStream> {
    const stream = await EventStream.open(burrow!.app.addresses[0]!)
    streams.push(stream)
    return stream
  }
  /** Windows that span minutes, so that no group looks stopped while the test runs, however slow the machine is. */
  function commits(group: string, offsets: readonly number[]): void {
    const nowMs = Date.now()
    for (const [index, offset] of offsets.entries()) {
      simulator.cluster.commit(group, 'orders', 0, offset, { timestampMs: nowMs - (offsets.length - index) * 60_000 })
    }
  }
  const counters = async () =>
    ((await burrow!.get('/burrow/admin/health')) as { counters: Readonly<Record<string, number>> }).counters
  const rowOf = (data: { rows: Row[] }, group: string) => data.rows.find(row => row.group === group)

  it('tells of a group that turns ERR in its next look, with the row of the list, and of nothing that is as it was', async () => {
    simulator = await startSimulator({ brokers: 1, offsetsPartitions: 2 })
    simulator.cluster.createTopic('orders', 1)
    simulator.cluster.setEndOffset('orders', 0, 1000)
    commits('reader', [800, 850, 900])
    commits('other', [900, 950, 990])
    await start('[storage.default]\nclass-name = "inmemory"\nintervals = 3')
    const stream = await listen()
    const asked = async () =>
      (await burrow!.get('/v3/kafka/local/status')) as { status: { groups: Row[]; counts: object } }
    await waitFor(async () => (await asked()).status.groups.length === 3, 'the groups')
    await stream.wait('cluster', ({ groups }) => groups === 3)
    const settled = await stream.wait('cluster', ({ ok, ready }) => ok === 3 && ready)
    expect(settled).to.include({ name: 'local', up: true, error: null, err: 0, topics: 2 })

    const from = stream.events.length
    simulator.cluster.commit('reader', 'orders', 0, 700) // back
    const event = await stream.wait('groups', data => rowOf(data, 'reader')?.status === 'ERR', from)
    expect(rowOf(event, 'other'), 'has not changed').to.equal(undefined)
    expect(event).to.deep.include({ cluster: 'local', gone: [], more: false })
    const { groups } = (await asked()).status
    expect(event.rows[0]).to.deep.equal(groups.find(({ group }) => group === 'reader'))
    await stream.wait('cluster', ({ err }) => err === 1, from)

    const second = stream.events.length
    simulator.cluster.commit('newcomer', 'orders', 0, 900)
    await stream.wait('groups', data => rowOf(data, 'newcomer') !== undefined, second)
    await fetch(`http://${burrow!.app.addresses[0]}/v3/kafka/local/consumer/other`, { method: 'DELETE' })
    expect((await stream.wait('groups', ({ gone }) => gone.length > 0, second)).gone).to.deep.equal(['other'])
    const names = stream.events.slice(from).flatMap(({ name, data }) => (name === 'groups' ? (data.rows as Row[]) : []))
    expect(names.filter(({ group }) => group === 'other')).to.deep.equal([])
  })

  it('names groups of all kinds as they are', async () => {
    const started = await startHostileCluster()
    simulator = started.simulator
    burrow = started.app
    const stream = await listen()
    await stream.wait('cluster', ({ name }) => name === hostileCluster)
    await stream.wait('groups', ({ cluster }) => cluster === hostileCluster)
    for (const group of hostileGroups) simulator.cluster.commit(group, 't', 0, 95)
    const seen = new Set<string>()
    await waitFor(() => {
      for (const { cluster, rows } of stream.of('groups')) {
        if (cluster === hostileCluster) for (const { group } of rows) seen.add(group)
      }
      return hostileGroups.every(group => seen.has(group))
    }, 'all names')
  })

  it('greets whoever comes again after a restart, and has ended at once', async () => {
    simulator = await startSimulator({ brokers: 1, offsetsPartitions: 2 })
    await start()
    const before = await listen()
    const { startedMs } = await before.wait('hello')
    await burrow!.app.stop()
    await before.end(500)
    await start()
    const after = await listen()
    expect((await after.wait('hello')).startedMs).to.be.greaterThan(startedMs)
  })

  it('has 50 clients while commits come as fast as they can, tells all of them the same, and stores every commit', async () => {
    simulator = await startSimulator({ brokers: 1, offsetsPartitions: 4 })
    const shape = { groups: 200, partitionsPerGroup: 10, batchSize: 20 }
    const load = startLoad(simulator.cluster, { ...shape, commitsPerSecond: 20_000 })
    try {
      await start()
      const clients = await Promise.all(Array.from({ length: 50 }, listen))
      await waitFor(
        () => clients.every(client => client.of('groups').some(({ rows }) => rows.length > 100)),
        'rows for all'
      )
      const health = await clients[0]!.wait('health', ({ commitsPerSecond }) => commitsPerSecond > 1000)
      expect(health.queues.eventClients).to.equal(50)
      expect(health.threads.map(({ state }: { state: string }) => state)).to.not.include('down')
      load.stop()
      await waitFor(
        async () => (await counters()).stored_commits! + (await counters()).merged_commits! >= load.commits(),
        'all commits',
        20_000
      )
      await waitFor(
        () => new Set(clients.map(client => JSON.stringify(client.of('groups').at(-1)))).size === 1,
        'the same for all'
      )
      const { feed_clients, feed_clients_behind, feed_clients_let_go } = await counters()
      expect([feed_clients, feed_clients_behind, feed_clients_let_go]).to.deep.equal([50, 0, 0])
    } finally {
      load.stop()
    }
  })

  it('computes nothing before somebody listens, nor once nobody does', async () => {
    simulator = await startSimulator({ brokers: 1, offsetsPartitions: 2 })
    simulator.cluster.createTopic('orders', 1)
    simulator.cluster.setEndOffset('orders', 0, 1000)
    commits('reader', [800, 850, 900])
    await start()
    /** How many verdicts were made while the brokers were asked for end offsets three times. */
    const verdicts = async () => {
      const before = await counters()
      const after = await waitFor(async () => {
        const now = await counters()
        return now.end_offset_sweeps! >= before.end_offset_sweeps! + 3 && now
      }, 'three sweeps')
      return after.evaluations! - before.evaluations!
    }
    expect(await verdicts()).to.equal(0)
    const { evaluations: unheard } = await counters()
    const stream = await listen()
    await stream.wait('cluster')
    await waitFor(async () => (await counters()).evaluations! > unheard!, 'verdicts for the listener')
    stream.close()
    await waitFor(async () => (await verdicts()) === 0, 'no more verdicts', 40_000)
  })
})
