import { loadGroupName } from '../../main/simulator/load.ts'
import { mustBe, type SuiteContext, type ThreadFlags } from '../runner/suite.ts'
import { checkBacklog } from '../support/backlog-windows.ts'
import type { HttpLoad } from '../support/http-load.ts'
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
  /** Of the measurement with nothing to ingest. */
  readonly idleMs: number
}

export interface IngestTools {
  readonly simulator: SimulatorProcess
  readonly http: HttpLoad
}

const cluster = 'bench'
const intervals = 10
// So long that no group looks stopped while the bench runs.
const roundMs = 60_000
/** Low enough to cost next to nothing, high enough for a 99th percentile. */
const askedPerSecond = 200
const connections = 4
/** Statuses are asked for about as long as there is something to ingest: at this many commits a second. */
const guessedPerSecond = 1_000_000
const askedAtLeastMs = 100
let clusters = 0

/**
 * One run of the whole program against a simulated cluster, each in a process of its own. First one commit for every window, so that
 * everything is connected and every group is there; then the rest at once.
 *
 * Timed: from when the rest is in the broker's log until the program says that all is stored.
 */
export async function measureIngest(
  context: SuiteContext,
  { simulator, http }: IngestTools,
  order: IngestOrder
): Promise<Record<string, number>> {
  const { groups, partitions, batchSize, codec, threads, idleMs } = order
  const windows = groups * partitions
  const rounds = Math.max(intervals, Math.ceil(order.commits / windows)) + 1
  const name = `${cluster}-${clusters++}`
  const { servers } = await startCluster(simulator, name)
  const options = {
    groups,
    partitionsPerGroup: partitions,
    batchSize,
    codec,
    commitsPerPartition: rounds,
    startMs: Date.now() - rounds * roundMs,
    intervalMs: roundMs
  }
  await simulator.ask({ kind: 'backlog', cluster: name, options, keptRounds: 0 })
  await simulator.ask({ kind: 'append', cluster: name, rounds: 1 })
  const monitor = await Monitor.start(
    {
      clusters: [{ name, servers }],
      intervals,
      offsetRefreshSeconds: 60,
      topicRefreshSeconds: 60,
      // Every status is judged anew: with a cache the answers would say little about the threads behind them.
      expireCacheSeconds: 0
    },
    threads
  )
  const asking = {
    address: monitor.address,
    paths: [`/v3/kafka/${name}/consumer/${loadGroupName(0)}/status`],
    connections,
    pipelining: 1,
    requestsPerSecond: askedPerSecond
  }
  try {
    await monitor.stored(windows)
    const before = await monitor.usage()
    const { commits } = await simulator.ask({ kind: 'append', cluster: name, rounds: rounds - 1 })
    const startMs = performance.now()
    const durationMs = Math.max(askedAtLeastMs, (commits / guessedPerSecond) * 1000)
    const [health, meanwhile] = await Promise.all([
      monitor.stored(windows + commits).then(each => ({ ...each, endMs: performance.now() })),
      http.run({ ...asking, durationMs })
    ])
    const after = await monitor.usage()
    // Afterwards, not before: a program that has just started has not compiled its code yet.
    const idle = await http.run({ ...asking, durationMs: idleMs })
    mustBe(health.counters.stored_commits, windows + commits, 'stored commits')
    await checkBacklog(context, monitor, {
      cluster: name,
      groups,
      partitionsPerGroup: partitions,
      commitsPerPartition: rounds
    })
    return {
      commits: (commits / (health.endMs - startMs)) * 1000,
      cpu: ((after.cpuSeconds - before.cpuSeconds) / commits) * 1e6,
      'http p99': meanwhile.p99Us / 1000,
      'http p99 idle': idle.p99Us / 1000
    }
  } finally {
    await simulator.ask({ kind: 'stop', cluster: name })
    await monitor.stop()
  }
}
