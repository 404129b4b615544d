import { BurrowError } from '../../shared/errors.ts'
import { pageLines, type StartApp } from '../app-handle.ts'
import type { AppConfig, ThreadSettings } from '../config/app-config.ts'
import { configOrThrow, examineConfig } from '../config/load-config.ts'
import type { CustomModule } from '../modules/custom-module.ts'
import { loadModules } from '../modules/load-modules.ts'
import { explainConfigError } from './explain-config-error.ts'
import { failed, runProgram } from './run-program.ts'

/** `burrow run`: resolves with the exit code. */
export async function runCommand(dir: string, threads: Partial<ThreadSettings>): Promise<number> {
  console.error(`Reading configuration from ${dir}`)
  let config: AppConfig
  let modules: readonly CustomModule[]
  try {
    const report = examineConfig(dir, { flags: threads, environment: process.env })
    const loading = await loadModules(report.config)
    config = configOrThrow({ config: report.config, mistakes: [...report.mistakes, ...loading.mistakes] })
    modules = loading.modules
  } catch (error) {
    if (!(error instanceof BurrowError) || error.code !== 'CONFIG_INVALID') throw error
    console.error(explainConfigError(error))
    return failed()
  }
  return runProgram(config, (...parts) => startApp(...parts, modules), { pidFile: true })
}

/** Loaded late: a wrong configuration is told without loading the program. */
const startApp: StartApp = async (...parts) => {
  const { startApp: start } = await import('../app.ts')
  const app = await start(...parts)
  for (const line of pageLines(app.pages)) console.error(line) // standard output is the log's
  return app
}
