import { existsSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { parseArgs } from 'node:util'
import { offsetsPartitionOf } from '../../shared/kafka-api/offsets-partition.ts'
import { KafkaCluster } from '../../test/support/kafka-broker.ts'
import { KafkaClient } from '../../test/support/kafka-client.ts'
import { type KafkaVersion, kafkaVersions } from '../../test/support/kafka-jars.ts'
import type { ProgramKind } from '../../test/support/program.ts'
import { burrowReference, ours } from '../../test/support/program.ts'
import { waitFor } from '../../test/support/wait-for.ts'
import { ZookeeperServer } from '../../test/support/zookeeper-server.ts'
import { groupName, shapeEndingAt, totalCommits } from './backlog-shape.ts'
import { commitRound, lastGroups, writeCommits, writeTopics } from './backlog-writer.ts'
import type { RunResult } from './measure-run.ts'
import { measureRun } from './measure-run.ts'
import { ratios, reportTable } from './report.ts'

/**
 * Catching up with a backlog of commits, ours and Burrow in turn on one Kafka: see bench/README.md. Without arguments this is
 * the canonical load.
 */
const { values } = parseArgs({
  options: {
    groups: { type: 'string', default: '2000' },
    partitions: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '10' },
    topics: { type: 'string', default: '10' },
    'real-rounds': { type: 'string', default: '0' },
    'offsets-partitions': { type: 'string', default: '50' },
    runs: { type: 'string', default: '3' },
    kafka: { type: 'string', default: '4.2.0' },
    only: { type: 'string', default: '' },
    json: { type: 'string', default: '' },
    'node-option': { type: 'string', multiple: true, default: [] }
  }
})
const kafkaVersion = kafkaVersionOf(values.kafka)
const number = (name: Exclude<keyof typeof values, 'node-option' | 'only' | 'json' | 'kafka'>): number => {
  const value = Number(values[name])
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a whole number`)
  return value
}
const say = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`)

const sizes = { groups: number('groups'), partitions: number('partitions'), rounds: number('rounds') }
const shape = shapeEndingAt(Date.now(), { ...sizes, topics: number('topics') })
const offsetsPartitions = number('offsets-partitions')
const bulkRounds = Math.max(0, shape.rounds - number('real-rounds'))
const programs = programsToRun()

const kafka = await KafkaCluster.start({
  version: kafkaVersion,
  offsetsPartitions,
  heapMb: 1024,
  // The backlog has to stay: no compaction under it.
  settings: { 'log.cleaner.enable': 'false' }
})
const client = new KafkaClient(kafka.servers)
const zookeeper = programs.some(({ name }) => name === 'burrow-1.2.1') ? await ZookeeperServer.start() : undefined
const runs: RunResult[] = []
try {
  const server = kafka.servers[0]!
  await writeBacklog(server)
  const target = {
    servers: kafka.servers,
    shape,
    ...(zookeeper ? { zookeeper: zookeeper.server } : {}),
    lastGroups: lastGroups(shape, offsetsPartitions),
    brokerTimeFromRound: bulkRounds
  }
  for (let run = 0; run < number('runs'); run++) {
    // In turn, and the other first the next time: neither is always the one that finds the caches warm.
    for (const kind of run % 2 === 0 ? programs : [...programs].reverse()) {
      const result = await measureRun(kind, target, values['node-option'])
      const { checked, wrong, firstWrong } = result.windows
      say(`run ${run + 1} ${kind.name}: ${result.wallSeconds.toFixed(2)} s, ${checked} windows, ${wrong} wrong`)
      if (firstWrong) say(`  first wrong one: ${firstWrong}`)
      runs.push(result)
    }
  }
} finally {
  await client.close()
  await kafka.destroy()
  await zookeeper?.destroy()
}
report()
// What is fast and wrong is no result. Burrow loses some first commits at its start (spec 09, B12): counted, not refused.
if (runs.some(run => run.program === ours.name && run.windows.wrong > 0)) process.exitCode = 1

function programsToRun(): ProgramKind[] {
  const reference = burrowReference()
  if (!reference) say('BURROW 1.9.5 NOT FOUND (BURROW_REFERENCE): left out')
  const older = olderBurrow()
  if (!older) say('BURROW 1.2.1 NOT FOUND (BURROW_1_2, or the Debian package burrow): left out')
  // It speaks no protocol that Kafka 4 still takes.
  const older39 = kafkaVersion === '3.9.1' ? older : undefined
  return [reference, older39, ours]
    .filter(kind => kind !== undefined)
    .filter(kind => !values.only || kind.name === values.only)
}

/** Debian's package. */
function olderBurrow(): ProgramKind | undefined {
  const command = process.env.BURROW_1_2 ?? '/usr/bin/Burrow'
  return existsSync(command) ? { name: 'burrow-1.2.1', command, args: [] } : undefined
}

function kafkaVersionOf(text: string): KafkaVersion {
  const version = kafkaVersions.find(each => each === text)
  if (!version) throw new Error(`--kafka takes one of ${kafkaVersions.join(', ')}`)
  return version
}

async function writeBacklog(server: string): Promise<void> {
  const startMs = performance.now()
  await writeTopics(client, server, shape)
  await everyCoordinatorLoaded()
  await writeCommits(server, shape, offsetsPartitions, [0, bulkRounds])
  const seconds = () => ((performance.now() - startMs) / 1000).toFixed(1)
  say(
    `${totalCommits({ ...shape, rounds: bulkRounds })} commits written straight into the offsets topic, ${seconds()} s`
  )
  if (bulkRounds === shape.rounds) return
  let requests = 0
  for (let round = bulkRounds; round < shape.rounds; round++) requests += await commitRound(client, shape, round)
  say(`${requests * shape.partitions} commits made by ${requests} OffsetCommit requests, ${seconds()} s`)
}

/** The offsets topic is made when somebody asks for it, and each of its partitions answers when it has been loaded. */
async function everyCoordinatorLoaded(): Promise<void> {
  const seen = new Set<number>()
  const admin = await client.admin()
  for (let group = 0; seen.size < offsetsPartitions && group < shape.groups; group++) {
    const groupId = groupName(group)
    const partition = offsetsPartitionOf(groupId, offsetsPartitions)
    if (seen.has(partition)) continue
    seen.add(partition)
    await waitFor(() => admin.fetchOffsets({ groupId }), `the coordinator of offsets partition ${partition}`, 30_000)
  }
}

function report(): void {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, kernel: release(), node: process.version }
  const commits = totalCommits(shape)
  console.log(`${commits} commits: ${shape.groups} groups x ${shape.partitions} partitions x ${shape.rounds} rounds`)
  console.log(`Kafka ${kafkaVersion}, Node ${process.version}, ${machine.cores} x ${machine.cpu}\n`)
  console.log(reportTable(runs))
  for (const reference of ['burrow', 'burrow-1.2.1']) {
    const compared = ratios(runs, 'ours', reference)
    if (compared) console.log(`\n${compared}`)
  }
  const result = { date: new Date().toISOString(), kafkaVersion, machine, options: values, commits, runs }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`)
  else console.log(`\n${JSON.stringify(result)}`)
}
