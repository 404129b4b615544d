import { expect } from 'chai'
import { endOffsets, groupStatus, windowOffsets } from '../support/burrow-api.ts'
import type { KafkaNode } from '../support/kafka-broker.ts'
import { runTool } from '../support/kafka-tools.ts'
import { waitFor } from '../support/wait-for.ts'
import { knownEnds, soon, suiteBoundMs, useKafka } from './suite.ts'

const topic = 'moving'
const partitions = [0, 1, 2]
const groups = Array.from({ length: 6 }, (_, index) => `moving-${index}`)
const leaderBoundMs = 40_000

describe('the program against three brokers', function () {
  this.timeout(suiteBoundMs)
  this.slow(60_000)
  const settings = { 'auto.leader.rebalance.enable': 'false' }
  const suite = useKafka({ version: '4.2.0', brokers: 3, offsetsPartitions: 6, settings }, { intervals: 5 })
  let end = 0
  let offset = 0

  before(async () => {
    await suite().client.createTopic(topic, partitions.length, 3)
    await everyoneCommits()
  })

  it('follows the leaders of topics and of offsets when a broker stops, and back', async () => {
    const stopped = await leaderOfMuch()
    await stopped.stop()
    await everyoneCommits()
    stopped.launch()
    await stopped.ready(3)
  })

  it('follows them when a broker is killed, and back', async () => {
    const killed = await leaderOfMuch()
    await killed.kill()
    await everyoneCommits()
    killed.launch()
    await killed.ready(3)
  })

  it('follows an election among brokers that are all there', async () => {
    const { kafka } = suite()
    const before = await leaders()
    await inSync()
    await runTool(kafka, 'leader-election', ['--election-type', 'PREFERRED', '--all-topic-partitions'])
    expect(await leaders(), 'the election was to move a leader').not.to.deep.equal(before)
    await everyoneCommits()
  })

  it('has lost nothing on the way', async () => {
    await soon(suite().programs, 'whole windows', async program => {
      for (const group of groups) {
        for (const partition of partitions) {
          expect(await windowOffsets(program, 'local', group, topic, partition)).to.deep.equal([1, 2, 3, 4])
        }
      }
    })
  })

  /** Ten records more in every partition, one commit more by every group, and the programs see both. */
  async function everyoneCommits(): Promise<void> {
    const { client, programs } = suite()
    end += 10
    offset += 1
    for (const partition of partitions) await client.produce(topic, partition, 10)
    await knownEnds(
      programs,
      topic,
      partitions.map(() => end)
    )
    for (const group of groups) {
      await client.commit({
        group,
        topics: [{ topic, partitions: partitions.map(partition => ({ partition, offset })) }]
      })
    }
    await soon(programs, `commit ${offset} of every group`, async program => {
      expect(await endOffsets(program, 'local', topic)).to.deep.equal(partitions.map(() => end))
      for (const group of groups) {
        const { totallag, partition_count } = await groupStatus(program, 'local', group)
        expect({ totallag, partition_count }).to.deep.equal({ totallag: 3 * (end - offset), partition_count: 3 })
        expect((await windowOffsets(program, 'local', group, topic, 2))?.at(-1)).to.equal(offset)
      }
    })
  }

  /** The broker that has the first group's offsets. Some topic partition is led by it as well, unless it has just come back. */
  async function leaderOfMuch(): Promise<KafkaNode> {
    const { kafka, client } = suite()
    const server = await client.coordinatorOf(groups[0]!)
    const node = kafka.nodes.find(each => each.server === server)
    expect(node, server).not.to.equal(undefined)
    return node!
  }

  async function metadata() {
    const admin = await suite().client.admin()
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic, '__consumer_offsets'] })
    return topics.flatMap(each => each.partitions)
  }

  async function leaders(): Promise<number[]> {
    return (await metadata()).map(each => each.leader)
  }

  async function inSync(): Promise<void> {
    const all = async () => (await metadata()).every(each => each.isr.length === 3)
    await waitFor(all, 'every replica in sync', leaderBoundMs)
  }
})
