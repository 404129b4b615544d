import { type Case, mustBe, type Suite, type SuiteContext, sizeOf } from '../runner/suite.ts'
import { EventClients } from '../support/event-clients.ts'
import { Monitor } from '../support/monitor.ts'
import { type SimulatorProcess, startCluster, startSimulatorProcess } from '../support/simulator-process.ts'
import { waitFor } from '../support/wait-for.ts'

const intervals = 10
const roundMs = 60_000
const readBoundMs = 60_000
let clusters = 0

/** Open pages while commits come as fast as they can be read: how long main is held. */
export const events: Suite = {
  name: 'events',
  about: 'open pages while commits are read: how long main is held',
  rounds: 1,
  onlyByName: true,
  sizes: {
    groups: { standard: 65_000, tiny: 300, about: 'groups that commit' },
    partitions: { standard: 2, tiny: 2, about: 'partitions of a group' },
    clients: { standard: 50, tiny: 5, about: 'open pages' },
    rounds: { standard: 8, tiny: 2, about: 'commits of each partition that are read meanwhile' }
  },
  figures: {
    held: { unit: 'ms', better: 'less' },
    busy: { unit: 'ms', better: 'less' },
    commits: { unit: 'commits/s', better: 'more' },
    looks: { unit: 'looks', better: 'as-is' }
  },
  async prepare(context) {
    const simulator = startSimulatorProcess()
    const cases = [0, sizeOf(context, 'clients')].map(clients => ({
      name: `${clients} pages`,
      measure: () => measure(context, simulator, clients)
    })) satisfies Case[]
    return { cases, close: () => simulator.close() }
  }
}

async function measure(
  context: SuiteContext,
  simulator: SimulatorProcess,
  clients: number
): Promise<Record<string, number>> {
  const groups = sizeOf(context, 'groups')
  const partitionsPerGroup = sizeOf(context, 'partitions')
  const rounds = sizeOf(context, 'rounds')
  const name = `events-${clusters++}`
  const { servers } = await startCluster(simulator, name)
  const commitsPerPartition = rounds + 1
  const startMs = Date.now() - commitsPerPartition * roundMs
  const options = { groups, partitionsPerGroup, batchSize: 20, commitsPerPartition, startMs, intervalMs: roundMs }
  await simulator.ask({ kind: 'backlog', cluster: name, options, keptRounds: 0 })
  await simulator.ask({ kind: 'append', cluster: name, rounds: 1 })
  const times = { offsetRefreshSeconds: 60, topicRefreshSeconds: 60, expireCacheSeconds: 10 }
  const monitor = await Monitor.start({ clusters: [{ name, servers }], intervals, ...times }, context.threads, {
    watched: true
  })
  try {
    const windows = groups * partitionsPerGroup
    await monitor.stored(windows)
    const pages = await EventClients.open(monitor.address, clients)
    await waitFor(() => pages.groupEvents.every(count => count > 0), 'a look for all pages', readBoundMs)
    await monitor.held()
    const before = pages.groupEvents
    const beginMs = performance.now()
    const { commits } = await simulator.ask({ kind: 'append', cluster: name, rounds })
    const stored = async () => (await monitor.health()).counters.stored_commits >= windows + commits
    await waitFor(stored, 'all commits', readBoundMs) // asked less often than by `stored`, for each answer holds main too
    const seconds = (performance.now() - beginMs) / 1000
    await waitFor(() => pages.groupEvents.every((count, at) => count > before[at]!), 'news for all pages', readBoundMs)
    const { heldMs, busyMs } = await monitor.held()
    const looks = Math.max(0, ...pages.groupEvents.map((count, at) => count - before[at]!))
    mustBe(pages.ended, 0, 'pages that were let go')
    for (const { groups: told } of pages.clusters) mustBe(told, groups, 'groups that pages know')
    context.checked(clients + 1)
    pages.close()
    return { held: heldMs, busy: busyMs, commits: commits / seconds, looks }
  } finally {
    await simulator.ask({ kind: 'stop', cluster: name })
    await monitor.stop()
  }
}
