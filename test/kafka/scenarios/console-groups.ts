import { expect } from 'chai'
import { groupDetail, groupStatus } from '../../support/burrow-api.ts'
import type { Child } from '../../support/child-process.ts'
import type { KafkaClient } from '../../support/kafka-client.ts'
import { linesRead, produceLines, startConsoleConsumer } from '../../support/kafka-tools.ts'
import { ours, Program } from '../../support/program.ts'
import { waitFor } from '../../support/wait-for.ts'
import type { Suite } from '../suite.ts'
import { isBurrow, isOurs, localCluster, soon } from '../suite.ts'

const topic = 'console'
const group = 'console-readers'
const records = 40

/** Kafka's own console clients, from join to leaving. */
export function consoleGroups(suite: () => Suite): void {
  describe('a group of console consumers', () => {
    let consumers: Child[] = []

    before(async () => {
      const { kafka, client } = suite()
      await client.createTopic(topic, 2)
      const lines = Array.from({ length: records / 2 }, (_, index) => `line ${index}`)
      await produceLines(kafka, topic, lines)
      // The console producer may put all of them into one partition; this is for the other.
      for (const partition of [0, 1]) await client.produce(topic, partition, records / 4)
      consumers = [await startConsoleConsumer(kafka, { topic, group, clientId: 'reader-a' })]
      await linesRead(consumers[0]!, records)
    })
    after(async () => {
      for (const consumer of consumers) await consumer.stop('SIGKILL', 5000)
    })

    it('has a status, a window up to the end and owners', async () => {
      const { client, programs } = suite()
      const look = async (program: Program) => {
        const status = await groupStatus(program, 'local', group)
        expect(status).to.include({ status: 'OK', totallag: 0, partition_count: 2 })
        const partitions = (await groupDetail(program, 'local', group))?.[topic] ?? []
        expect(partitions.map(each => [each.owner, each.client_id])).to.deep.equal([
          ['/127.0.0.1', 'reader-a'],
          ['/127.0.0.1', 'reader-a']
        ])
        const newest = partitions.map(each => each.offsets.at(-1)?.offset ?? 0)
        expect(newest[0]! + newest[1]!).to.equal(records)
      }
      await soon(programs.filter(isOurs), 'a caught up group with owners', look)
      // Burrow forgets owners that are asked for before the first commit is there (spec 09, B7).
      await waitFor(
        async () => (await committedTotal(client, topic, group)) === records,
        'commits up to the end',
        20_000
      )
      await soon(programs.filter(isBurrow), 'a caught up group with owners', look)
    })

    it('loses its owners when the consumer leaves, and stops when lag comes', async () => {
      await consumers.pop()?.stop('SIGTERM', 10_000)
      await soon(suite().programs, 'no owners', async program => {
        const partitions = (await groupDetail(program, 'local', group))?.[topic] ?? []
        expect(partitions.map(each => each.owner + each.client_id)).to.deep.equal(['', ''])
      })
      await suite().client.produce(topic, 1, 25)
      await soon(suite().programs, 'STOP', async program => {
        const { status, partitions, totallag } = await groupStatus(program, 'local', group)
        expect({ status, totallag }).to.deep.equal({ status: 'ERR', totallag: 25 })
        expect(partitions.map(each => [each.topic, each.partition, each.status, each.current_lag])).to.deep.equal([
          [topic, 1, 'STOP', 25]
        ])
      })
    })
  })
}

/** With Burrow's own default times but for the refresh, so that waiting for one is told from waiting for none. */
const refreshSeconds = 4

/** How soon what console consumers commit is answered for: groups from before the start, and one that comes later. */
export function consoleGroupsInTime(suite: () => Suite): void {
  describe('statuses of console consumers within two offset refreshes', () => {
    const early = { topic: 'early', group: 'early-readers' }
    const late = { topic: 'late', group: 'late-readers' }
    const consumers: Child[] = []
    let program: Program

    const commitAll = async ({ topic, group }: typeof early) => {
      const { kafka, client } = suite()
      await client.createTopic(topic, 2)
      for (const partition of [0, 1]) await client.produce(topic, partition, records / 2)
      const consumer = await startConsoleConsumer(kafka, { topic, group, clientId: group })
      consumers.push(consumer)
      await linesRead(consumer, records)
      await waitFor(
        async () => (await committedTotal(client, topic, group)) === records,
        'commits up to the end',
        20_000
      )
    }
    const answeredFor = async (group: string) => {
      const { status, totallag, partition_count } = await groupStatus(program, 'local', group)
      return status === 'OK' && totallag === 0 && partition_count === 2
    }
    after(async () => {
      for (const consumer of consumers) await consumer.stop('SIGKILL', 5000)
      await program?.kill()
    })

    it('from the start of the program', async () => {
      await commitAll(early)
      const config = {
        clusters: [localCluster(suite().kafka)],
        offsetRefreshSeconds: refreshSeconds,
        topicRefreshSeconds: 60
      }
      program = await Program.start(ours, config)
      await waitFor(() => answeredFor(early.group), 'the status of a group with history', 2 * refreshSeconds * 1000)
    })

    it('from the first commits of a new group on a new topic', async () => {
      await commitAll(late)
      await waitFor(() => answeredFor(late.group), 'the status of a new group', 2 * refreshSeconds * 1000)
    })
  })
}

async function committedTotal(client: KafkaClient, topic: string, group: string): Promise<number> {
  const topics = await (await client.admin()).fetchOffsets({ groupId: group, topics: [topic] })
  const offsets = topics.flatMap(each => each.partitions.map(({ offset }) => Math.max(0, Number(offset))))
  return offsets.reduce((sum, offset) => sum + offset, 0)
}
