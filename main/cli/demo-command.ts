import type { AppHandle, DemoOptions, RunDemo } from '../app-handle.ts'
import { configFromToml } from '../config/load-config.ts'
import type { MainLogger } from '../logger.ts'
import { runProgram } from './run-program.ts'

/** `burrow demo`: resolves with the exit code. The demo makes its own configuration; this one only sets up the logger. */
export async function demoCommand(options: DemoOptions): Promise<number> {
  const config = { ...configFromToml('', { environment: process.env }), warnings: [] }
  return runProgram(config, (_, main) => startDemo(options, main), { pidFile: false })
}

async function startDemo(options: DemoOptions, main: MainLogger): Promise<AppHandle> {
  const { runDemo }: { runDemo: RunDemo } = await import('../demo.ts')
  return runDemo(options, main)
}
