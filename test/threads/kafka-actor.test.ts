import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { StorageRequestConstant } from '../../shared/protocol/storage.ts'
import { commitBatch } from '../support/commit-batches.ts'
import {
  clusterSettings,
  consumerSettings,
  KafkaFixture,
  type KafkaFixtureOptions
} from '../support/kafka-thread-fixture.ts'
import { waitFor } from '../support/wait-for.ts'

const offsets = '__consumer_offsets'

describe('workers/kafka: a kafka thread against a simulated cluster', () => {
  let simulator: Simulator
  let fixture: KafkaFixture | null = null

  beforeEach(async () => {
    simulator = await startSimulator({ brokers: 2, offsetsPartitions: 4 })
    simulator.cluster.createTopic('orders', 3)
    simulator.cluster.setEndOffset('orders', 0, 100)
    simulator.cluster.setEndOffset('orders', 1, 200)
    simulator.cluster.setEndOffset('orders', 2, 300)
  })

  afterEach(async () => {
    fixture?.stop()
    fixture = null
    await simulator.stop()
  })

  function begin(more: Partial<KafkaFixtureOptions> = {}): KafkaFixture {
    const { servers } = simulator
    fixture = new KafkaFixture({
      clusters: [clusterSettings(servers)],
      consumers: [consumerSettings(servers)],
      ...more
    })
    return fixture
  }

  function commit(group: string, topic: string, offset: number, partition = 0, timestampMs = Date.now()): number {
    const { cluster } = simulator
    return cluster.appendBatch(
      offsets,
      cluster.offsetsPartitionOf(group),
      commitBatch([{ group, topic, partition, offset, timestampMs }])
    )
  }

  it('tells every shard every end offset, and says so when all have applied them', async () => {
    const { shards } = begin({ shards: 2 })
    await waitFor(() => fixture!.knownTopics().some(message => message.complete), 'the first sweep')
    for (const shard of shards) {
      expect([...shard.ends.get('orders')!].sort()).to.deep.equal([
        [0, 100],
        [1, 200],
        [2, 300]
      ])
      expect(shard.partitionCounts.get('orders')).to.equal(3)
      expect(shard.ends.get(offsets)!.size).to.equal(4)
    }
    const states = fixture!.messages.filter(message => message.kind === 'cluster-state')
    expect(states).to.deep.equal([{ kind: 'cluster-state', cluster: 'c', up: true, error: null }])
    simulator.cluster.setEndOffset('orders', 1, 250)
    await waitFor(() => shards.every(shard => shard.ends.get('orders')?.get(1) === 250), 'the next sweep')
  })

  it('reads what was committed before and after it began, each commit once, and reports itself', async () => {
    const orders = [commit('g1', 'orders', 10), commit('g1', 'orders', 20, 1), commit('g2', 'orders', 5)]
    begin()
    await waitFor(() => fixture!.isCaughtUp(), 'catching up')
    const own = (group: string) => fixture!.commits.filter(each => each.group === group)
    expect(own('g1').map(({ partition, offset, order }) => [partition, offset, order])).to.deep.equal([
      [0, 10, orders[0]],
      [1, 20, orders[1]]
    ])
    expect(own('g2')).to.have.length(1)
    const order = commit('g1', 'orders', 30)
    await waitFor(() => own('g1').length === 3, 'the new commit')
    expect(own('g1')[2]).to.include({ topic: 'orders', offset: 30, order })
    const partition = simulator.cluster.offsetsPartitionOf('g1')
    await waitFor(
      () => own('burrow-local').some(each => each.partition === partition && each.offset === order + 1),
      'the report of itself'
    )
    expect(own('burrow-local').every(each => each.topic === offsets && each.offset === each.order + 1)).to.equal(true)
    expect(fixture!.shards[0]!.lost).to.deep.equal([])
  })

  it('shares the offsets partitions out over threads, and each catches up', async () => {
    for (let i = 0; i < 20; i++) commit(`g${i}`, 'orders', i)
    begin({ threads: 2, shards: 2 })
    await waitFor(() => fixture!.isCaughtUp(0) && fixture!.isCaughtUp(1), 'both threads')
    const groups = fixture!.commits.filter(each => !each.group.startsWith('burrow-')).map(each => each.group)
    expect(groups.sort()).to.deep.equal(Array.from({ length: 20 }, (_, i) => `g${i}`).sort())
  })

  it('holds a commit of a topic that is not known until it has end offsets, and asks at once', async () => {
    begin()
    await waitFor(() => fixture!.isCaughtUp(), 'catching up')
    simulator.cluster.createTopic('fresh', 1)
    simulator.cluster.setEndOffset('fresh', 0, 7)
    commit('g', 'fresh', 3)
    commit('g', 'orders', 4)
    await waitFor(() => fixture!.commits.filter(each => each.group === 'g').length === 2, 'both commits')
    expect(fixture!.commits.filter(each => each.group === 'g').map(each => each.topic)).to.deep.equal([
      'fresh',
      'orders'
    ])
    expect(fixture!.count('commits_waited')).to.equal(1)
    expect(fixture!.shards[0]!.lost).to.deep.equal([])
  })

  it('drops commits of topics that do not exist, counted, old ones without asking', async () => {
    commit('g', 'gone', 1, 0, Date.now() - 3_600_000)
    commit('g', 'never', 1)
    commit('g', 'orders', 2)
    commit('g', 'orders', 3, 17)
    begin()
    await waitFor(() => fixture!.commits.some(each => each.group === 'g'), 'the good commit')
    await waitFor(() => fixture!.count('refused_unknown_topic') === 3, 'the bad ones')
    expect(fixture!.count('commits_waited')).to.equal(2)
    expect(fixture!.commits.filter(each => each.group === 'g')).to.have.length(1)
  })

  it('deletes a topic that is gone from two listings, and restarts a recreated one before its new end offsets', async () => {
    const servers = simulator.servers
    begin({ clusters: [clusterSettings(servers, { topicRefreshSeconds: 1 })] })
    const [shard] = fixture!.shards
    await waitFor(() => shard!.ends.has('orders'), 'the first sweep')
    simulator.cluster.deleteTopic('orders')
    simulator.cluster.createTopic('orders', 1)
    const deletions = () => shard!.commands.filter(command => command.type === StorageRequestConstant.SetDeleteTopic)
    await waitFor(() => shard!.restarts.length > 0 && shard!.ends.get('orders')?.get(0) === 0, 'the new end offset')
    expect([shard!.restarts, deletions()]).to.deep.equal([['orders'], []])
    expect(shard!.partitionCounts.get('orders')).to.equal(1)
    simulator.cluster.deleteTopic('orders')
    await waitFor(() => deletions().length === 1, 'the deletion')
    expect(shard!.ends.has('orders')).to.equal(false)
  })

  it('with start-latest reads only what comes after it began, and from there again after a restart', async () => {
    commit('g', 'orders', 1)
    const { servers } = simulator
    begin({ consumers: [consumerSettings(servers, { startLatest: true })] })
    await waitFor(() => fixture!.isCaughtUp(), 'catching up')
    commit('g', 'orders', 2)
    const own = () => fixture!.commits.filter(each => each.group === 'g').map(each => each.offset)
    await waitFor(() => own().length === 1, 'the new commit')
    fixture!.killThread(0)
    commit('g', 'orders', 3)
    fixture!.startThread(0)
    await waitFor(() => own().length === 2, 'the commit made meanwhile')
    expect(own()).to.deep.equal([2, 3])
    fixture!.killShard(0)
    fixture!.reconnectShard(0)
    await waitFor(() => own().length === 2, 'refilling from where reading began')
    expect(own()).to.deep.equal([2, 3])
  })

  it('fills a replaced shard again, with end offsets first, and no other shard gets anything twice', async () => {
    const groups = Array.from({ length: 20 }, (_, i) => `g${i}`)
    for (const group of groups) commit(group, 'orders', 1)
    begin({ shards: 2, threads: 2 })
    await waitFor(() => fixture!.isCaughtUp(0) && fixture!.isCaughtUp(1), 'catching up')
    const before = fixture!.shards.map(shard => shard.commits.filter(each => each.group.startsWith('g')).length)
    fixture!.killShard(1)
    for (const group of groups) commit(group, 'orders', 2)
    fixture!.reconnectShard(1)
    await waitFor(() => fixture!.isCaughtUp(0) && fixture!.isCaughtUp(1), 'catching up again')
    const now = () => fixture!.shards.map(shard => shard.commits.filter(each => each.group.startsWith('g')).length)
    await waitFor(() => now()[0] === 2 * before[0]! && now()[1] === 2 * before[1]!, 'all commits')
    expect(fixture!.shards[1]!.lost).to.deep.equal([])
  })
})
