import { expect } from 'chai'
import { groupDetail, groupStatus } from '../../support/burrow-api.ts'
import type { Child } from '../../support/child-process.ts'
import type { KafkaClient } from '../../support/kafka-client.ts'
import { linesRead, produceLines, startConsoleConsumer } from '../../support/kafka-tools.ts'
import type { Program } from '../../support/program.ts'
import { waitFor } from '../../support/wait-for.ts'
import type { Suite } from '../suite.ts'
import { isBurrow, isOurs, soon } from '../suite.ts'

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
      await waitFor(async () => (await committedTotal(client)) === records, 'commits up to the end', 20_000)
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

async function committedTotal(client: KafkaClient): Promise<number> {
  const topics = await (await client.admin()).fetchOffsets({ groupId: group, topics: [topic] })
  const offsets = topics.flatMap(each => each.partitions.map(({ offset }) => Math.max(0, Number(offset))))
  return offsets.reduce((sum, offset) => sum + offset, 0)
}
