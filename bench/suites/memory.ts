import { measureChurn } from '../memory/churn.ts'
import { SharedInRound } from '../runner/shared-in-round.ts'
import { type Case, mustBe, type Suite, type SuiteContext, sizeOf } from '../runner/suite.ts'
import { allOf } from '../support/all-of.ts'
import { checkBacklog } from '../support/backlog-windows.ts'
import { Monitor } from '../support/monitor.ts'
import { type SimulatorProcess, startCluster, startSimulatorProcess } from '../support/simulator-process.ts'

const intervals = 10
const roundMs = 60_000
const partitionsPerGroup = 100
/** What is not counted as memory of partitions: Node, its threads, code. */
const ownMb = 120
/** Windows are checked in this many groups, evenly chosen. */
const checkedGroups = 100
/** Between two looks at how much is stored: each leaves garbage on main, and memory is what is measured. */
const lookMs = 200
const cluster = 'bench'
let clusters = 0

/** Memory of the whole program per partition, its windows full; and whether it stays the same while groups come and go. */
export const memory: Suite = {
  name: 'memory',
  about: 'RSS per partition with full windows; growth in an hour of coming and going groups',
  rounds: 1,
  sizes: {
    'partitions-small': { standard: 100_000, tiny: 1000, about: 'partitions with commits' },
    'partitions-large': { standard: 1_000_000, tiny: 3000, about: 'partitions with commits' },
    settle: {
      standard: 3,
      tiny: 0,
      about:
        'seconds between backlogs and measurement, in which V8 gives back what our own asking after progress filled'
    },
    'churn-groups': { standard: 200, tiny: 50, about: 'groups that come and go, of 50 partitions each' },
    'churn-minutes': { standard: 60, tiny: 6, about: 'minutes that pass, in seconds' }
  },
  figures: {
    rss: { unit: 'MB', better: 'less' },
    'peak rss': { unit: 'MB', better: 'less' },
    'per partition': { unit: `bytes above ${ownMb} MB`, better: 'less' },
    growth: { unit: 'MB', better: 'as-is' }
  },
  async prepare(context) {
    const simulator = startSimulatorProcess()
    const sizes = [...new Set([sizeOf(context, 'partitions-small'), sizeOf(context, 'partitions-large')])].map(groupsOf)
    // All are filled before the first is measured, so that they settle together.
    const filled = new SharedInRound(
      sizes.length,
      () => fillAll(context, simulator, sizes),
      async all => {
        await Promise.all(all.map(({ monitor }) => monitor.stop()))
        for (const { name } of all) await simulator.ask({ kind: 'stop', cluster: name })
      }
    )
    return {
      cases: [...sizes.map((groups, index) => partitionsCase(context, filled, groups, index)), churnCase(context)],
      close: async () => {
        await filled.close()
        await simulator.close()
      }
    }
  }
}

const groupsOf = (partitions: number): number => Math.max(1, Math.round(partitions / partitionsPerGroup))

function partitionsCase(context: SuiteContext, filled: SharedInRound<Filled[]>, groups: number, index: number): Case {
  const windows = groups * partitionsPerGroup
  return {
    name: `${windows.toLocaleString('en-US')} partitions, ${intervals} intervals`,
    measure: () =>
      filled.use(async all => {
        const { monitor } = all[index]!
        const { rssMb, peakRssMb } = await monitor.usage()
        await checkBacklog(context, monitor, {
          cluster,
          groups,
          partitionsPerGroup,
          commitsPerPartition: intervals,
          everyNth: Math.max(1, Math.floor(groups / checkedGroups))
        })
        return { rss: rssMb, 'peak rss': peakRssMb, 'per partition': ((rssMb - ownMb) * 2 ** 20) / windows }
      })
  }
}

interface Filled {
  readonly monitor: Monitor
  /** Of its cluster in the simulator. */
  readonly name: string
}

/** A monitor for each number of groups, in that order, all windows full and settled. */
async function fillAll(
  context: SuiteContext,
  simulator: SimulatorProcess,
  groupCounts: readonly number[]
): Promise<Filled[]> {
  const started: Monitor[] = []
  const start = async (groups: number): Promise<Filled> => {
    const name = `${cluster}-${clusters++}`
    const { servers } = await startCluster(simulator, name)
    await prepareBacklog(simulator, name, groups)
    const config = {
      clusters: [{ name: cluster, servers }],
      intervals,
      offsetRefreshSeconds: 60,
      expireCacheSeconds: 0
    }
    const monitor = await Monitor.start(config, context.threads)
    started.push(monitor)
    await fill(simulator, monitor, name, groups)
    return { monitor, name }
  }
  try {
    const all = await allOf(groupCounts.map(start)) // at once: no time is measured here
    await new Promise(resolve => setTimeout(resolve, sizeOf(context, 'settle') * 1000))
    return all
  } catch (error) {
    for (const monitor of started) await monitor.program.kill()
    throw error
  }
}

/** Before a program looks for topics: to one that finds it missing, its old commits would be those of a topic that was deleted since. */
async function prepareBacklog(simulator: SimulatorProcess, name: string, groups: number): Promise<void> {
  const options = {
    groups,
    partitionsPerGroup,
    batchSize: partitionsPerGroup,
    commitsPerPartition: intervals,
    startMs: Date.now() - intervals * roundMs,
    intervalMs: roundMs
  }
  // The simulator forgets what was read: a million windows would fill a gigabyte of it.
  await simulator.ask({ kind: 'backlog', cluster: name, options, keptRounds: 2 })
}

async function fill(simulator: SimulatorProcess, monitor: Monitor, name: string, groups: number): Promise<void> {
  const windows = groups * partitionsPerGroup
  for (let round = 1; round <= intervals; round++) {
    await simulator.ask({ kind: 'append', cluster: name, rounds: 1 })
    const { counters } = await monitor.stored(round * windows, lookMs)
    mustBe(counters.stored_commits, round * windows, 'stored commits')
  }
}

function churnCase(context: SuiteContext): Case {
  const sizes = { groups: sizeOf(context, 'churn-groups'), partitions: 50, minutes: sizeOf(context, 'churn-minutes') }
  return {
    name: `${sizes.minutes} minutes of churn, 2 % of ${sizes.groups} groups replaced in each`,
    measure: async () => {
      const { rssMb, growthMb } = await measureChurn(context, sizes)
      return { rss: rssMb, growth: growthMb }
    }
  }
}
