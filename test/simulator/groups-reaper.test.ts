import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { type AppUnderTest, startAppUnderTest } from '../support/app-under-test.ts'
import { commitBatch } from '../support/commit-batches.ts'
import { waitFor } from '../support/wait-for.ts'

/** The whole program in this process beside a simulated cluster. */
describe('simulator: groups that Kafka no longer lists', function () {
  this.timeout(60_000)
  let simulator: Simulator
  let program: AppUnderTest | null = null

  beforeEach(async () => {
    simulator = await startSimulator({ brokers: 2, offsetsPartitions: 4 })
    simulator.cluster.createTopic('orders', 1)
    simulator.cluster.setEndOffset('orders', 0, 100)
  })
  afterEach(async () => {
    await program?.app.stop()
    program = null
    await simulator.stop()
  })

  const start = async (refreshSeconds: number) => {
    const servers = JSON.stringify(simulator.servers)
    program = await startAppUnderTest(`
      [cluster.here]
      class-name = "kafka"
      servers = ${servers}
      offset-refresh = 1
      groups-reaper-refresh = ${refreshSeconds}
      [consumer.reader]
      class-name = "kafka"
      cluster = "here"
      servers = ${servers}`)
    await waitFor(() => program!.isReady(), 'the program to be ready', 20_000)
  }
  const groups = async () =>
    ((await program!.get('/v3/kafka/here/consumer')) as { consumers: string[] }).consumers.toSorted()
  const count = async (name: string) => {
    const { counters } = (await program!.get('/burrow/admin/health')) as { counters: Record<string, number> }
    return counters[name]!
  }
  /** In the log of offsets, and nowhere else: no coordinator knows it. */
  const commitUnlisted = (group: string) => {
    const { cluster } = simulator
    const records = commitBatch([{ group, topic: 'orders', partition: 0, offset: 1, timestampMs: Date.now() }])
    cluster.appendBatch('__consumer_offsets', cluster.offsetsPartitionOf(group), records)
  }

  it('are gone from the HTTP pages; the others and the report of the program itself stay', async () => {
    simulator.cluster.commit('listed', 'orders', 0, 10)
    for (let i = 0; i < 20; i++) commitUnlisted(`gone-${i}`)
    await start(1)
    await waitFor(async () => (await count('reaped_groups')) === 20, 'all of them to be removed', 20_000)
    // Main counts what it tells storage to remove; a storage thread does so a moment later.
    await waitFor(async () => (await groups()).every(group => !group.startsWith('gone-')), 'their end in the lists')
    expect((await groups()).filter(group => !group.startsWith('burrow-'))).to.deep.equal(['listed'])
    expect(program!.logged.filter(({ message }) => message.startsWith('Kafka no longer lists'))).to.have.length(20)
    const rounds = await count('reaper_rounds')
    await waitFor(async () => (await count('reaper_rounds')) > rounds + 1, 'more rounds', 20_000)
    expect(await count('reaped_groups'), 'nobody is removed again and again (spec 09, E9)').to.equal(20)

    commitUnlisted('late')
    await waitFor(async () => (await count('reaped_groups')) === 21, 'the late one too', 20_000)
    simulator.cluster.deleteGroup('listed')
    await waitFor(async () => !(await groups()).includes('listed'), 'the deleted group to go', 20_000)
  })

  it('stay as long as a broker cannot be asked, and without groups-reaper-refresh', async () => {
    commitUnlisted('gone')
    simulator.faults.add({ api: 'ListGroups', broker: 2, effect: { kind: 'error', code: 15 } })
    await start(1)
    await waitFor(async () => (await count('reaper_rounds_failed')) >= 2, 'two rounds that fail', 20_000)
    expect(await groups()).to.include('gone')
    expect(program!.logged.some(({ message }) => message.includes('COORDINATOR_NOT_AVAILABLE'))).to.equal(true)
    await program!.app.stop()
    simulator.faults.clear()
    await start(0)
    const sweeps = await count('end_offset_sweeps')
    await waitFor(async () => (await count('end_offset_sweeps')) > sweeps + 2, 'three seconds of work', 20_000)
    expect(await groups()).to.include('gone')
    expect(await count('reaper_rounds')).to.equal(0)
  })
})
