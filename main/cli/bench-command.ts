import { BurrowError } from '../../shared/errors.ts'
import type { ThreadSettings } from '../config/app-config.ts'

/** What the command line says about a bench. */
export interface BenchFlags {
  readonly suites: readonly string[]
  readonly tiny: boolean
  readonly json: boolean
  readonly compare: string | null
  readonly rounds: number | null
  readonly sizes: Readonly<Record<string, number>>
  readonly threads: Partial<ThreadSettings>
}

/** `burrow bench`: resolves with the exit code; 1 also for results that are wrong. */
export async function benchCommand(flags: BenchFlags): Promise<number> {
  // The one way from the program into bench: loaded when it is asked for, and nothing else of ours knows that it exists.
  const { runBench } = await import('../../bench/bench.ts')
  try {
    return await runBench(flags)
  } catch (error) {
    if (!(error instanceof BurrowError) || error.code !== 'CONFIG_INVALID') throw error
    console.error(`error: ${error.message}`)
    return 2
  }
}
