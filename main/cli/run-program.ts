import { BurrowError } from '../../shared/errors.ts'
import type { AppHandle } from '../app-handle.ts'
import type { AppConfig } from '../config/app-config.ts'
import { createMainLogger, type MainLogger } from '../logger.ts'
import { blameModule } from '../modules/module-run.ts'
import { claimPidFile, releasePidFile } from '../pid-file.ts'
import { burrowDate } from './burrow-date.ts'
import { redirectOutput } from './stdout-log-file.ts'
import { watchStopSignals } from './stop-signals.ts'

/** Exit codes of spec 05 section 9; invalid configuration is 1 (spec 09, A2). */
export const exitCode = { stopped: 0, failed: 1, usage: 2, crashed: 2 } as const

type Running = Pick<AppHandle, 'stop' | 'failed'>
type Start = (config: AppConfig, main: MainLogger) => Promise<Running>

/**
 * The life of the process after its configuration was read: PID file, output, logger, start, wait, stop. Resolves with the exit
 * code. `pidFile: false` for the demo, which leaves nothing behind. Main thread, once.
 */
export async function runProgram(config: AppConfig, start: Start, { pidFile }: { pidFile: boolean }): Promise<number> {
  if (!pidFile) return runWithOutput(config, start)
  const claim = claimPidFile(config.general.pidFile)
  if (claim.message !== null) console.log(claim.message)
  if (!claim.ok) return failed()
  // Whatever way the process ends, short of SIGKILL, its PID file goes with it.
  process.once('exit', () => {
    const message = releasePidFile(config.general.pidFile)
    if (message !== null) console.log(message)
  })
  return runWithOutput(config, start)
}

async function runWithOutput(config: AppConfig, start: Start): Promise<number> {
  try {
    if (config.general.stdoutLogFile !== '') redirectOutput(config.general.stdoutLogFile, new Date())
    return await runWithLogger(config, createMainLogger(config), start)
  } catch (error) {
    // Only files that cannot be opened end here; a failed start is dealt with where there is a log.
    console.error((error as Error).message)
    return failed()
  }
}

async function runWithLogger(config: AppConfig, main: MainLogger, start: Start): Promise<number> {
  const signals = watchStopSignals(reason => {
    main.logger.error(reason)
    process.exit(failed())
  })
  dieLoudly(main)
  for (const warning of config.warnings) main.logger.warn(warning, { type: 'configuration' })
  const cause = await live(config, main, start, signals.first)
  if (cause !== null) main.logger.error('cannot go on', factsOf(cause))
  await main.close()
  signals.dispose()
  if (cause !== null) {
    console.error(cause.message)
    return failed()
  }
  console.error(`Stopped Burrow at ${burrowDate(new Date())}`)
  return exitCode.stopped
}

/** Start, wait, stop. Returns what went wrong, null if a signal ended it. A signal during the start waits for its end. */
async function live(config: AppConfig, main: MainLogger, start: Start, signal: Promise<string>): Promise<Error | null> {
  let app: Running
  try {
    app = await start(config, main)
  } catch (error) {
    return error as Error
  }
  const end = await Promise.race([signal, app.failed])
  if (typeof end === 'string') main.logger.info('stopping', { signal: end })
  await app.stop()
  return typeof end === 'string' ? null : end
}

/** A broken promise of our own code (not of a module that somebody brought): say what and where, and end; a supervisor outside starts anew. */
function dieLoudly(main: MainLogger): void {
  process.on('uncaughtException', error => {
    if (blameModule(error)) return
    const fields = { ...factsOf(error), error: error.message, stack: error.stack }
    main.writeRecord({ level: 'fatal', timeMs: Date.now(), message: 'crashed', fields })
    console.error(error)
    process.exit(exitCode.crashed)
  })
}

function factsOf(error: Error): Record<string, unknown> {
  const code = error instanceof BurrowError ? { ...error.facts, code: error.code } : {}
  return { ...code, error }
}

/** Says Burrow's last line. */
export function failed(): number {
  console.error(`Burrow failed at ${burrowDate(new Date())}`)
  return exitCode.failed
}
