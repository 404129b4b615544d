import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import type { UnlistedGroups } from '../../shared/actor/thread-messages.ts'
import { describeOperation } from '../../shared/kafka-api/metadata.ts'
import { commitBatch } from '../support/commit-batches.ts'
import { clusterSettings, consumerSettings, KafkaFixture } from '../support/kafka-thread-fixture.ts'
import { waitFor } from '../support/wait-for.ts'

function withdrawRights(cluster: { operations: number }): void {
  cluster.operations &= ~describeOperation
}

/** Groups with members or commits of a client are listed by the simulator; what is only in the log is not. */
describe('workers/kafka: groups that Kafka no longer lists, against a simulated cluster', () => {
  let simulator: Simulator
  let fixture: KafkaFixture | null = null

  beforeEach(async () => {
    simulator = await startSimulator({ brokers: 3, offsetsPartitions: 6 })
    simulator.cluster.createTopic('orders', 1)
    simulator.cluster.setEndOffset('orders', 0, 100)
    for (let i = 0; i < 8; i++) simulator.cluster.commit(`listed-${i}`, 'orders', 0, i)
    for (let i = 0; i < 8; i++) commitUnlisted(`gone-${i}`)
  })
  afterEach(async () => {
    fixture?.stop()
    fixture = null
    await simulator.stop()
  })

  function commitUnlisted(group: string): void {
    const { cluster } = simulator
    const records = commitBatch([{ group, topic: 'orders', partition: 0, offset: 1, timestampMs: Date.now() }])
    cluster.appendBatch('__consumer_offsets', cluster.offsetsPartitionOf(group), records)
  }

  /** A kafka thread that has caught up; its rounds come every 100 ms. */
  async function begin(): Promise<KafkaFixture> {
    const { servers } = simulator
    const started = new KafkaFixture({
      shards: 2,
      clusters: [clusterSettings(servers, { groupsReaperRefreshSeconds: 0.1 })],
      consumers: [consumerSettings(servers)]
    })
    fixture = started
    await waitFor(() => started.isCaughtUp(), 'catching up')
    return started
  }
  const unlisted = ({ messages }: KafkaFixture) =>
    messages.filter((message): message is UnlistedGroups => message.kind === 'unlisted-groups')
  const rounds = (of: KafkaFixture) => of.count('reaper_rounds')
  const failures = (of: KafkaFixture) => of.count('reaper_rounds_failed')
  const gone = Array.from({ length: 8 }, (_, i) => `gone-${i}`)

  it('are told to main, whatever broker would have coordinated them, with the self-report', async () => {
    const started = await begin()
    const before = rounds(started)
    await waitFor(() => rounds(started) >= before + 2, 'a round that began after all was read')
    expect([...(unlisted(started).at(-1)?.groups ?? [])].sort()).to.deep.equal(['burrow-local', ...gone])
    expect(failures(started)).to.equal(0)
  })

  for (const [what, strike] of [
    [
      'a broker says that it is loading',
      (s: Simulator) => s.faults.add({ api: 'ListGroups', broker: 2, effect: { kind: 'error', code: 14 } })
    ],
    [
      'a broker closes the connection',
      (s: Simulator) => s.faults.add({ api: 'ListGroups', broker: 2, effect: { kind: 'disconnect' } })
    ],
    [
      'a broker never answers',
      (s: Simulator) => s.faults.add({ api: 'ListGroups', broker: 2, effect: { kind: 'blackHole' } })
    ],
    [
      'a broker answers nonsense',
      (s: Simulator) => s.faults.add({ api: 'ListGroups', broker: 2, effect: { kind: 'garbage' } })
    ],
    [
      'a partition of the offsets topic has no leader',
      (s: Simulator) => s.cluster.moveLeader('__consumer_offsets', 3, -1)
    ],
    ['the login may not describe the cluster', (s: Simulator) => withdrawRights(s.cluster)]
  ] as const) {
    it(`are not told when ${what}, and are when that is over`, async () => {
      const { operations } = simulator.cluster
      strike(simulator)
      const started = new KafkaFixture({
        shards: 2,
        clusters: [clusterSettings(simulator.servers, { groupsReaperRefreshSeconds: 0.1 })],
        consumers: []
      })
      fixture = started
      for (const shard of started.shards) shard.groups.set(`gone-${shard.shard}`, new Map())
      await waitFor(() => failures(started) >= 2, 'rounds that fail', 20_000)
      expect(unlisted(started)).to.deep.equal([])
      expect(rounds(started)).to.equal(0)
      simulator.faults.clear()
      simulator.cluster.operations = operations
      simulator.cluster.moveLeader('__consumer_offsets', 3, 1)
      await waitFor(() => unlisted(started).length > 0, 'a round that does not', 20_000)
      expect([...unlisted(started)[0]!.groups].sort()).to.deep.equal(['gone-0', 'gone-1'])
    })
  }

  it('are not told when the right to describe the cluster is withdrawn while they are listed', async () => {
    const { faults, cluster } = simulator
    faults.strike = api => {
      if (api === 'ListGroups') withdrawRights(cluster)
      return undefined
    }
    const started = new KafkaFixture({
      shards: 2,
      clusters: [clusterSettings(simulator.servers, { groupsReaperRefreshSeconds: 0.1 })],
      consumers: []
    })
    fixture = started
    for (const shard of started.shards) shard.groups.set(`gone-${shard.shard}`, new Map())
    await waitFor(() => failures(started) > 0, 'the round that fails')
    expect(unlisted(started)).to.deep.equal([])
    expect(rounds(started)).to.equal(0)
  })

  it('are not told when a coordinator moved between two answers', async () => {
    const started = await begin()
    const seen = unlisted(started).length
    let leader = 1
    const mover = setInterval(() => {
      leader = (leader % 3) + 1
      simulator.cluster.moveLeader('__consumer_offsets', 0, leader)
    }, 1)
    simulator.faults.add({ api: 'ListGroups', broker: 3, effect: { kind: 'delay', delayMs: 50 } })
    try {
      const before = failures(started)
      await waitFor(() => failures(started) >= before + 2, 'rounds that fail')
    } finally {
      clearInterval(mover)
    }
    expect(unlisted(started).length).to.be.at.most(seen + 1) // one may have been under way
  })
})
