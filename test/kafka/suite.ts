import { expect } from 'chai'
import { messageOf } from '../../shared/errors.ts'
import { endOffsets } from '../support/burrow-api.ts'
import type { ClusterOptions } from '../support/kafka-broker.ts'
import { KafkaCluster } from '../support/kafka-broker.ts'
import { KafkaClient } from '../support/kafka-client.ts'
import type { KafkaVersion } from '../support/kafka-jars.ts'
import { kafkaJars } from '../support/kafka-jars.ts'
import type { ProgramFile, ProgramKind } from '../support/program.ts'
import { burrowReference, ours, Program } from '../support/program.ts'
import type { ProgramConfig } from '../support/program-config.ts'
import { waitFor } from '../support/wait-for.ts'

export const suiteBoundMs = 180_000
const soonBoundMs = 25_000
const told = new Set<string>()

/** What a suite has while its tests run. */
export interface Suite {
  readonly kafka: KafkaCluster
  readonly client: KafkaClient
  /** Every program that runs with the suite's configuration: ours, and Burrow beside it where it can be had. */
  readonly programs: readonly Program[]
}

/**
 * Every program a scenario is to hold for. Ours and the reference; PROGRAM_UNDER_TEST=burrow or =ours leaves the other out
 * (`burrow` is how the scenarios themselves are checked).
 */
export function programKinds(): readonly ProgramKind[] {
  const reference = burrowReference()
  const only = process.env.PROGRAM_UNDER_TEST
  if (!reference) tellOnce('BURROW REFERENCE NOT FOUND (BURROW_REFERENCE): nothing is compared side by side')
  const kinds = reference ? [ours, reference] : [ours]
  return only ? kinds.filter(kind => kind.name === only) : kinds
}

/** The tier needs Java, Maven and a package registry once. Without them it is skipped with one loud line; in CI it fails. */
export async function needKafka(context: Mocha.Context, ...versions: readonly KafkaVersion[]): Promise<void> {
  try {
    for (const version of versions) await kafkaJars(version)
  } catch (error) {
    if (process.env.CI === 'true') throw error
    tellOnce(`KAFKA TIER SKIPPED: ${messageOf(error)}`)
    context.skip()
  }
}

/** Starts every program on one cluster named `local` for all tests of the enclosing `describe`. */
export function useKafka(options: ClusterOptions, config: Partial<ProgramConfig> = {}): () => Suite {
  let cluster: KafkaCluster | undefined
  let client: KafkaClient | undefined
  const programs: Program[] = []
  before(async function () {
    this.timeout(suiteBoundMs)
    await needKafka(this, options.version)
    cluster = await KafkaCluster.start(options)
    client = new KafkaClient(cluster.servers)
    await readyForCommits(client)
    for (const kind of programKinds())
      programs.push(await startReady(kind, { clusters: [localCluster(cluster)], ...config }))
  })
  after(async function () {
    this.timeout(suiteBoundMs)
    await Promise.all(programs.map(program => program.kill()))
    await client?.close()
    await cluster?.destroy()
  })
  return () => {
    if (!cluster || !client) throw new Error('the suite has not started')
    return { kafka: cluster, client, programs }
  }
}

/** For what Burrow does otherwise and we chose to do better (spec 09, Decisions). */
export const isOurs = (program: Program): boolean => program.kind.name === 'ours'
export const isBurrow = (program: Program): boolean => program.kind.name === 'burrow'

export function localCluster(kafka: KafkaCluster) {
  return { name: 'local', servers: kafka.servers }
}

/** A started program that says it is ready: it has opened the offsets topic. */
export async function startReady(kind: ProgramKind, config: ProgramFile): Promise<Program> {
  const program = await Program.start(kind, config)
  await soon([program], 'readiness', async () => {
    const { ready } = await readiness(program)
    if (!ready) throw new Error('not ready')
  })
  return program
}

async function readiness(program: Program): Promise<{ ready: boolean }> {
  return { ready: (await program.getText('/burrow/admin/ready')) === 'READY' }
}

/**
 * Runs `look` for every program again and again until it does not throw. Fails with what it threw last and with what the
 * program said.
 */
export async function soon(
  programs: readonly Program[],
  what: string,
  look: (program: Program) => Promise<void>,
  boundMs = soonBoundMs
): Promise<void> {
  await Promise.all(
    programs.map(async program => {
      const holds = async () => {
        await look(program)
        return true
      }
      try {
        await waitFor(holds, `${what} (${program.kind.name})`, boundMs)
      } catch (error) {
        throw new Error(`${messageOf(error)}\n${program.child.said()}`)
      }
    })
  )
}

/**
 * Waits until every program has the end offsets of a topic. What is committed before that, Burrow drops, and what is
 * committed later has the same lag in every program.
 */
export async function knownEnds(
  programs: readonly Program[],
  topic: string,
  ends: readonly number[],
  cluster = 'local'
): Promise<void> {
  await soon(programs, `the end offsets of ${topic} in ${cluster}`, async program => {
    expect(await endOffsets(program, cluster, topic)).to.deep.equal(ends)
  })
}

/** The offsets topic is made when somebody first asks for a coordinator; a program that starts before has nothing to open. */
export async function readyForCommits(client: KafkaClient): Promise<void> {
  await client.createTopic('warm-up')
  await client.commitOffset('warm-up', 'warm-up', 0, 0)
}

export function tellOnce(line: string): void {
  if (told.has(line)) return
  told.add(line)
  console.error(`\n!!! ${line} !!!\n`)
}
