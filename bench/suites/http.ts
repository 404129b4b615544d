import { loadGroupName } from '../../main/simulator/load.ts'
import { type Case, mustBe, type Suite, type SuiteContext, sizeOf } from '../runner/suite.ts'
import { allOf } from '../support/all-of.ts'
import { checkBacklog } from '../support/backlog-windows.ts'
import { HttpLoad } from '../support/http-load.ts'
import { Monitor } from '../support/monitor.ts'
import type { ProgramConfig } from '../support/program-config.ts'
import { scrape } from '../support/scrape.ts'
import { type SimulatorProcess, startCluster, startSimulatorProcess } from '../support/simulator-process.ts'

const connections = 20
const intervals = 10
const roundMs = 60_000
const cluster = 'bench'
/** Burrow's families that have a series for every partition of every group. */
const familiesOfPartitions = [
  'burrow_kafka_consumer_current_offset',
  'burrow_kafka_consumer_partition_lag',
  'burrow_kafka_topic_partition_status'
]
const partitionsPerGroup = 1000
/** Windows are checked in this many groups, evenly chosen. */
const checkedGroups = 100

interface Running {
  readonly monitor: Monitor
  readonly commitsPerPartition: number
}

/** Requests a second; pages about everything; pages of metrics, and how long they hold up main. */
export const http: Suite = {
  name: 'http',
  about: 'requests a second, cold and cached; whole-cluster pages; /metrics',
  rounds: 1,
  warmRounds: 1,
  sizes: {
    groups: { standard: 200, tiny: 20, about: 'groups to ask about' },
    partitions: { standard: 100, tiny: 5, about: 'partitions of a group' },
    pipelining: { standard: 16, tiny: 4, about: 'requests open on a connection, where more than one is' },
    milliseconds: { standard: 200, tiny: 50, about: 'of each measurement' },
    'series-small': { standard: 100_000, tiny: 3000, about: 'series of the smaller page of metrics' },
    'series-large': { standard: 1_000_000, tiny: 6000, about: 'series of the larger page of metrics' }
  },
  figures: {
    requests: { unit: 'requests/s', better: 'more' },
    p99: { unit: 'ms', better: 'less' },
    page: { unit: 's', better: 'less' },
    size: { unit: 'MB', better: 'as-is' },
    held: { unit: 'ms', better: 'less' },
    busy: { unit: 'ms', better: 'less' }
  },
  async prepare(context) {
    const simulator = startSimulatorProcess()
    const load = new HttpLoad()
    const monitors: Monitor[] = []
    const close = async () => {
      await allOf(monitors.map(monitor => monitor.stop()))
      await Promise.all([simulator.close(), load.close()])
    }
    const start = async (of: Omit<Start, 'simulator'>) => {
      const running = await startMonitor(context, { ...of, simulator })
      monitors.push(running.monitor)
      return running
    }
    try {
      const groups = sizeOf(context, 'groups')
      const partitions = sizeOf(context, 'partitions')
      const pages = ['series-small', 'series-large'].map(size =>
        Math.max(1, Math.round(sizeOf(context, size) / familiesOfPartitions.length / partitionsPerGroup))
      )
      const [cached, cold, ...scraped] = await allOf([
        start({ groups, partitions, config: { intervals, expireCacheSeconds: 600 } }),
        start({ groups, partitions, config: { intervals, expireCacheSeconds: 0 } }),
        // Windows of one commit are full with one commit, and only full windows have all series.
        ...pages.map(groupsOfPage =>
          start({
            groups: groupsOfPage,
            partitions: partitionsPerGroup,
            config: { intervals: 1, metricsSet: 'burrow' },
            watched: true
          })
        )
      ])
      const cases = [...requestCases(context, load, cached!, 'cached'), ...requestCases(context, load, cold!, 'cold')]
      cases.push(listCase(context, load, cached!))
      for (const [page, { monitor }] of scraped.entries()) cases.push(metricsCase(context, monitor, pages[page]!))
      return { cases, close }
    } catch (error) {
      await close()
      throw error
    }
  }
}

