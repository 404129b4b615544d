import { expect } from 'chai'
import type { KafkaVersion } from '../support/kafka-jars.ts'
import type { Program } from '../support/program.ts'
import { waitFor } from '../support/wait-for.ts'
import { expectSame } from './compare-answers.ts'
import { type JsonTree, memberOf } from './json-tree.ts'
import { clusterQuestions, metricsQuestion, type Question } from './questions.ts'
import type { Surroundings } from './surroundings.ts'

const seenBoundMs = 30_000

/** Burrow and ours, started with one file on one Kafka. */
export interface SideBySide extends Surroundings {
  readonly version: KafkaVersion
  /** Burrow first. */
  readonly programs: readonly [Program, Program]
  readonly clusters: readonly string[]
}

/** Asks both about some groups (and all lists and series with them). Resolves to Burrow's answers by request. */
export function sameOf(
  side: SideBySide,
  groups: readonly string[],
  topics: readonly string[] = []
): Promise<Map<string, JsonTree>> {
  const questions = side.clusters.flatMap(cluster => clusterQuestions(cluster, topics, groups))
  return sameAnswers(side, [...questions, metricsQuestion])
}

export function sameAnswers({ programs }: SideBySide, questions: readonly Question[]): Promise<Map<string, JsonTree>> {
  return expectSame({ burrow: programs[0].address, ours: programs[1].address }, questions)
}

/** Waits until `holds` for both. */
export async function both(
  side: Pick<SideBySide, 'programs'>,
  what: string,
  holds: (program: Program) => Promise<boolean>
): Promise<void> {
  const hold = async () => (await Promise.all(side.programs.map(holds))).every(Boolean)
  await waitFor(hold, what, seenBoundMs)
}

/** Every status that Burrow gave a group and a partition in some answers, so that a scenario is what it says it is. */
export function expectStatuses(
  answers: ReadonlyMap<string, JsonTree>,
  groups: readonly string[],
  partitions: readonly string[]
): void {
  const [ofGroups, ofPartitions] = [new Set<string>(), new Set<string>()]
  for (const answer of answers.values()) {
    const status = memberOf(answer, 'body', 'status')
    const text = memberOf(status, 'status')?.raw
    if (text !== undefined) ofGroups.add(JSON.parse(text))
    const list = memberOf(status, 'partitions')
    for (const item of list?.kind === 'array' ? list.items : []) {
      ofPartitions.add(JSON.parse(memberOf(item, 'status')?.raw ?? 'null'))
    }
  }
  expect([...ofGroups]).to.include.members(groups)
  expect([...ofPartitions]).to.include.members(partitions)
}
