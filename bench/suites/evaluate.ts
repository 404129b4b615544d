import type { EvaluatorCoordinator } from '../../main/evaluator/evaluator-coordinator.ts'
import { Echo } from '../evaluate/echo.ts'
import { writeHistory } from '../evaluate/history.ts'
import type { InPlaceAnswer } from '../evaluate/in-place.worker.ts'
import { InPlaceThreads } from '../evaluate/in-place-threads.ts'
import {
  expectedGroup,
  groupName,
  intervals,
  kindOf,
  lagOf,
  type Mix,
  mixes,
  nowMs,
  statusOf
} from '../evaluate/mixes.ts'
import { quantile } from '../runner/statistics.ts'
import type { Case, Suite, SuiteContext } from '../runner/suite.ts'
import { mustBe, sizeOf } from '../runner/suite.ts'
import { EvaluatorThreads } from '../support/evaluator-threads.ts'
import { PackedFeeder } from '../support/packed-feeder.ts'
import { inFlight, repeated } from '../support/repeat.ts'
import { threadCounts } from '../support/thread-counts.ts'

const groupSizes = [10, 100, 1000, 10_000]
/** Questions to the pool at once; well below what it accepts. */
const inFlightMax = 1000
const idlePoolThreads = 1

type Latencies = { readonly p50: number; readonly p99: number }

/** Partitions and groups a second through the rules, and how long one group takes from ask to answer. */
export const evaluate: Suite = {
  name: 'evaluate',
  about: 'partitions and groups a second through the rules; from ask to answer',
  rounds: 2,
  // Also so that all cases have seen all mixes before any is timed: V8 compiles for what it has seen.
  warmRounds: 1,
  sizes: {
    groups: { standard: 500, tiny: 20, about: 'groups of each mix' },
    partitions: { standard: 100, tiny: 10, about: 'partitions of a group' },
    milliseconds: { standard: 100, tiny: 10, about: 'of each measurement' },
    // A p99 wants thousands of answers, and the round that is thrown away must last until V8 has compiled what asks.
    'milliseconds-asked': { standard: 400, tiny: 10, about: 'of each measurement of one question at a time' }
  },
  figures: {
    rules: { unit: 'partitions/s', better: 'more' },
    verdicts: { unit: 'groups/s', better: 'more' },
    p50: { unit: 'µs', better: 'less' },
    p99: { unit: 'µs', better: 'less' }
  },
  async prepare(context) {
    const threads = new EvaluatorThreads({ shards: 1, threads: idlePoolThreads, intervals, nowMs })
    await threads.start()
    const closers: (() => Promise<void>)[] = [() => threads.stop()]
    const close = async () => {
      for (const each of closers.toReversed()) await each()
    }
    try {
      return { cases: await prepareCases(context, threads, closers), check: () => checkAll(context, threads), close }
    } catch (error) {
      await close()
      throw error
    }
  }
}

async function prepareCases(
  context: SuiteContext,
  threads: EvaluatorThreads,
  closers: (() => Promise<void>)[]
): Promise<Case[]> {
  const groups = sizeOf(context, 'groups')
  const partitions = sizeOf(context, 'partitions')
  const feeder = new PackedFeeder(threads.storage, 1)
  for (const mix of mixes) await writeHistory(feeder, { mix, prefix: mix, groups, partitions })
  for (const size of groupSizes) {
    await writeHistory(feeder, { mix: 'healthy', prefix: `size-${size}`, groups: 1, partitions: size })
  }
  feeder.close()
  const counts: { readonly count: number; readonly inPlace: InPlaceThreads; readonly pool: EvaluatorCoordinator }[] = []
  for (const count of threadCounts(context.threads.evaluator)) {
    const inPlace = new InPlaceThreads(threads.storage, count)
    closers.push(() => inPlace.close())
    const pool = threads.createPool(count)
    pool.configure()
    await pool.start()
    closers.push(() => pool.stop())
    for (const mix of mixes) await inPlace.locate(mix, names(mix, groups))
    counts.push({ count, inPlace, pool })
  }
  const cases: Case[] = []
  for (const mix of mixes) {
    // Numbers of threads beside each other: the machine may be another one some seconds later.
    for (const { count, inPlace } of counts) cases.push(inPlaceCase(context, inPlace, count, mix))
    for (const { count, pool } of counts) cases.push(poolCase(context, pool, count, mix))
  }
  cases.push(bareMessageCase(context, closers))
  const { inPlace, pool } = counts[0]!
  for (const size of groupSizes) cases.push(...(await latencyCases(context, inPlace, pool, size)))
  return cases
}

function inPlaceCase(context: SuiteContext, threads: InPlaceThreads, count: number, mix: Mix): Case {
  const durationMs = sizeOf(context, 'milliseconds')
  return {
    name: `in place, ${mix}, ${count} ${count === 1 ? 'thread' : 'threads'}`,
    measure: async () => {
      const rules = await threads.run({ kind: 'sweep', name: mix, how: 'rules', durationMs })
      const verdicts = await threads.run({ kind: 'sweep', name: mix, how: 'groups', durationMs })
      checkSweeps(context, mix, rules, 'rules')
      checkSweeps(context, mix, verdicts, 'groups')
      return {
        rules: perSecond(rules, ({ partitions }) => partitions),
        verdicts: perSecond(verdicts, each => each.groups)
      }
    }
  }
}

