import type { CounterName } from '../../shared/counters.ts'
import type { ThreadFlags } from '../runner/suite.ts'
import { mustBe, WrongResult } from '../runner/suite.ts'
import { heldTimeLine } from './held-time-line.ts'
import { type ProcessUsage, processUsage } from './process-usage.ts'
import { ours, Program } from './program.ts'
import type { ProgramConfig } from './program-config.ts'
import { waitFor } from './wait-for.ts'

/** Between two looks at what was stored: a look costs the program less than a millisecond. */
const usualLookMs = 4
const storedBoundMs = 120_000
const signalBoundMs = 5000

/** `/burrow/admin/health`, as far as benches read it. */
export interface Health {
  readonly ready: boolean
  readonly counters: Readonly<Record<CounterName, number>>
  readonly memory: { readonly rssBytes: number }
}

/** The real program in a process of its own. */
export class Monitor {
  readonly program: Program
  readonly address: string

  private constructor(program: Program) {
    this.program = program
    this.address = program.address
  }

  /** Without its own group: every commit that is stored was asked for. Resolves when it listens, which is before it has read anything from Kafka. */
  static async start(config: ProgramConfig, threads: ThreadFlags = {}, { watched = false } = {}): Promise<Monitor> {
    const flags = Object.entries(threads).flatMap(([kind, count]) => [`--${kind}-threads`, String(count)])
    const preloads = watched ? [`--import=${new URL('./held-time.preload.js', import.meta.url).href}`] : []
    return new Monitor(await Program.start(ours, { logLevel: 'warn', selfReport: false, ...config, flags }, preloads))
  }

  async health(): Promise<Health> {
    return (await this.program.get<Health>('/burrow/admin/health')).body
  }

  /** Resolves with the health that first shows so many stored commits. */
  async stored(commits: number, lookMs = usualLookMs): Promise<Health> {
    const endMs = performance.now() + storedBoundMs
    for (;;) {
      const health = await this.health()
      const { stored_commits } = health.counters
      if (stored_commits >= commits) return health
      if (performance.now() > endMs) throw new WrongResult(`${stored_commits} commits stored instead of ${commits}`)
      await new Promise(resolve => setTimeout(resolve, lookMs))
    }
  }

  /** Of a program that is `watched`: how long main's event loop was held at most since the last call, and was busy itself. */
  async held(): Promise<{ heldMs: number; busyMs: number }> {
    const { child } = this.program
    const seen = child.stderr.length
    child.kill('SIGUSR2')
    const said = () => heldTimeLine.exec(child.stderr.slice(seen))
    const [, heldMs, busyMs] = await waitFor(said, 'how long the event loop was held', signalBoundMs)
    return { heldMs: Number(heldMs), busyMs: Number(busyMs) }
  }

  /** CPU and memory of the process so far. Where there is no /proc: no CPU, and memory as the program says it. */
  async usage(): Promise<ProcessUsage> {
    try {
      return processUsage(this.program.child.pid)
    } catch {
      const rssMb = (await this.health()).memory.rssBytes / 2 ** 20
      return { cpuSeconds: Number.NaN, peakRssMb: rssMb, rssMb }
    }
  }

  /** A clean stop: a program that crashed meanwhile has not given results. */
  async stop(): Promise<void> {
    const { code } = await this.program.stop()
    mustBe(code, 0, `exit code of the monitor\n${this.program.child.said()}\n`)
  }
}
