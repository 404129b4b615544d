import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { packageVersion } from '../../main/package-version.ts'
import { BurrowError, messageOf } from '../../shared/errors.ts'
import type { FigureKind, ThreadFlags } from './suite.ts'

/** What `--json` prints and `--compare` reads. */
export interface BenchDocument {
  readonly format: typeof documentFormat
  readonly burrow: string
  readonly date: string
  readonly machine: Machine
  readonly suites: readonly SuiteResult[]
}

export const documentFormat = 'burrow-bench-1'

/** A figure belongs to a machine and a Node version. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly kernel: string
  readonly node: string
}

export interface SuiteResult {
  readonly suite: string
  readonly sizes: Readonly<Record<string, number>>
  readonly threads: ThreadFlags
  readonly rounds: number
  readonly seconds: number
  /** Results that were compared with what they must be. */
  readonly checked: number
  readonly notes: readonly string[]
  readonly rows: readonly FigureRow[]
}

/** One figure of one case, in the order of the rounds. */
export interface FigureRow extends FigureKind {
  readonly case: string
  readonly figure: string
  readonly values: readonly number[]
}

export function documentOf(suites: readonly SuiteResult[], nowMs: number): BenchDocument {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version
  }
  const date = new Date(nowMs).toISOString()
  return { format: documentFormat, burrow: packageVersion(), date, machine, suites }
}

/** Throws BurrowError CONFIG_INVALID for what is not there or is not ours. */
export function readDocument(file: string): BenchDocument {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw refused(file, messageOf(error))
  }
  if (!isDocument(value)) throw refused(file, `not a document of burrow bench --json (${documentFormat})`)
  return value
}

function isDocument(value: unknown): value is BenchDocument {
  if (!isObject(value) || value.format !== documentFormat || typeof value.date !== 'string') return false
  return isObject(value.machine) && Array.isArray(value.suites) && value.suites.every(isSuiteResult)
}

function isSuiteResult(value: unknown): value is SuiteResult {
  if (!isObject(value) || typeof value.suite !== 'string' || !isObject(value.sizes)) return false
  return Array.isArray(value.rows) && value.rows.every(isRow)
}

function isRow(value: unknown): value is FigureRow {
  if (!isObject(value) || !Array.isArray(value.values)) return false
  const texts = [value.case, value.figure, value.unit, value.better]
  // NaN and the infinities are null in JSON: a figure that could not be measured.
  const numbers = value.values.every(each => typeof each === 'number')
  return texts.every(text => typeof text === 'string') && numbers
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refused(file: string, why: string): BurrowError {
  return new BurrowError('CONFIG_INVALID', `cannot compare with ${file}: ${why}`, { file })
}
