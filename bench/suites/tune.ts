import { availableCores, resolveThreads } from '../../main/config/auto-threads.ts'
import { writeHistory } from '../evaluate/history.ts'
import { expectedGroup, groupName, intervals, nowMs } from '../evaluate/mixes.ts'
import { ingestOnce } from '../ingest/ingest-run.ts'
import { median } from '../runner/statistics.ts'
import { type Case, mustBe, type Suite, type SuiteContext, sizeOf } from '../runner/suite.ts'
import { EvaluatorThreads } from '../support/evaluator-threads.ts'
import { fewestThatTie } from '../support/fewest-that-tie.ts'
import { PackedFeeder } from '../support/packed-feeder.ts'
import { inFlight } from '../support/repeat.ts'
import { startSimulatorProcess } from '../support/simulator-process.ts'
import { threadCounts } from '../support/thread-counts.ts'

const kafkaTriedMax = 8
const storageTriedMax = 4
const partitionsPerGroup = 100
const groupsAsked = 200
const inFlightMax = 1000

/** Tries numbers of threads on this machine, and says which flags to use. */
export const tune: Suite = {
  name: 'tune',
  about: 'which numbers of threads to use on this machine',
  rounds: 3,
  onlyByName: true,
  sizes: {
    commits: { standard: 300_000, tiny: 2000, about: 'commits of a run' },
    milliseconds: { standard: 300, tiny: 20, about: 'of a measurement of the evaluators' }
  },
  figures: {
    commits: { unit: 'commits/s', better: 'more' },
    verdicts: { unit: 'groups/s', better: 'more' }
  },
  async prepare(context) {
    const simulator = startSimulatorProcess()
    const threads = new EvaluatorThreads({ shards: 1, threads: 1, intervals, nowMs })
    await threads.start()
    const feeder = new PackedFeeder(threads.storage, 1)
    await writeHistory(feeder, { mix: 'healthy', prefix: 'tune', groups: groupsAsked, partitions: partitionsPerGroup })
    feeder.close()
    const ingested: Tried[] = []
    const evaluated: Tried[] = []
    const cores = availableCores()
    const counts = threadCounts(undefined, cores)
    const cases: Case[] = []
    for (const kafka of counts.filter(count => count <= kafkaTriedMax)) {
      for (const storage of counts.filter(count => count <= storageTriedMax)) {
        const tried: Tried = { counts: [kafka, storage], values: [] }
        ingested.push(tried)
        cases.push({
          name: `${kafka} kafka, ${storage} storage`,
          measure: async () => {
            const commits = sizeOf(context, 'commits')
            const shape = { groups: 50, partitions: partitionsPerGroup, commits, batchSize: 20, codec: 0 }
            const { perSecond } = await ingestOnce(context, simulator, shape, { kafka, storage })
            tried.values.push(perSecond)
            return { commits: perSecond }
          }
        })
      }
    }
    for (const count of counts) {
      const tried: Tried = { counts: [count], values: [] }
      evaluated.push(tried)
      cases.push(evaluatorCase(context, threads, count, tried))
    }
    return {
      cases,
      check: async () => advise(context, ingested, evaluated, cores),
      close: async () => {
        await threads.stop()
        await simulator.close()
      }
    }
  }
}

interface Tried {
  readonly counts: readonly number[]
  readonly values: number[]
}

function evaluatorCase(context: SuiteContext, threads: EvaluatorThreads, count: number, tried: Tried): Case {
  return {
    name: `${count} evaluator`,
    measure: async () => {
      const pool = threads.createPool(count)
      pool.configure()
      await pool.start()
      try {
        const verdicts = await inFlight(inFlightMax, sizeOf(context, 'milliseconds'), async index => {
          const group = index % groupsAsked
          const verdict = await pool.ask({ cluster: 'c', group: groupName('tune', group), showAll: false })
          const expected = expectedGroup('healthy', group, partitionsPerGroup)
          mustBe(verdict.totalLag, expected.totalLag, `lag of ${groupName('tune', group)}`)
        })
        tried.values.push(verdicts)
        return { verdicts }
      } finally {
        await pool.stop()
      }
    }
  }
}

function advise(context: SuiteContext, ingested: readonly Tried[], evaluated: readonly Tried[], cores: number): void {
  const medians = (tried: readonly Tried[]) => tried.map(({ counts, values }) => ({ counts, value: median(values) }))
  const [kafka, storage] = fewestThatTie(medians(ingested))
  const [evaluator] = fewestThatTie(medians(evaluated))
  const auto = resolveThreads({ kafka: 'auto', storage: 'auto', evaluator: 'auto' }, cores)
  context.note(`Use:  --kafka-threads ${kafka} --storage-threads ${storage} --evaluator-threads ${evaluator}`)
  context.note(
    `auto: --kafka-threads ${auto.kafka} --storage-threads ${auto.storage} --evaluator-threads ${auto.evaluator} (${cores} cores)`
  )
}
