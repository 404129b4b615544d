import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { kafkaJars } from '../support/kafka-jars.ts'
import { produceLines, runTool, startConsoleConsumer } from '../support/kafka-tools.ts'
import { waitFor } from '../support/wait-for.ts'

const version = '4.1.1'
const boundMs = 120_000
const joinBoundMs = 30_000

/** Kafka's own Java clients take the newest version of each API, and so the flexible forms that kafkajs never speaks. */
describe('simulator: the tools of Kafka itself', function () {
  this.timeout(boundMs)
  let simulator: Simulator
  before(async function () {
    try {
      await kafkaJars(version)
    } catch (error) {
      if (process.env.CI === 'true') throw error
      console.error(`\n!!! THE SIMULATOR IS NOT TRIED WITH KAFKA'S TOOLS: ${error} !!!\n`)
      this.skip()
    }
    simulator = await startSimulator({ brokers: 2, offsetsPartitions: 3 })
  })
  after(() => simulator?.stop())

  it('create and describe topics, produce, and consume in a group of two', async () => {
    const target = { version, servers: simulator.servers } as const
    await runTool(target, 'topics', ['--create', '--topic', 'jt', '--partitions', '4'])
    expect(await runTool(target, 'topics', ['--describe', '--topic', 'jt'])).to.match(/Partition: 3\s+Leader: 2/)
    await produceLines(target, 'jt', ['a', 'b', 'c'])

    const read = (clientId: string) => startConsoleConsumer(target, { topic: 'jt', group: 'jg', clientId })
    const consumers = await Promise.all([read('one'), read('two')])
    const group = () => simulator.cluster.groups.find('jg')
    try {
      await waitFor(() => group()?.state === 'Stable' && group()?.members.size === 2, 'a group of two', joinBoundMs)
      await waitFor(
        () =>
          consumers
            .map(each => each.stdout)
            .join('')
            .split('\n').length > 3,
        'the records',
        joinBoundMs
      )
      expect(
        consumers
          .flatMap(each => each.stdout.trim().split(/\s+/))
          .filter(Boolean)
          .sort()
      ).to.deep.equal(['a', 'b', 'c'])
      const members = await runTool(target, 'consumer-groups', ['--describe', '--members', '--group', 'jg'])
      expect(members)
        .to.match(/\bone\b.*\s2\s/)
        .and.to.match(/\btwo\b.*\s2\s/)
    } finally {
      await Promise.all(consumers.map(each => each.stop('SIGTERM', 10_000)))
    }

    await waitFor(() => group()?.state === 'Empty', 'an empty group', joinBoundMs)
    expect(await runTool(target, 'consumer-groups', ['--list', '--state'])).to.match(/jg\s+Empty/)
    const lags = await runTool(target, 'consumer-groups', ['--describe', '--group', 'jg'])
    const ends = [0, 1, 2, 3].map(index => simulator.cluster.endOffset('jt', index))
    for (const [index, end] of ends.entries())
      expect(lags).to.match(new RegExp(`jt\\s+${index}\\s+${end}\\s+${end}\\s+0\\s`))
  })

  it('set offsets back, and delete groups and topics', async () => {
    const target = { version, servers: simulator.servers } as const
    simulator.cluster.createTopic('old', 1)
    simulator.cluster.produce('old', 0, [{ key: null, value: Buffer.from('x'), timestampMs: 5 }])
    simulator.cluster.commit('old-group', 'old', 0, 1)
    const back = ['--reset-offsets', '--to-earliest', '--topic', 'old', '--group', 'old-group', '--execute']
    await runTool(target, 'consumer-groups', back)
    expect(simulator.cluster.groups.find('old-group')?.offsetsByTopic.get('old')?.get(0)?.offset).to.equal(0)
    await runTool(target, 'consumer-groups', ['--delete', '--group', 'old-group'])
    expect(simulator.cluster.groups.find('old-group')).to.equal(undefined)
    await runTool(target, 'topics', ['--delete', '--topic', 'old'])
    expect(simulator.cluster.topic('old')).to.equal(undefined)
  })
})
