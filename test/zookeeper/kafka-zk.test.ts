import { expect } from 'chai'
import { KafkaZkConsumer } from '../../main/kafka-zk/kafka-zk-consumer.ts'
import { Counters, createCounterBlock, sumCounters } from '../../shared/counters.ts'
import { StorageRequestConstant as Code } from '../../shared/protocol/storage.ts'
import { KeptStorage } from '../support/kept-storage.ts'
import { waitFor } from '../support/wait-for.ts'
import { keptLog } from '../support/zookeeper-clients.ts'
import { TcpRelay } from '../support/zookeeper-relay.ts'
import { useZookeeper } from '../support/zookeeper-server.ts'
import { ZookeeperTool } from '../support/zookeeper-tool.ts'

describe('zookeeper: consumer of class kafka_zk', function () {
  this.timeout(60_000)
  const zookeeper = useZookeeper()
  const stops: (() => Promise<unknown>)[] = []
  let tool: ZookeeperTool
  let root = ''
  let roots = 0

  beforeEach(async () => {
    tool = await ZookeeperTool.connect(zookeeper().server)
    root = `/zk-${roots++}`
  })
  afterEach(async () => {
    await Promise.all(stops.splice(0).map(stop => stop()))
    await tool.close()
  })

  async function consume(
    more: { server?: string; allow?: string; deny?: string; ends?: Record<string, number[]> } = {}
  ) {
    const storage = new KeptStorage()
    for (const [topic, ends] of Object.entries(more.ends ?? {})) storage.endsByTopic.set(topic, ends)
    const block = createCounterBlock()
    const { logger, lines } = keptLog()
    const consumer = new KafkaZkConsumer({
      settings: {
        name: 'old',
        cluster: 'local',
        servers: [more.server ?? zookeeper().server],
        zookeeperPath: root,
        zookeeperTimeoutSeconds: 2,
        groupAllowlist: more.allow ?? '',
        groupDenylist: more.deny ?? ''
      },
      storage,
      logger,
      counters: new Counters(block),
      lookPauses: { firstMs: 50, longestMs: 200 }
    })
    stops.push(() => consumer.stop())
    await consumer.start()
    const count = () => sumCounters([block])
    return { consumer, storage, lines, count, caughtUp: () => waitFor(() => consumer.caughtUp, 'the first build') }
  }

  const offsetPath = (group: string, topic: string, partition: number) =>
    `${root}/consumers/${group}/offsets/${topic}/${partition}`
  const commit = (group: string, topic: string, partition: number, text: string | number) =>
    tool.put(offsetPath(group, topic, partition), String(text))
  const committed = (storage: KeptStorage, text: string) =>
    waitFor(() => storage.commitTexts.includes(text), `${text} among ${storage.commitTexts.slice(-20)}`)

  it('tells offset, order, time and owner (the case of the original)', async () => {
    await commit('testgroup', 'testtopic', 0, 81234)
    await tool.put(`${root}/consumers/testgroup/owners/testtopic/0`, 'testowner')
    const { mzxid, mtimeMs } = await tool.stat(offsetPath('testgroup', 'testtopic', 0))
    const { storage, consumer, caughtUp } = await consume()
    await caughtUp()
    const where = { cluster: 'local', group: 'testgroup', topic: 'testtopic', partition: 0 }
    expect(storage.told).to.deep.equal([
      { type: Code.SetConsumerOffset, ...where, offset: 81234, order: mzxid, timestampMs: mtimeMs },
      { type: Code.SetConsumerOwner, ...where, owner: 'testowner', clientId: '' }
    ])
    expect(consumer.stats()).to.include({ state: 'connected', groups: 1, partitions: 1, watches: 4 })
    expect([consumer.cluster, consumer.isUnreachable]).to.deep.equal(['local', false])
    expect(consumer.knowsGroup('testgroup')).to.equal(true)
    expect(consumer.knowsGroup('other')).to.equal(false)
  })

  it('follows commits, new groups, topics and partitions, in whatever order they come', async () => {
    const { storage, caughtUp } = await consume() // not even the root is there
    await caughtUp()
    await tool.put(`${root}/consumers/g1/ids`, '')
    await commit('g1', 't1', 0, 1)
    await committed(storage, 'g1/t1/0=1')
    await commit('g1', 't1', 0, 2)
    await committed(storage, 'g1/t1/0=2')
    await commit('g1', 't1', 7, 3) // partitions need not begin at 0
    await committed(storage, 'g1/t1/7=3')
    await commit('g1', 't2', 0, 4)
    await committed(storage, 'g1/t2/0=4')
    await commit('g2', 't1', 0, 5)
    await committed(storage, 'g2/t1/0=5')
    for (let offset = 10; offset < 40; offset++) await commit('g2', 't1', 0, offset)
    await committed(storage, 'g2/t1/0=39')
    const orders = storage.commits.filter(({ group }) => group === 'g2').map(({ order }) => order)
    expect(orders).to.deep.equal(orders.toSorted((a, b) => a - b))
  })

  it('forgets what is deleted and picks it up when it comes back (E14)', async () => {
    await commit('stays', 't', 0, 1)
    await commit('goes', 't1', 0, 1)
    await commit('goes', 't2', 0, 1)
    await commit('goes', 't2', 1, 1)
    const { consumer, storage, caughtUp } = await consume()
    await caughtUp()
    const deletions = () => storage.told.filter(command => command.type === Code.SetDeleteGroup)
    const gone = { type: Code.SetDeleteGroup, cluster: 'local', group: 'goes' }

    await tool.delete(offsetPath('goes', 't2', 1))
    await waitFor(() => consumer.stats().partitions === 3, 'the partition to be forgotten')
    expect(deletions()).to.deep.equal([])
    await commit('goes', 't2', 1, 21)
    await committed(storage, 'goes/t2/1=21')

    await tool.delete(`${root}/consumers/goes/offsets/t1`)
    await waitFor(() => deletions().length === 1, 'the topic to be deleted')
    expect(deletions()).to.deep.equal([{ ...gone, topic: 't1' }])
    await commit('goes', 't1', 0, 11)
    await committed(storage, 'goes/t1/0=11')

    await tool.delete(`${root}/consumers/goes`)
    await waitFor(() => !consumer.knowsGroup('goes'), 'the group to be forgotten')
    expect(deletions().some(command => command.group === 'goes')).to.equal(true)
    await commit('goes', 't1', 0, 12)
    await committed(storage, 'goes/t1/0=12')
    await commit('goes', 't1', 0, 13)
    await committed(storage, 'goes/t1/0=13')
    await commit('stays', 't', 0, 2)
    await committed(storage, 'stays/t/0=2')
    expect(deletions().every(command => command.group === 'goes')).to.equal(true)
  })

  it('reads everything once after an expiry, and what happened meanwhile (E13)', async () => {
    for (const group of ['a', 'b', 'c']) await commit(group, 't', 0, 1)
    const relay = await TcpRelay.start(zookeeper().port)
    stops.push(() => relay.stop())
    const { consumer, storage, lines, count, caughtUp } = await consume({ server: relay.server })
    await caughtUp()
    const { watches } = consumer.stats()
    relay.blackHole()
    await waitFor(() => consumer.stats().state === 'unsafe', 'the watchdog', 10_000)
    await commit('a', 't', 0, 2)
    await commit('d', 't', 0, 1)
    await tool.delete(`${root}/consumers/b`)
    await waitFor(async () => (await zookeeper().sessions()) === 1, 'the server to end the session', 10_000)
    const before = storage.told.length
    relay.heal()
    await committed(storage, 'd/t/0=1')
    await waitFor(() => lines.filter(line => line.message === 'offsets in ZooKeeper read').length === 2, 'two builds')
    expect(lines.some(line => line.message === 'session expired')).to.equal(true)
    const after = storage.told.slice(before)
    expect(after.filter(command => command.type === Code.SetConsumerOffset).length).to.equal(2) // c was read, and is as it was
    expect(after).to.deep.include({ type: Code.SetDeleteGroup, cluster: 'local', group: 'b' })
    expect(consumer.stats().watches).to.equal(watches)
    // Later connections add nothing either.
    for (let connections = 3; connections < 6; connections++) {
      relay.cut()
      await waitFor(() => count().zookeeper_connections === connections, 'the next connection')
      await waitFor(
        () => lines.filter(line => line.message === 'offsets in ZooKeeper read').length === connections,
        'the next build'
      )
    }
    expect(storage.told.length).to.equal(before + after.length)
    expect(consumer.stats().watches).to.equal(watches)
    await commit('c', 't', 0, 9)
    await committed(storage, 'c/t/0=9')
    expect(storage.commitTexts.filter(text => text === 'c/t/0=9').length).to.equal(1)
  })

  it('leaves out what the lists refuse, and counts it once', async () => {
    for (const group of ['team-a', 'team-b', 'console-1']) await commit(group, 't', 0, 1)
    const { storage, count, caughtUp } = await consume({ allow: '^team-', deny: 'b$' })
    await caughtUp()
    await commit('team-c', 't', 0, 1)
    await committed(storage, 'team-c/t/0=1')
    expect(storage.commitTexts.toSorted()).to.deep.equal(['team-a/t/0=1', 'team-c/t/0=1'])
    expect(count().refused_filtered).to.equal(2)
  })

  it('counts bad numbers and nodes it may not read, and goes on with the rest', async () => {
    await commit('g', 't', 0, 'soon')
    await commit('g', 't', 1, '9007199254740993')
    await commit('g', 't', 2, 22)
    await commit('g', 't', 3, 33)
    await tool.put(`${root}/consumers/g/offsets/t/leader`, '')
    await tool.forbidReading(offsetPath('g', 't', 3))
    const { storage, count, lines, caughtUp } = await consume()
    await caughtUp()
    expect(storage.commitTexts).to.deep.equal(['g/t/2=22'])
    const { refused_undecodable, refused_out_of_range, refused_bad_partition, zookeeper_unreadable } = count()
    expect([refused_undecodable, refused_out_of_range, refused_bad_partition, zookeeper_unreadable]).to.deep.equal([
      1, 1, 1, 1
    ])
    expect(lines.filter(line => line.level === 'error').length).to.equal(1) // held back by LogLimit
    await commit('g', 't', 0, 5) // its watch stays
    await committed(storage, 'g/t/0=5')
  })

  it('tells again what storage could not take, when it has the end offset, and after a storage thread was replaced', async () => {
    await commit('g', 'known', 0, 1)
    await commit('g', 'later', 0, 2)
    await commit('g', 'never', 0, 3)
    const { consumer, storage, caughtUp } = await consume({ ends: { known: [100], later: [-1] } })
    await caughtUp()
    const times = (text: string) => storage.commitTexts.filter(each => each === text).length
    await waitFor(() => times('g/known/0=1') >= 2, 'the known topic to be told again', 20_000)
    storage.endsByTopic.set('later', [50])
    await waitFor(() => times('g/later/0=2') >= 3, 'the later topic to be told again, twice', 40_000)
    await waitFor(() => consumer.stats().waitingPartitions === 1, 'only the topic that is not there to wait', 20_000)
    expect(times('g/known/0=1')).to.equal(3)
    expect(times('g/never/0=3')).to.equal(1)
    consumer.storageReplaced()
    await waitFor(() => times('g/known/0=1') === 5, 'everything to be told to the new thread', 20_000)
    expect(times('g/never/0=3')).to.equal(1)
  })

  it('loses nothing while storage has no room', async () => {
    await commit('g', 't', 0, 1)
    const { storage, caughtUp } = await consume({ ends: { t: [5] } })
    storage.isFull = true
    await caughtUp()
    expect(storage.told).to.deep.equal([])
    storage.isFull = false
    await committed(storage, 'g/t/0=1')
  })

  it('reads 10,000 groups, and follows them', async () => {
    const groups = Array.from({ length: 10_000 }, (_, i) => `group-${i}`)
    const base = `${root}/consumers`
    await tool.put(base, '')
    for (const rest of ['', '/offsets', '/offsets/t']) {
      await tool.createMany(
        groups.map(group => `${base}/${group}${rest}`),
        ''
      )
    }
    const partitions = groups.flatMap(group => [0, 1].map(p => `${base}/${group}/offsets/t/${p}`))
    await tool.createMany(partitions, '7')
    const { consumer, storage } = await consume()
    await waitFor(() => consumer.caughtUp, 'the first build', 60_000)
    expect(storage.commits.length).to.equal(20_000)
    expect(new Set(storage.commitTexts).size).to.equal(20_000)
    expect(consumer.stats()).to.include({ groups: 10_000, partitions: 20_000, watches: 40_001 })
    await commit('group-9999', 't', 1, 8)
    await committed(storage, 'group-9999/t/1=8')
  }).timeout(180_000)
})
