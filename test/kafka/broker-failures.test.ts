import { expect } from 'chai'
import { groupDetail, groupNames, groupStatus, windowOffsets } from '../support/burrow-api.ts'
import type { OffsetsCodecName } from '../support/kafka-broker.ts'
import { KafkaCluster, OffsetsCodec } from '../support/kafka-broker.ts'
import { KafkaClient } from '../support/kafka-client.ts'
import { ours, Program } from '../support/program.ts'
import { needKafka, readyForCommits, soon, suiteBoundMs } from './suite.ts'

const topic = 'orders'
const partitions = Array.from({ length: 20 }, (_, index) => index)
const groups = ['failing-a', 'failing-b', 'failing-c']
const longMetadata = 'm'.repeat(300)
const lives: readonly { readonly codec: OffsetsCodecName; readonly end: 'stopped' | 'killed' }[] = [
  { codec: 'none', end: 'stopped' },
  { codec: 'gzip', end: 'killed' },
  { codec: 'snappy', end: 'stopped' },
  { codec: 'lz4', end: 'killed' },
  { codec: 'zstd', end: 'stopped' }
]

/**
 * One cluster that is always there, and one that is not there at first, then comes, and goes and comes with another codec for
 * its offsets topic each time. Only ours: Burrow ends when a cluster cannot be reached at its start.
 */
describe('brokers that fail', function () {
  this.timeout(suiteBoundMs)
  this.slow(60_000)
  let steady: KafkaCluster
  let frail: KafkaCluster
  let steadyClient: KafkaClient
  let frailClient: KafkaClient
  let program: Program
  const started: { destroy(): Promise<void> }[] = []

  before(async function () {
    await needKafka(this, '4.2.0')
    steady = await KafkaCluster.start({ version: '4.2.0' })
    started.push(steady)
    steadyClient = new KafkaClient(steady.servers)
    await readyForCommits(steadyClient)
    frail = await KafkaCluster.prepare({ version: '4.2.0' })
    started.push(frail)
    frailClient = new KafkaClient(frail.servers)
    const clusters = [
      { name: 'steady', servers: steady.servers },
      { name: 'frail', servers: frail.servers }
    ]
    program = await Program.start(ours, { clusters, intervals: lives.length + 1 })
  })
  after(async () => {
    await program?.kill()
    await Promise.all([steadyClient?.close(), frailClient?.close()])
    await Promise.all(started.map(each => each.destroy()))
  })

  it('a cluster that is not there harms no other', async () => {
    await steadyIsFollowed(1)
    expect((await program.get('/v3/kafka/frail')).status).to.equal(200)
    expect(await groupNames(program, 'frail')).to.deep.equal([])
  })

  for (const [life, { codec, end }] of lives.entries()) {
    it(`commits in ${codec} batches arrive${life > 0 ? ` after the broker was ${lives[life - 1]!.end}` : ''}`, async () => {
      const node = frail.nodes[0]!
      node.launch({ 'offsets.topic.compression.codec': OffsetsCodec[codec] })
      await node.ready()
      if (life === 0) await frailClient.createTopic(topic, partitions.length)
      await frailIsFollowed(life)
      await node[end === 'stopped' ? 'stop' : 'kill']()
      await steadyIsFollowed(2 + life)
    })
  }

  it('nothing was lost and nothing counted twice', async () => {
    for (const group of groups) {
      const windows = (await groupDetail(program, 'frail', group))?.[topic] ?? []
      expect(windows).to.have.lengthOf(partitions.length)
      for (const { offsets } of windows) {
        const kept = offsets.flatMap(commit => (commit ? [commit.offset] : []))
        expect(kept, group).to.deep.equal(lives.map((_, life) => life + 1))
        for (const commit of offsets) {
          if (commit) expect(Date.now() - commit.timestamp).to.be.within(0, suiteBoundMs * 2)
        }
      }
    }
  })

  it('the program stops cleanly while a cluster is away', async () => {
    expect(await program.stop()).to.deep.equal({ code: 0, signal: null })
  })

  async function frailIsFollowed(life: number): Promise<void> {
    for (const partition of partitions) await frailClient.produce(topic, partition, 10)
    const offset = life + 1
    const committed = partitions.map(partition => ({ partition, offset, metadata: longMetadata }))
    for (const group of groups) await frailClient.commit({ group, topics: [{ topic, partitions: committed }] })
    const totallag = partitions.length * (10 * offset - offset)
    await soon([program], `life ${life} of the frail cluster`, async () => {
      for (const group of groups) {
        expect((await windowOffsets(program, 'frail', group, topic, 19))?.at(-1)).to.equal(offset)
        const status = await groupStatus(program, 'frail', group)
        expect(status).to.include({ totallag, partition_count: partitions.length })
      }
    })
  }

  async function steadyIsFollowed(offset: number): Promise<void> {
    await steadyClient.produce('warm-up', 0, 1)
    await steadyClient.commitOffset('steady-readers', 'warm-up', 0, offset)
    await soon([program], 'a commit in the steady cluster', async () => {
      expect((await windowOffsets(program, 'steady', 'steady-readers', 'warm-up', 0))?.at(-1)).to.equal(offset)
    })
  }
})
