import { BurrowError } from '../../shared/errors.ts'
import type { AppConfig } from '../config/app-config.ts'
import type { ConfigReport } from '../config/load-config.ts'
import { examineConfig } from '../config/load-config.ts'
import { loadModules } from '../modules/load-modules.ts'
import { describeConfig, describeMistakes, describeWarnings } from './check/describe-config.ts'
import { probeAll } from './check/probe-all.ts'
import { probeTargets } from './check/probe-targets.ts'

export interface CheckOptions {
  /** Try every address as well. */
  readonly connect: boolean
}

/**
 * `burrow check`: reads the configuration as a start would, says what it found, and starts nothing. Resolves with the exit code: 1 if
 * a start would be refused, or with `connect` if an address did not answer.
 */
export async function checkCommand(dir: string, { connect }: CheckOptions): Promise<number> {
  console.error(`Reading configuration from ${dir}`)
  let report: ConfigReport
  try {
    report = examineConfig(dir, { environment: process.env })
  } catch (error) {
    if (!(error instanceof BurrowError) || error.code !== 'CONFIG_INVALID') throw error
    console.error(`Failed reading configuration: ${error.message}`)
    return 1
  }
  const { mistakes } = await loadModules(report.config)
  report = { ...report, mistakes: [...report.mistakes, ...mistakes] }
  for (const line of describeConfig(report)) console.log(line)
  const failures = connect ? await tryAddresses(report.config) : 0
  for (const line of describeWarnings(report.config.warnings)) console.log(line)
  for (const line of describeMistakes(report.mistakes)) console.log(line)
  return report.mistakes.length === 0 && failures === 0 ? 0 : 1
}

/** Prints each answer when it is its turn. Returns how many did not answer. */
async function tryAddresses(config: AppConfig): Promise<number> {
  const { targets, leftOut } = probeTargets(config)
  console.log('\nConnections')
  if (targets.length === 0) console.log('  none to try')
  let failures = 0
  for await (const { target, answer } of probeAll(targets)) {
    if (!answer.ok) failures++
    const took = `${Math.round(answer.tookMs)} ms`
    console.log(
      `  ${answer.ok ? 'ok    ' : 'FAILED'}  ${target.address}  ${answer.says}, ${took} (${target.users.join(', ')})`
    )
  }
  if (leftOut > 0) console.log(`  ${leftOut} more were not tried`)
  return failures
}
