import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeRecordBatch } from '../../shared/codec/record-batch-writer.ts'
import { needKafka, readyForCommits, tellOnce } from '../kafka/suite.ts'
import { KafkaCluster } from '../support/kafka-broker.ts'
import { KafkaClient } from '../support/kafka-client.ts'
import type { KafkaVersion } from '../support/kafka-jars.ts'
import { produceBatches } from '../support/produce-batches.ts'
import { burrowReference, type ProgramKind } from '../support/program.ts'
import { removeTempFolder, tempFolder } from '../support/temp-folder.ts'
import { ZookeeperServer } from '../support/zookeeper-server.ts'
import { offsetsPartitions } from './backlog.ts'
import { endsByTopic } from './backlog-groups.ts'

const recordsOfBatch = 250_000
const gzip = 1

/** What both programs look at. */
export interface Surroundings {
  readonly burrow: ProgramKind
  readonly kafka: KafkaCluster
  readonly client: KafkaClient
  readonly zookeeper: ZookeeperServer | undefined
  /** A file that notifiers may have as template. */
  readonly template: string
  end(): Promise<void>
}

/** Debian's Burrow 1.2.1, where BURROW_1_2 points or the package puts it; wanted where 1.9.5 is not, or where it is asked for. */
export function olderBurrow(): ProgramKind | undefined {
  const command = process.env.BURROW_1_2 ?? '/usr/bin/Burrow'
  if (!existsSync(command) || (burrowReference() && !process.env.BURROW_1_2)) return undefined
  return { name: 'burrow', command, args: [] }
}

/** Nothing can be compared without the original; what 1.2.1 has is compared elsewhere. */
export async function needBurrow(context: Mocha.Context, ...versions: readonly KafkaVersion[]): Promise<ProgramKind> {
  const burrow = burrowReference()
  if (!burrow) {
    const older = olderBurrow()
    const line = `BURROW 1.9.5 NOT FOUND (BURROW_REFERENCE)${older ? ', ONLY 1.2.1' : ', NOR 1.2.1 (Debian: burrow)'}`
    if (process.env.CI === 'true' && !older) throw new Error(line)
    tellOnce(`SIDE BY SIDE TIER SKIPPED: ${line}`)
    context.skip()
  }
  await needKafka(context, ...versions)
  return burrow
}

/** One broker with the topics of the backlog, records in them and an offsets topic; a ZooKeeper beside it if it is wanted. */
export async function surroundings(
  burrow: ProgramKind,
  version: KafkaVersion,
  hasZookeeper: boolean
): Promise<Surroundings> {
  const folder = tempFolder('side-by-side')
  const template = join(folder, 'message.tmpl')
  writeFileSync(template, '{{ .Group }}\n')
  const [kafka, zookeeper] = await Promise.all([
    KafkaCluster.start({ version, offsetsPartitions }),
    hasZookeeper ? ZookeeperServer.start() : undefined
  ])
  const client = new KafkaClient(kafka.servers)
  await readyForCommits(client)
  const admin = await client.admin()
  const topics = Object.entries(endsByTopic)
  await admin.createTopics({ topics: topics.map(([topic, ends]) => ({ topic, numPartitions: ends.length })) })
  await fill(kafka.servers[0]!)
  const end = async () => {
    await client.close()
    await Promise.all([kafka.destroy(), zookeeper?.destroy()])
    removeTempFolder(folder)
  }
  return { burrow, kafka, client, zookeeper, template, end }
}

async function fill(server: string): Promise<void> {
  const batchByCount = new Map<number, Uint8Array>()
  await produceBatches(server, 'burrow-test', function* () {
    for (const [topic, ends] of Object.entries(endsByTopic)) {
      for (const [partition, end] of ends.entries()) {
        for (let left = end; left > 0; left -= recordsOfBatch) {
          const count = Math.min(left, recordsOfBatch)
          const batch = batchByCount.get(count) ?? manyRecords(count)
          batchByCount.set(count, batch)
          yield [{ topic, partition, batch }]
        }
      }
    }
  })
}

function manyRecords(count: number): Uint8Array {
  const record = { key: null, value: null, timestampMs: 1_700_000_000_000 }
  return encodeRecordBatch({ baseOffset: 0, records: Array<typeof record>(count).fill(record), codec: gzip })
}