function poolCase(context: SuiteContext, pool: EvaluatorCoordinator, count: number, mix: Mix): Case {
  const groups = names(mix, sizeOf(context, 'groups'))
  return {
    name: `pool, ${mix}, ${count} ${count === 1 ? 'thread' : 'threads'}`,
    measure: async () => {
      const rate = await inFlight(inFlightMax, sizeOf(context, 'milliseconds'), async index => {
        const group = groups[index % groups.length]!
        const result = await pool.page({ page: 'status', cluster: 'c', group, showAll: false })
        mustBe(result.kind, 'bytes', `answer about ${group}`)
      })
      return { verdicts: rate, rules: rate * sizeOf(context, 'partitions') }
    }
  }
}

async function latencyCases(
  context: SuiteContext,
  inPlace: InPlaceThreads,
  pool: EvaluatorCoordinator,
  size: number
): Promise<Case[]> {
  const group = groupName(`size-${size}`, 0)
  const durationMs = sizeOf(context, 'milliseconds')
  await inPlace.locate(group, [group])
  const asked = async () => {
    const result = await pool.page({ page: 'status', cluster: 'c', group, showAll: false })
    mustBe(result.kind, 'bytes', `answer about ${group}`)
  }
  const about = `group of ${size.toLocaleString('en-US')} partitions`
  return [
    {
      name: `in place, ${about}`,
      measure: async () => {
        const [answer] = await inPlace.run({ kind: 'latency', name: group, durationMs })
        mustBe(answer!.totalLag, expectedGroup('healthy', 0, size).totalLag, `lag of ${group}`)
        return latencies(answer!.latenciesUs)
      }
    },
    {
      name: `ask to answer, one at a time, ${about}`,
      measure: () => oneAtATime(context, asked)
    }
  ]
}

/** The least that ask to answer can take. */
function bareMessageCase(context: SuiteContext, closers: (() => Promise<void>)[]): Case {
  const echo = new Echo()
  closers.push(() => echo.close())
  const name = 'bare message to a thread and back, one at a time'
  return { name, measure: () => oneAtATime(context, () => echo.ask()) }
}

async function oneAtATime(context: SuiteContext, ask: () => Promise<void>): Promise<Latencies> {
  return latencies(await repeated(sizeOf(context, 'milliseconds-asked'), ask))
}

function latencies(latenciesUs: readonly number[]): Latencies {
  return { p50: quantile(latenciesUs, 0.5), p99: quantile(latenciesUs, 0.99) }
}

function names(prefix: string, groups: number): string[] {
  return Array.from({ length: groups }, (_, group) => groupName(prefix, group))
}

function perSecond(answers: readonly InPlaceAnswer[], count: (answer: InPlaceAnswer) => number): number {
  return answers.reduce((sum, answer) => sum + (count(answer) / answer.elapsedMs) * 1000, 0)
}

/** What all threads together found in their last sweep, against what the history is made to show. */
function checkSweeps(
  context: SuiteContext,
  mix: Mix,
  answers: readonly InPlaceAnswer[],
  how: 'rules' | 'groups'
): void {
  const groups = sizeOf(context, 'groups')
  const partitions = sizeOf(context, 'partitions')
  const byStatus = new Array<number>(7).fill(0)
  let totalLag = 0
  for (let group = 0; group < groups; group++) {
    const tally = expectedGroup(mix, group, partitions)
    totalLag += tally.totalLag
    if (how === 'groups') byStatus[tally.status]!++
    else for (let at = 0; at < partitions; at++) byStatus[statusOf(kindOf(mix, group, at))]!++
  }
  for (const [status, count] of byStatus.entries()) {
    const found = answers.reduce((sum, answer) => sum + answer.byStatus[status]!, 0)
    mustBe(found, count, `${mix}, in place, ${how} with status ${status}`)
  }
  const lag = answers.reduce((sum, answer) => sum + answer.totalLag, 0)
  mustBe(lag, totalLag, `${mix}, in place, lag in all`)
  context.checked(how === 'groups' ? groups : groups * partitions)
}

/** Every partition of every group, by way of the pool. */
async function checkAll(context: SuiteContext, { evaluator }: EvaluatorThreads): Promise<void> {
  const sets = [
    ...mixes.map(mix => ({
      mix,
      prefix: mix as string,
      groups: sizeOf(context, 'groups'),
      partitions: sizeOf(context, 'partitions')
    })),
    ...groupSizes.map(size => ({ mix: 'healthy' as const, prefix: `size-${size}`, groups: 1, partitions: size }))
  ]
  for (const { mix, prefix, groups, partitions } of sets) {
    for (let group = 0; group < groups; group++) {
      const name = groupName(prefix, group)
      const verdict = await evaluator.ask({ cluster: 'c', group: name, showAll: true })
      const expected = expectedGroup(mix, group, partitions)
      mustBe(verdict.status, expected.status, `status of ${name}`)
      mustBe(verdict.totalLag, expected.totalLag, `lag of ${name}`)
      mustBe(verdict.partitions.length, partitions, `partitions of ${name}`)
      for (const { partition, status, currentLag, complete } of verdict.partitions) {
        const kind = kindOf(mix, group, partition)
        mustBe(status, statusOf(kind), `status of ${name}/${partition}`)
        mustBe(currentLag, lagOf(kind), `lag of ${name}/${partition}`)
        mustBe(complete, 1, `completeness of ${name}/${partition}`)
      }
      context.checked(partitions)
    }
  }
}
