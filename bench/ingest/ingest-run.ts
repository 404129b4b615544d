import { mustBe, type SuiteContext, type ThreadFlags } from '../runner/suite.ts'
import { checkBacklog } from '../support/backlog-windows.ts'
import { Monitor } from '../support/monitor.ts'
import { type SimulatorProcess, startCluster } from '../support/simulator-process.ts'

export interface IngestOrder {
  readonly groups: number
  readonly partitions: number
  /** In all, at least; whole rounds over all partitions of all groups. */
  readonly commits: number
  /** In one batch, as one OffsetCommit request leaves it. */
  readonly batchSize: number
  readonly codec: number
  readonly threads: ThreadFlags
}

/** What `ingestRun` gives its caller to measure. */
export interface IngestRun {
  readonly cluster: string
  readonly monitor: Monitor
  /** Puts the rest into the broker's log, once. The program is reading it then. */
  append(): Promise<void>
  /** Then: resolves when the program says that all is stored, for which it is asked every `lookMs`. */
  stored(lookMs?: number): Promise<IngestFigures>
}

export interface IngestFigures {
  readonly perSecond: number
  /** Of the program. */
  readonly cpuSecondsPerMillion: number
}

const intervals = 10
// So long that no group looks stopped while the bench runs.
const roundMs = 60_000
let clusters = 0

/**
 * One run of the whole program against a simulated cluster, each in a process of its own. First one commit for every window, so that
 * everything is connected and every group is there; then the rest at once, by `measure`. What came of it is checked.
 *
 * Timed: from when the rest is in the broker's log until the program says that all is stored; what it had read before is not counted.
 */
export async function ingestRun<T>(
  context: SuiteContext,
  simulator: SimulatorProcess,
  order: IngestOrder,
  measure: (run: IngestRun) => Promise<T>
): Promise<T> {
  const { groups, partitions, batchSize, codec, threads } = order
  const windows = groups * partitions
  const rounds = Math.max(intervals, Math.ceil(order.commits / windows)) + 1
  const cluster = `bench-${clusters++}`
  const { servers } = await startCluster(simulator, cluster)
  const options = {
    groups,
    partitionsPerGroup: partitions,
    batchSize,
    codec,
    commitsPerPartition: rounds,
    startMs: Date.now() - rounds * roundMs,
    intervalMs: roundMs
  }
  await simulator.ask({ kind: 'backlog', cluster, options, keptRounds: 0 })
  await simulator.ask({ kind: 'append', cluster, rounds: 1 })
  const monitor = await Monitor.start(
    {
      clusters: [{ name: cluster, servers }],
      intervals,
      offsetRefreshSeconds: 60,
      topicRefreshSeconds: 60,
      // Every status is judged anew: with a cache the answers would say little about the threads behind them.
      expireCacheSeconds: 0
    },
    threads
  )
  try {
    await monitor.stored(windows)
    const before = await monitor.usage()
    let commits = 0
    let startMs = 0
    let readBefore = 0
    const append = async () => {
      commits = (await simulator.ask({ kind: 'append', cluster, rounds: rounds - 1 })).commits
      startMs = performance.now()
      readBefore = (await monitor.health()).counters.stored_commits
    }
    const stored = async (lookMs?: number) => {
      const { counters } = await monitor.stored(windows + commits, lookMs)
      const seconds = (performance.now() - startMs) / 1000
      const after = await monitor.usage()
      mustBe(counters.stored_commits, windows + commits, 'stored commits')
      return {
        perSecond: (windows + commits - readBefore) / seconds,
        cpuSecondsPerMillion: ((after.cpuSeconds - before.cpuSeconds) / commits) * 1e6
      }
    }
    const figures = await measure({ cluster, monitor, append, stored })
    await checkBacklog(context, monitor, {
      cluster,
      groups,
      partitionsPerGroup: partitions,
      commitsPerPartition: rounds
    })
    return figures
  } finally {
    await simulator.ask({ kind: 'stop', cluster })
    await monitor.stop()
  }
}
