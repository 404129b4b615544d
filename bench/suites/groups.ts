import type { EvaluatorCoordinator } from '../../main/evaluator/evaluator-coordinator.ts'
import type { MetricsFigureResult } from '../../shared/actor/evaluator-tasks.ts'
import { giveBack } from '../../shared/actor/lent-memory.ts'
import {
  type FigureBlock,
  labelHeadBytes,
  labelLength,
  labelPairs,
  pieceF64
} from '../../shared/metrics/figure-block.ts'
import { writeHistory } from '../evaluate/history.ts'
import { expectedGroup, groupName, intervals, nowMs } from '../evaluate/mixes.ts'
import { type Case, mustBe, type Suite, type SuiteContext, sizeOf, WrongResult } from '../runner/suite.ts'
import { EvaluatorThreads } from '../support/evaluator-threads.ts'
import { PackedFeeder } from '../support/packed-feeder.ts'
import { forEach } from '../support/repeat.ts'
import { threadCounts } from '../support/thread-counts.ts'

const prefix = 'many'
/** Topics have this many partitions each, and a group reads one topic. */
const partitionsPerTopic = 5
/** Questions to the pool at once; well below what it accepts. */
const inFlightMax = 8000
const listsInFlightMax = 32

/** A big cluster of small groups: the verdicts on all of them, asked for group by group. */
export const groups: Suite = {
  name: 'groups',
  about: 'the statuses of all groups of a big cluster',
  rounds: 1,
  sizes: {
    groups: { standard: 65_184, tiny: 60, about: 'groups' },
    partitions: { standard: 2495, tiny: 25, about: 'partitions of all topics together' }
  },
  figures: {
    statuses: { unit: 's for all', better: 'less' },
    first: { unit: 's for all', better: 'less' },
    rss: { unit: 'MB', better: 'less' }
  },
  async prepare(context) {
    const threads = new EvaluatorThreads({ shards: 1, threads: 1, intervals, nowMs })
    await threads.start()
    const pools: EvaluatorCoordinator[] = []
    const close = async () => {
      for (const pool of pools) await pool.stop()
      await threads.stop()
    }
    try {
      await fill(context, threads)
      const cases: Case[] = []
      for (const count of threadCounts(context.threads.evaluator)) {
        const pool = threads.createPool(count)
        pool.configure()
        await pool.start()
        pools.push(pool)
        if (count === 1) cases.push(statusesCase(context, pool))
        cases.push(listsCase(context, pool, count))
      }
      return { cases, close }
    } catch (error) {
      await close()
      throw error
    }
  }
}

async function fill(context: SuiteContext, threads: EvaluatorThreads): Promise<void> {
  const count = sizeOf(context, 'groups')
  const topics = Math.max(1, Math.floor(sizeOf(context, 'partitions') / partitionsPerTopic))
  const feeder = new PackedFeeder(threads.storage, 1)
  const groupsPerTopic = Math.ceil(count / topics)
  await writeHistory(feeder, { mix: 'healthy', prefix, groups: count, partitions: partitionsPerTopic, groupsPerTopic })
  feeder.close()
}

function statusesCase(context: SuiteContext, pool: EvaluatorCoordinator): Case {
  const count = sizeOf(context, 'groups')
  return {
    name: `${count.toLocaleString('en-US')} groups one by one, 1 thread`,
    measure: async () => {
      const statuses = new Uint8Array(count)
      const lags = new Float64Array(count)
      const startMs = performance.now()
      await forEach(count, inFlightMax, async index => {
        const verdict = await pool.ask({ cluster: 'c', group: groupName(prefix, index), showAll: false })
        statuses[index] = verdict.status
        lags[index] = verdict.totalLag
      })
      const seconds = (performance.now() - startMs) / 1000
      for (let group = 0; group < count; group++) {
        const expected = expectedGroup('healthy', group, partitionsPerTopic)
        mustBe(statuses[group], expected.status, `status of ${groupName(prefix, group)}`)
        mustBe(lags[group], expected.totalLag, `lag of ${groupName(prefix, group)}`)
      }
      context.checked(count)
      return { statuses: seconds, rss: process.memoryUsage.rss() / 2 ** 20 }
    }
  }
}

/**
 * As a page of metrics asks: whole lists of groups, and figures instead of verdicts one by one. Asked twice; `first` is of a pool that has
 * compiled nothing of it, and with several threads has found no group yet.
 */
function listsCase(context: SuiteContext, pool: EvaluatorCoordinator, threads: number): Case {
  const count = sizeOf(context, 'groups')
  return {
    name: `${count.toLocaleString('en-US')} groups in lists, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    measure: async () => {
      const first = await judgeInLists(context, pool)
      const statuses = await judgeInLists(context, pool)
      return { first, statuses, rss: process.memoryUsage.rss() / 2 ** 20 }
    }
  }
}

/** Seconds. */
async function judgeInLists(context: SuiteContext, pool: EvaluatorCoordinator): Promise<number> {
  const count = sizeOf(context, 'groups')
  const startMs = performance.now()
  const listed = await pool.page({ page: 'metrics-groups', cluster: 'c' })
  if (listed.kind !== 'lists') throw new WrongResult(`asked for lists, got ${JSON.stringify(listed)}`)
  const answers: MetricsFigureResult[] = []
  await forEach(listed.lists.length, listsInFlightMax, async index => {
    for (let from: number | null = 0; from !== null; ) {
      const figures = await pool.page({
        page: 'metrics-figures',
        list: listed.lists[index]!,
        from,
        withPartitions: false
      })
      if (figures.kind !== 'figures') throw new WrongResult(`asked for figures, got ${JSON.stringify(figures)}`)
      answers.push(figures)
      from = figures.next
    }
  })
  const seconds = (performance.now() - startMs) / 1000
  const sum = (of: (answer: MetricsFigureResult) => number) => answers.reduce((total, answer) => total + of(answer), 0)
  const partitions = count * partitionsPerTopic
  mustBe(
    sum(answer => answer.partitions),
    partitions,
    'partitions of groups in lists'
  )
  mustBe(
    sum(answer => answer.fullPartitions),
    partitions,
    'full windows of groups in lists'
  )
  const verdicts = new Map(answers.flatMap(({ blocks }) => blocks.flatMap(verdictsOf)))
  mustBe(verdicts.size, count, 'groups in lists')
  for (let group = 0; group < count; group++) {
    const name = groupName(prefix, group)
    const expected = expectedGroup('healthy', group, partitionsPerTopic)
    const found = verdicts.get(labelPairs('c', name))
    mustBe(found?.status ?? 'none', expected.status, `status of ${name} in lists`)
    mustBe(found?.totalLag ?? 'none', expected.totalLag, `lag of ${name} in lists`)
  }
  for (const { blocks } of answers) for (const { text } of blocks) giveBack(text)
  context.checked(count)
  return seconds
}

/** By the label pairs of the group. */
function verdictsOf({ pieces, text }: FigureBlock): [string, { status: number; totalLag: number }][] {
  const verdicts: [string, { status: number; totalLag: number }][] = []
  for (let at = 0; at < pieces.length; at += pieceF64.words) {
    const place = pieces[at + pieceF64.labels]!
    const from = place + labelHeadBytes
    const labels = Buffer.from(text.subarray(from, from + labelLength(text, place))).toString()
    verdicts.push([labels, { status: pieces[at + pieceF64.status]!, totalLag: pieces[at + pieceF64.totalLag]! }])
  }
  return verdicts
}
