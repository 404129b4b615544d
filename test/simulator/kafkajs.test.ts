import { expect } from 'chai'
import { type Consumer, Kafka, logLevel } from 'kafkajs'
import { offsetsTopic } from '../../main/simulator/cluster-state.ts'
import { type Simulator, startSimulator } from '../../main/simulator/simulator.ts'
import { waitFor } from '../support/wait-for.ts'

const boundMs = 30_000

/** kafkajs was written by others against real brokers: what it can do with the simulator, the simulator does right. */
for (const brokers of [1, 3]) {
  describe(`simulator: kafkajs on ${brokers} broker${brokers > 1 ? 's' : ''}`, () => {
    let simulator: Simulator
    let kafka: Kafka
    const open: { disconnect(): Promise<void> }[] = []
    before(async () => {
      simulator = await startSimulator({ brokers, offsetsPartitions: 5 })
      kafka = new Kafka({ clientId: 'test', brokers: [...simulator.servers], logLevel: logLevel.NOTHING })
    })
    after(async () => {
      for (const each of open) await each.disconnect()
      await simulator.stop()
    })
    async function connected<T extends { connect(): Promise<void>; disconnect(): Promise<void> }>(
      client: T
    ): Promise<T> {
      await client.connect()
      open.push(client)
      return client
    }

    it('creates, describes, grows and deletes topics', async () => {
      const admin = await connected(kafka.admin())
      const topics = [{ topic: 'made', numPartitions: 4, configEntries: [{ name: 'cleanup.policy', value: 'delete' }] }]
      expect(await admin.createTopics({ topics })).to.equal(true)
      expect(await admin.createTopics({ topics })).to.equal(false)
      const { topics: described } = await admin.fetchTopicMetadata({ topics: ['made'] })
      expect(described[0]!.partitions.map(({ leader }) => (leader - 1) % brokers)).to.deep.equal(
        [0, 1, 2, 3].map(index => index % brokers)
      )
      await admin.createPartitions({ topicPartitions: [{ topic: 'made', count: 6 }] })
      simulator.cluster.setEndOffset('made', 5, 123)
      const ends = await admin.fetchTopicOffsets('made')
      expect(ends.find(({ partition }) => partition === 5)).to.include({ offset: '123', low: '123' })
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: 2, name: 'made' }]
      })
      expect(resources[0]!.configEntries).to.deep.equal([])
      await admin.deleteTopics({ topics: ['made'] })
      expect(await admin.listTopics()).to.not.include('made')
      expect((await admin.describeCluster()).brokers).to.have.length(brokers)
    })

    it('produces with and without compression, and finds records by time', async () => {
      simulator.cluster.createTopic('produced', 2)
      const producer = await connected(kafka.producer())
      const idempotent = await connected(kafka.producer({ idempotent: true }))
      for (const compression of [0, 1]) {
        await producer.send({ topic: 'produced', compression, messages: [1, 2, 3].map(key => line(key)) })
      }
      await idempotent.send({ topic: 'produced', messages: [line(4)] })
      await producer.send({ topic: 'produced', acks: 0, messages: [line(5)] })
      await waitFor(() => simulator.cluster.endOffset('produced', 1) === 8, 'the records', boundMs)
      const admin = await connected(kafka.admin())
      const [, found] = await admin.fetchTopicOffsetsByTimestamp('produced', 4000)
      expect(found?.offset).to.equal('6')

      function line(key: number) {
        return { partition: 1, key: `${key}`, value: `value ${key}`, timestamp: `${key * 1000}` }
      }
    })

    it('shares a topic between two consumers of a group, over rebalances, with commits in the offsets topic', async () => {
      simulator.cluster.createTopic('shared', 4)
      const admin = await connected(kafka.admin())
      const producer = await connected(kafka.producer())
      const seen = new Map<string, Set<string>>()
      const start = async (name: string) => {
        const consumer = await connected(
          kafka.consumer({ groupId: 'readers', heartbeatInterval: 50, maxWaitTimeInMs: 200 })
        )
        seen.set(name, new Set())
        await consumer.subscribe({ topics: ['shared'], fromBeginning: true })
        await consumer.run({
          autoCommitThreshold: 1,
          eachMessage: async ({ message }) => {
            seen.get(name)?.add(message.value?.toString() ?? '')
          }
        })
        return consumer
      }
      const send = (text: string) =>
        producer.send({
          topic: 'shared',
          messages: [0, 1, 2, 3].map(partition => ({ partition, value: `${text}${partition}` }))
        })
      const members = async () => (await admin.describeGroups(['readers'])).groups[0]

      await start('one')
      await send('a')
      await waitFor(() => seen.get('one')?.size === 4, 'all partitions at one consumer', boundMs)

      const two: Consumer = await start('two')
      await waitFor(async () => (await members())?.members.length === 2, 'two members', boundMs)
      await waitFor(async () => (await members())?.state === 'Stable', 'a stable group', boundMs)
      await send('b')
      await waitFor(
        () => [...seen.values()].flatMap(set => [...set]).filter(text => text[0] === 'b').length === 4,
        'b',
        boundMs
      )
      expect([...seen.get('two')!].filter(text => text[0] === 'b')).to.have.length(2)

      await two.stop()
      await two.disconnect()
      await send('c')
      await waitFor(
        () => [...seen.get('one')!].filter(text => text[0] === 'c').length === 4,
        'c at the one left',
        boundMs
      )
      const committed = () => admin.fetchOffsets({ groupId: 'readers', topics: ['shared'] })
      await waitFor(
        async () => (await committed())[0]?.partitions.every(({ offset }) => offset === '3'),
        'commits',
        boundMs
      )
      expect(simulator.cluster.endOffset(offsetsTopic, simulator.cluster.offsetsPartitionOf('readers'))).to.be.above(6)
      expect((await admin.listGroups()).groups).to.deep.include({ groupId: 'readers', protocolType: 'consumer' })
    })

    // kafkajs sets offsets by a consumer that waits out its fetch of five seconds: once is enough
    if (brokers > 1) return
    it('resets and deletes groups that nobody is in', async () => {
      simulator.cluster.createTopic('quiet', 1)
      const admin = await connected(kafka.admin())
      await admin.setOffsets({ groupId: 'alone', topic: 'quiet', partitions: [{ partition: 0, offset: '7' }] })
      const [topic] = await admin.fetchOffsets({ groupId: 'alone' })
      expect(topic?.partitions[0]).to.include({ partition: 0, offset: '7' })
      await admin.deleteGroups(['alone'])
      expect((await admin.listGroups()).groups.map(({ groupId }) => groupId)).to.not.include('alone')
    })
  })
}