interface Start {
  readonly simulator: SimulatorProcess
  readonly groups: number
  readonly partitions: number
  readonly config: Omit<ProgramConfig, 'clusters'>
  /** Whether to ask it how long main was held. */
  readonly watched?: boolean
}
let clusters = 0

/** A monitor whose windows are full, checked. */
async function startMonitor(
  context: SuiteContext,
  { simulator, groups, partitions, config, watched = false }: Start
): Promise<Running> {
  const name = `${cluster}-${clusters++}`
  const { servers } = await startCluster(simulator, name)
  const commitsPerPartition = config.intervals ?? intervals
  const options = {
    groups,
    partitionsPerGroup: partitions,
    batchSize: 100,
    commitsPerPartition,
    startMs: Date.now() - commitsPerPartition * roundMs,
    intervalMs: roundMs
  }
  await simulator.ask({ kind: 'backlog', cluster: name, options, keptRounds: 0 })
  const { commits } = await simulator.ask({ kind: 'append', cluster: name, rounds: commitsPerPartition })
  const clustersOfMonitor = [{ name: cluster, servers }]
  const monitor = await Monitor.start(
    { offsetRefreshSeconds: 60, ...config, clusters: clustersOfMonitor },
    context.threads,
    { watched }
  )
  try {
    const { counters } = await monitor.stored(commits)
    mustBe(counters.stored_commits, commits, 'stored commits')
    // A window of one commit spans no time, so its group looks stopped: those are checked by their metrics.
    if (commitsPerPartition > 1) {
      const everyNth = Math.max(1, Math.floor(groups / checkedGroups))
      await checkBacklog(context, monitor, {
        cluster,
        groups,
        partitionsPerGroup: partitions,
        commitsPerPartition,
        everyNth
      })
    }
  } catch (error) {
    await monitor.program.kill()
    throw error
  }
  return { monitor, commitsPerPartition }
}

function requestCases(context: SuiteContext, load: HttpLoad, { monitor }: Running, how: string): Case[] {
  const groups = Array.from({ length: sizeOf(context, 'groups') }, (_, group) => loadGroupName(group))
  return ['status', 'lag'].flatMap(page =>
    [1, sizeOf(context, 'pipelining')].map(pipelining => ({
      name: `${page}, ${how}${pipelining === 1 ? '' : `, ${pipelining} requests open on a connection`}`,
      measure: async () => {
        const { perSecond, p99Us } = await load.run({
          address: monitor.address,
          paths: groups.map(group => `/v3/kafka/${cluster}/consumer/${group}/${page}`),
          connections,
          pipelining,
          requestsPerSecond: null,
          durationMs: sizeOf(context, 'milliseconds')
        })
        return { requests: perSecond, p99: p99Us / 1000 }
      }
    }))
  )
}

function listCase(context: SuiteContext, load: HttpLoad, { monitor }: Running): Case {
  return {
    name: 'all groups of the cluster, by name',
    measure: async () => {
      const { perSecond, p99Us } = await load.run({
        address: monitor.address,
        paths: [`/v3/kafka/${cluster}/consumer`],
        connections,
        pipelining: 1,
        requestsPerSecond: null,
        durationMs: sizeOf(context, 'milliseconds')
      })
      return { requests: perSecond, p99: p99Us / 1000 }
    }
  }
}

function metricsCase(context: SuiteContext, monitor: Monitor, groups: number): Case {
  const series = groups * partitionsPerGroup * familiesOfPartitions.length
  return {
    name: `/metrics, ${series.toLocaleString('en-US')} series of partitions`,
    measure: async () => {
      await monitor.held()
      const page = await scrape(monitor.address)
      const { heldMs, busyMs } = await monitor.held()
      for (const family of familiesOfPartitions) {
        mustBe(page.linesByFamily.get(family), groups * partitionsPerGroup, `series of ${family}`)
      }
      mustBe(page.linesByFamily.get('burrow_kafka_consumer_status'), groups, 'series of group status')
      context.checked(series)
      return { page: page.seconds, size: page.bytes / 1e6, held: heldMs, busy: busyMs }
    }
  }
}
