import type { ThreadSettings } from '../../main/config/app-config.ts'

/**
 * What a suite is. A suite runs in a process of its own: it prepares once, then each of its cases is measured in turn, round after
 * round, and what the cases left behind is checked outside of the measured time.
 */
export interface Suite {
  readonly name: string
  /** One line for people. */
  readonly about: string
  readonly sizes: Readonly<Record<string, Size>>
  readonly figures: Readonly<Record<string, FigureKind>>
  /** Rounds when nobody says how many. More where a round is short. */
  readonly rounds: number
  /** Rounds before them whose figures are thrown away: in the first, V8 compiles. Default 0. */
  readonly warmRounds?: number
  /** Not part of the canonical load: only by name. */
  readonly onlyByName?: boolean
  prepare(context: SuiteContext): Promise<PreparedSuite>
}

/** A number that a flag may change. `tiny`: what tests and CI take, enough to show that results are right. */
export interface Size {
  readonly standard: number
  readonly tiny: number
  readonly about: string
}

export interface FigureKind {
  readonly unit: string
  /** `less` = lower is better; `as-is`: says something about the run, and is not compared. */
  readonly better: 'more' | 'less' | 'as-is'
}

export type ThreadFlags = Partial<ThreadSettings>

export interface SuiteContext {
  readonly sizes: Readonly<Record<string, number>>
  /** As the flags of the command line said; nothing: the suite chooses. */
  readonly threads: ThreadFlags
  /** Results (windows, statuses, offsets) that were compared with what they must be, and were right. */
  checked(count: number): void
  /** A sentence under the table. */
  note(text: string): void
}

export interface PreparedSuite {
  readonly cases: readonly Case[]
  /** After the last round: whatever was not checked along the way. Rejects with WrongResult. */
  check?(): Promise<void>
  /** Also after a failure. */
  close(): Promise<void>
}

export interface Case {
  readonly name: string
  /** One run: figures by name. Rejects with WrongResult when what was computed is wrong. */
  measure(): Promise<Readonly<Record<string, number>>>
}

/** What is fast and wrong is no result. */
export class WrongResult extends Error {
  override readonly name = 'WrongResult'
}

/** Throws WrongResult unless both are the same number, text or flag. */
export function mustBe(actual: unknown, expected: number | string | boolean, what: string): void {
  if (actual !== expected) throw new WrongResult(`${what}: ${String(actual)} instead of ${expected}`)
}

/** The size of that name; a suite that asks for one it did not declare is broken. */
export function sizeOf(context: SuiteContext, name: string): number {
  const size = context.sizes[name]
  if (size === undefined) throw new RangeError(`no size ${name}`)
  return size
}
