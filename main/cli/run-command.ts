import { BurrowError } from '../../shared/errors.ts'
import type { StartApp } from '../app-handle.ts'
import type { AppConfig, ThreadSettings } from '../config/app-config.ts'
import { loadConfig } from '../config/load-config.ts'
import type { Mistake } from '../config/mistakes.ts'
import { failed, runProgram } from './run-program.ts'

/** `burrow run`: resolves with the exit code. */
export async function runCommand(dir: string, threads: Partial<ThreadSettings>): Promise<number> {
  console.error(`Reading configuration from ${dir}`)
  let config: AppConfig
  try {
    config = loadConfig(dir, { flags: threads, environment: process.env })
  } catch (error) {
    if (!(error instanceof BurrowError) || error.code !== 'CONFIG_INVALID') throw error
    console.error(explain(error))
    return failed()
  }
  return runProgram(config, startApp, { pidFile: true })
}

/** Loaded late: a wrong configuration is told without loading the program. */
const startApp: StartApp = async (config, main) => (await import('../app.ts')).startApp(config, main)

function explain(error: BurrowError): string {
  const mistakes = (error.facts.mistakes ?? []) as readonly Mistake[]
  if (mistakes.length === 0) return `Failed reading configuration: ${error.message}`
  const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`
  return `Invalid configuration, ${count} in ${error.facts.file}:\n${error.message}`
}
