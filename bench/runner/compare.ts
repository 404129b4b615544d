import type { BenchDocument, FigureRow, SuiteResult } from './document.ts'
import { largest, median, smallest } from './statistics.ts'

/** A smaller difference than this, either way, is a tie: on the machines we know, repeated runs alone differ by up to 30 %. */
export const tieRatio = 1.3

export type Verdict = 'tie' | 'better' | 'worse' | 'unsure'

export interface Comparison {
  readonly suite: string
  readonly case: string
  readonly figure: string
  readonly unit: string
  readonly before: number
  readonly after: number
  /** How many times better than before; below 1 = worse. */
  readonly ratio: number
  /** `unsure`: the medians are far apart, but the ranges of the runs overlap, or one of them has no range: a single round. */
  readonly verdict: Verdict
}

export interface ComparisonReport {
  readonly comparisons: readonly Comparison[]
  /** Why some or all of it cannot be trusted, or was left out. */
  readonly warnings: readonly string[]
}

/** Only suites of the same sizes and threads are compared, case by case and figure by figure. */
export function compareDocuments(before: BenchDocument, after: BenchDocument): ComparisonReport {
  const warnings = machineWarnings(before, after)
  const comparisons: Comparison[] = []
  const once: string[] = []
  for (const suite of after.suites) {
    const base = before.suites.find(each => each.suite === suite.suite)
    if (!base) warnings.push(`${suite.suite}: not in the baseline`)
    else if (!isSameLoad(base, suite)) warnings.push(`${suite.suite}: other sizes or threads than in the baseline`)
    else {
      comparisons.push(...compareSuites(base, suite, warnings))
      if (Math.min(base.rounds, suite.rounds) === 1) once.push(suite.suite)
    }
  }
  if (once.length > 0) {
    warnings.push(`measured in one round, so never better or worse: ${once.join(', ')}; run both with --rounds 5`)
  }
  return { comparisons, warnings }
}

/** Values of two runs, a value for each round. */
export function verdictOf(before: readonly number[], after: readonly number[], better: 'more' | 'less'): Verdict {
  const ratio = ratioOf(median(before), median(after), better)
  if (!(ratio >= tieRatio || ratio <= 1 / tieRatio)) return 'tie'
  const apart = smallest(after) > largest(before) || largest(after) < smallest(before)
  // Two ranges of a single value are always apart.
  if (!apart || Math.min(before.length, after.length) < 2) return 'unsure'
  return ratio > 1 ? 'better' : 'worse'
}

function compareSuites(base: SuiteResult, suite: SuiteResult, warnings: string[]): Comparison[] {
  return suite.rows.flatMap(row => {
    const { better } = row
    if (better === 'as-is') return []
    const old = base.rows.find(each => each.case === row.case && each.figure === row.figure)
    if (!old) {
      warnings.push(`${suite.suite}, ${row.case}, ${row.figure}: not in the baseline`)
      return []
    }
    return [comparisonOf(suite.suite, old, row, better)]
  })
}

function comparisonOf(suite: string, old: FigureRow, row: FigureRow, better: 'more' | 'less'): Comparison {
  const before = median(old.values)
  const after = median(row.values)
  const verdict = verdictOf(old.values, row.values, better)
  const ratio = ratioOf(before, after, better)
  return { suite, case: row.case, figure: row.figure, unit: row.unit, before, after, ratio, verdict }
}

function ratioOf(before: number, after: number, better: 'more' | 'less'): number {
  if (before === after) return 1
  return better === 'more' ? after / before : before / after
}

function isSameLoad(a: SuiteResult, b: SuiteResult): boolean {
  return JSON.stringify([sorted(a.sizes), sorted(a.threads)]) === JSON.stringify([sorted(b.sizes), sorted(b.threads)])
}

function sorted(values: object): [string, unknown][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
}

function machineWarnings(before: BenchDocument, after: BenchDocument): string[] {
  const keys = ['cpu', 'cores', 'memoryGb', 'node'] as const
  return keys
    .filter(key => before.machine[key] !== after.machine[key])
    .map(key => `the baseline is of another machine: ${key} ${before.machine[key]}, now ${after.machine[key]}`)
}
