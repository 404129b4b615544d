import { mustBe, type SuiteContext, type ThreadFlags } from '../runner/suite.ts'
import { checkBacklog } from '../support/backlog-windows.ts'
import { Monitor } from '../support/monitor.ts'
import { type Cluster, type SimulatorProcess, startCluster } from '../support/simulator-process.ts'

/** Commits of a cluster that a program reads. */
export interface IngestShape {
  readonly groups: number
  readonly partitions: number
  /** In all, at least; whole rounds over all partitions of all groups. */
  readonly commits: number
  /** In one batch, as one OffsetCommit request leaves it. */
  readonly batchSize: number
  readonly codec: number
}

/** What `IngestProgram.run` gives its caller to measure. */
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
 * The whole program, in a process of its own, and simulated clusters that it reads: one for each shape, so that a run needs no program of
 * its own, and one that was read before so that what is timed is compiled.
 */
export class IngestProgram {
  readonly #context: SuiteContext
  readonly #simulator: SimulatorProcess
  readonly #shapes: readonly IngestShape[]
  readonly #clusters: readonly Cluster[]
  readonly #monitor: Monitor
  #stored: number

  private constructor(
    context: SuiteContext,
    simulator: SimulatorProcess,
    shapes: readonly IngestShape[],
    started: readonly Cluster[],
    monitor: Monitor
  ) {
    this.#context = context
    this.#simulator = simulator
    this.#shapes = shapes
    this.#clusters = started
    this.#monitor = monitor
    this.#stored = shapes.reduce((sum, shape) => sum + windowsOf(shape), 0)
  }

  /** Resolves when every window has one commit: everything is connected and every group is there. */
  static async start(
    context: SuiteContext,
    simulator: SimulatorProcess,
    shapes: readonly IngestShape[],
    threads: ThreadFlags
  ): Promise<IngestProgram> {
    const warmed = [shapes[0]!, ...shapes]
    const started: Cluster[] = []
    for (const shape of warmed) started.push(await startShape(simulator, shape))
    const config = {
      clusters: started,
      intervals,
      offsetRefreshSeconds: 60,
      topicRefreshSeconds: 60,
      // Every status is judged anew: with a cache the answers would say little about the threads behind them.
      expireCacheSeconds: 0
    }
    const monitor = await Monitor.start(config, threads)
    const program = new IngestProgram(context, simulator, warmed, started, monitor)
    try {
      await monitor.stored(program.#stored)
      await program.#run(0, async ({ append, stored }) => {
        await append()
        await stored()
      })
      return program
    } catch (error) {
      await program.stop()
      throw error
    }
  }

  /**
   * The rest of the commits of that shape (place in the list of `start`), once: as `measure` says. What came of it is checked.
   *
   * Timed: from when the rest is in the broker's log until the program says that all is stored; what it had read before is not counted.
   */
  run<T>(shape: number, measure: (run: IngestRun) => Promise<T>): Promise<T> {
    return this.#run(shape + 1, measure)
  }

  async stop(): Promise<void> {
    await this.#monitor.stop()
    for (const { name } of this.#clusters) await this.#simulator.ask({ kind: 'stop', cluster: name })
  }

  async #run<T>(index: number, measure: (run: IngestRun) => Promise<T>): Promise<T> {
    const shape = this.#shapes[index]!
    const cluster = this.#clusters[index]!.name
    const monitor = this.#monitor
    const before = await monitor.usage()
    let startMs = 0
    let readBefore = 0
    let commits = 0
    const append = async () => {
      const storedBefore = this.#stored
      commits = (await this.#simulator.ask({ kind: 'append', cluster, rounds: roundsOf(shape) - 1 })).commits
      startMs = performance.now()
      this.#stored += commits
      readBefore = (await monitor.health()).counters.stored_commits - storedBefore
    }
    const stored = async (lookMs?: number) => {
      const { counters } = await monitor.stored(this.#stored, lookMs)
      const seconds = (performance.now() - startMs) / 1000
      const after = await monitor.usage()
      mustBe(counters.stored_commits, this.#stored, 'stored commits')
      return {
        perSecond: (commits - readBefore) / seconds,
        cpuSecondsPerMillion: ((after.cpuSeconds - before.cpuSeconds) / commits) * 1e6
      }
    }
    const figures = await measure({ cluster, monitor, append, stored })
    await checkBacklog(this.#context, monitor, {
      cluster,
      groups: shape.groups,
      partitionsPerGroup: shape.partitions,
      commitsPerPartition: roundsOf(shape)
    })
    return figures
  }
}

/** Every commit of one shape, read by a program of its own. */
export async function ingestOnce(
  context: SuiteContext,
  simulator: SimulatorProcess,
  shape: IngestShape,
  threads: ThreadFlags
): Promise<IngestFigures> {
  const program = await IngestProgram.start(context, simulator, [shape], threads)
  try {
    return await program.run(0, async ({ append, stored }) => {
      await append()
      return stored()
    })
  } finally {
    await program.stop()
  }
}

/** A cluster with one commit for every window, and the rest ready. */
async function startShape(simulator: SimulatorProcess, shape: IngestShape): Promise<Cluster> {
  const cluster = await startCluster(simulator, `bench-${clusters++}`)
  const rounds = roundsOf(shape)
  const options = {
    groups: shape.groups,
    partitionsPerGroup: shape.partitions,
    batchSize: shape.batchSize,
    codec: shape.codec,
    commitsPerPartition: rounds,
    startMs: Date.now() - rounds * roundMs,
    intervalMs: roundMs
  }
  await simulator.ask({ kind: 'backlog', cluster: cluster.name, options, keptRounds: 0 })
  await simulator.ask({ kind: 'append', cluster: cluster.name, rounds: 1 })
  return cluster
}

const windowsOf = ({ groups, partitions }: IngestShape): number => groups * partitions

/** So many that every window is full in the end. */
const roundsOf = (shape: IngestShape): number => Math.max(intervals, Math.ceil(shape.commits / windowsOf(shape))) + 1
