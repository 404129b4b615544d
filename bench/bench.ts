import { BurrowError, messageOf } from '../shared/errors.ts'
import { compareDocuments } from './runner/compare.ts'
import { type BenchDocument, documentOf, readDocument, type SuiteResult } from './runner/document.ts'
import { createProgress } from './runner/progress.ts'
import { runSuite } from './runner/run-suite.ts'
import type { Suite, ThreadFlags } from './runner/suite.ts'
import { comparisonTable, documentTables } from './runner/table.ts'
import { suites } from './suites/index.ts'

export interface BenchOptions {
  /** Names of suites; none: the canonical load. */
  readonly suites: readonly string[]
  /** The sizes of tests and CI instead of the standard ones. */
  readonly tiny: boolean
  /** Sizes by name, for every suite that has one of that name. */
  readonly sizes: Readonly<Record<string, number>>
  readonly threads: ThreadFlags
  /** Of every suite; null: as many as each thinks right. */
  readonly rounds: number | null
  /** The document goes to standard output, and the tables to standard error. */
  readonly json: boolean
  /** File of a document to compare with. */
  readonly compare: string | null
}

/** `burrow bench`: resolves with the exit code. Throws BurrowError CONFIG_INVALID for orders that make no sense. */
export async function runBench(options: BenchOptions): Promise<number> {
  const chosen = chooseSuites(options)
  const baseline = options.compare === null ? null : readDocument(options.compare)
  const progress = createProgress(chosen.length)
  const results: SuiteResult[] = []
  const failures: string[] = []
  for (const suite of chosen) {
    const order = {
      suite: suite.name,
      sizes: sizesFor(suite, options),
      threads: options.threads,
      rounds: options.rounds ?? (options.tiny ? 1 : suite.rounds)
    }
    try {
      results.push(await runSuite(order, (done, total, what) => progress.step(suite.name, done, total, what)))
    } catch (error) {
      failures.push(messageOf(error))
    }
  }
  progress.end()
  report(documentOf(results, Date.now()), baseline, options.json)
  for (const failure of failures) process.stderr.write(`FAILED ${failure}\n`)
  return failures.length === 0 ? 0 : 1
}

function report(document: BenchDocument, baseline: BenchDocument | null, json: boolean): void {
  const say = (text: string) => (json ? process.stderr : process.stdout).write(`${text}\n`)
  if (json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  say(documentTables(document))
  if (!baseline) return
  say(`\ncompared with the run of ${baseline.date}:\n`)
  say(comparisonTable(compareDocuments(baseline, document)))
}

function chooseSuites({ suites: names, sizes }: BenchOptions): Suite[] {
  const known = suites.map(({ name }) => name)
  const unknown = names.find(name => !known.includes(name))
  if (unknown !== undefined) throw refused(`no suite ${unknown}: one of ${known.join(', ')}`)
  const chosen = suites.filter(({ name, onlyByName }) => (names.length === 0 ? !onlyByName : names.includes(name)))
  const unused = Object.keys(sizes).find(size => !chosen.some(suite => size in suite.sizes))
  if (unused !== undefined) {
    const sizes = [...new Set(chosen.flatMap(suite => Object.keys(suite.sizes)))]
    throw refused(`${unused} is no size of ${chosen.map(({ name }) => name).join(', ')}: one of ${sizes.join(', ')}`)
  }
  return chosen
}

function sizesFor(suite: Suite, { sizes, tiny }: BenchOptions): Record<string, number> {
  return Object.fromEntries(
    Object.entries(suite.sizes).map(([name, size]) => [name, sizes[name] ?? (tiny ? size.tiny : size.standard)])
  )
}

function refused(message: string): BurrowError {
  return new BurrowError('CONFIG_INVALID', message)
}
