import { measureChurn } from '../memory/churn.ts'
import { type Case, mustBe, type Suite, type SuiteContext, sizeOf } from '../runner/suite.ts'
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
const lookMs = 50
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
      standard: 10,
      tiny: 0,
      about: 'seconds between backlog and measurement, in which V8 gives back what our own asking after progress filled'
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
    const sizes = [...new Set([sizeOf(context, 'partitions-small'), sizeOf(context, 'partitions-large')])]
    return {
      cases: [...sizes.map(partitions => partitionsCase(context, simulator, partitions)), churnCase(context)],
      close: () => simulator.close()
    }
  }
}

function partitionsCase(context: SuiteContext, simulator: SimulatorProcess, partitions: number): Case {
  const groups = Math.max(1, Math.round(partitions / partitionsPerGroup))
  const windows = groups * partitionsPerGroup
  return {
    name: `${windows.toLocaleString('en-US')} partitions, ${intervals} intervals`,
    measure: async () => {
      const name = `${cluster}-${clusters++}`
      const { servers } = await startCluster(simulator, name)
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
      const monitor = await Monitor.start(
        { clusters: [{ name: cluster, servers }], intervals, offsetRefreshSeconds: 60, expireCacheSeconds: 0 },
        context.threads
      )
      try {
        for (let round = 1; round <= intervals; round++) {
          await simulator.ask({ kind: 'append', cluster: name, rounds: 1 })
          const { counters } = await monitor.stored(round * windows, lookMs)
          mustBe(counters.stored_commits, round * windows, 'stored commits')
        }
        await new Promise(resolve => setTimeout(resolve, sizeOf(context, 'settle') * 1000))
        const { rssMb, peakRssMb } = await monitor.usage()
        await checkBacklog(context, monitor, {
          cluster,
          groups,
          partitionsPerGroup,
          commitsPerPartition: intervals,
          everyNth: Math.max(1, Math.floor(groups / checkedGroups))
        })
        return { rss: rssMb, 'peak rss': peakRssMb, 'per partition': ((rssMb - ownMb) * 2 ** 20) / windows }
      } finally {
        await simulator.ask({ kind: 'stop', cluster: name })
        await monitor.stop()
      }
    }
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
