import type { EvaluatorCoordinator } from '../../main/evaluator/evaluator-coordinator.ts'
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
        cases.push(statusesCase(context, pool, count), figuresCase(context, pool, count))
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

function statusesCase(context: SuiteContext, pool: EvaluatorCoordinator, threads: number): Case {
  const count = sizeOf(context, 'groups')
  return {
    name: `${count.toLocaleString('en-US')} groups, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
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

/** As a page of metrics asks: whole lists of groups, and figures instead of verdicts one by one. */
function figuresCase(context: SuiteContext, pool: EvaluatorCoordinator, threads: number): Case {
  const count = sizeOf(context, 'groups')
  return {
    name: `${count.toLocaleString('en-US')} groups in lists, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    measure: async () => {
      const startMs = performance.now()
      const listed = await pool.page({ page: 'metrics-groups', cluster: 'c' })
      if (listed.kind !== 'lists') throw new WrongResult(`asked for lists, got ${JSON.stringify(listed)}`)
      const found = { groups: 0, partitions: 0, fullPartitions: 0 }
      await forEach(listed.lists.length, listsInFlightMax, async index => {
        for (let from: number | null = 0; from !== null; ) {
          const figures = await pool.page({
            page: 'metrics-figures',
            list: listed.lists[index]!,
            from,
            withPartitions: false
          })
          if (figures.kind !== 'figures') throw new WrongResult(`asked for figures, got ${JSON.stringify(figures)}`)
          found.groups += figures.groups
          found.partitions += figures.partitions
          found.fullPartitions += figures.fullPartitions
          from = figures.next
        }
      })
      const seconds = (performance.now() - startMs) / 1000
      mustBe(found.groups, count, 'groups in lists')
      mustBe(found.partitions, count * partitionsPerTopic, 'partitions of groups in lists')
      mustBe(found.fullPartitions, count * partitionsPerTopic, 'full windows of groups in lists')
      context.checked(count)
      return { statuses: seconds, rss: process.memoryUsage.rss() / 2 ** 20 }
    }
  }
}
