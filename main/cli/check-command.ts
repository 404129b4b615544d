import { BurrowError } from '../../shared/errors.ts'
import type { AppConfig } from '../config/app-config.ts'
import type { ConfigReport } from '../config/load-config.ts'
import { examineConfig } from '../config/load-config.ts'
import { loadModules } from '../modules/load-modules.ts'
import { describeConfig, describeMistakes, describeWarnings } from './check/describe-config.ts'
import { findingLines } from './check/finding.ts'
import { tryAll } from './check/try-all.ts'

export interface CheckOptions {
  /** Try every server as well. */
  readonly connect: boolean
}

/**
 * `burrow check`: reads the configuration as a start would, says what it found, and starts nothing. Resolves with the exit code: 1 if
 * a start would be refused, or with `connect` if something FAILED.
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

/** Prints what each showed. Returns how many failed. */
async function tryAddresses(config: AppConfig): Promise<number> {
  console.log('\nConnections')
  const { findings, leftOut } = await tryAll(config)
  if (findings.length === 0) console.log('  none to try')
  for (const line of findingLines(findings)) console.log(`  ${line}`)
  if (leftOut > 0) console.log(`  ${leftOut} more were not tried`)
  return findings.filter(({ kind }) => kind === 'FAILED').length
}
