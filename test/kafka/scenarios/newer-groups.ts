import { expect } from 'chai'
import { groupNames, groupStatus } from '../../support/burrow-api.ts'
import type { Child } from '../../support/child-process.ts'
import { linesRead, startConsoleConsumer, startTool } from '../../support/kafka-tools.ts'
import type { Program } from '../../support/program.ts'
import { waitFor } from '../../support/wait-for.ts'
import type { Suite } from '../suite.ts'
import { isOurs, soon } from '../suite.ts'

const topic = 'newer-groups'
const group = 'kip-848-readers'
const warningsMax = 3

/** Groups of the protocols of Kafka 4: their records are many, and no reason to warn (spec 09, E3). */
export function newerGroups(suite: () => Suite, { share }: { readonly share: boolean }): void {
  describe('groups of the newer protocols', () => {
    const clients: Child[] = []
    after(async () => {
      for (const client of clients) await client.stop('SIGKILL', 5000)
    })

    it('a KIP-848 group has the right lag, with members and without', async () => {
      const { kafka, client, programs } = suite()
      await client.createTopic(topic)
      await client.produce(topic, 0, 30)
      const properties = { 'group.protocol': 'consumer' }
      const consumer = await startConsoleConsumer(kafka, { topic, group, clientId: 'new-reader', properties })
      clients.push(consumer)
      await linesRead(consumer, 30)
      await soon(programs, 'a group without lag', async program => {
        expect(await groupStatus(program, 'local', group)).to.include({ status: 'OK', totallag: 0, partition_count: 1 })
      })
      await consumer.stop('SIGTERM', 10_000)
      await client.produce(topic, 0, 12)
      await soon(programs, 'a group with lag', async program => {
        expect(await groupStatus(program, 'local', group)).to.include({ status: 'ERR', totallag: 12 })
      })
    })

    if (share) {
      it('a share group does no harm', async () => {
        const { kafka, client, programs } = suite()
        const reader = await startTool(kafka, 'console-share-consumer', ['--topic', topic, '--group', 'sharers'])
        clients.push(reader)
        // A share group starts at the end it finds: write until it has read something.
        const reads = async () => {
          await client.produce(topic, 0, 1)
          return reader.exitStatus !== undefined || reader.stdout.includes('\n')
        }
        await waitFor(reads, 'a record at the share consumer', 40_000)
        expect(reader.exitStatus, reader.said()).to.equal(undefined)
        await reader.stop('SIGTERM', 10_000)
        await client.commitOffset('after-the-sharers', topic, 0, 1)
        await soon(programs, 'a commit after all that', async program => {
          expect(await groupNames(program, 'local')).to.include('after-the-sharers')
          expect(await groupNames(program, 'local')).not.to.include('sharers')
        })
      })
    }

    it('nothing of it is worth warnings', () => {
      for (const program of suite().programs.filter(isOurs)) {
        expect(warnings(program).length, warnings(program).join('\n')).to.be.at.most(warningsMax)
      }
    })
  })
}

function warnings(program: Program): string[] {
  return program.child.stdout
    .split('\n')
    .filter(line => /"level":"(warn|error)"/.test(line) && /decod|record/i.test(line))
}
