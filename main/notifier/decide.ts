import type { StatusConstant } from '../../shared/protocol/status.ts'
import { StatusConstant as Status } from '../../shared/protocol/status.ts'

/** What of a module's settings decides (spec 07 section 3.1). */
export interface ReportRules {
  readonly threshold: number
  readonly sendIntervalMs: number
  readonly sendOnce: boolean
  readonly sendClose: boolean
}

/**
 * What one module was told of one incident. It ends with the incident, so an ended one never mutes the next (spec 09, F3, F6).
 * Times are those of the clock that `decide` is given.
 */
export interface Report {
  /** Newest open message that is on its way or has arrived; null = none, or it failed for good. */
  lastOpenMs: number | null
  /** An open message has arrived. */
  delivered: boolean
}

/** From the first verdict worse than OK to the next that is not. */
export interface Incident {
  /** Random UUID. */
  readonly id: string
  /** ms since the epoch. */
  readonly startMs: number
  /** By module, in the order of the configuration; undefined: the module's lists leave the group out. */
  readonly reports: readonly (Report | undefined)[]
}

export type Action = 'open' | 'close' | 'nothing'

/** A group that is OK, or that is no more, has no incident (spec 09, F12). */
export function isOver(status: StatusConstant): boolean {
  return status <= Status.OK
}

/**
 * What a module does about a verdict (spec 07 section 2.5 as decided in spec 09, F3 to F6). Pure.
 *
 * A close goes only to a module that sent an open, and groups that are OK open nothing, so threshold 1 is the same as 2.
 */
export function decide(rules: ReportRules, report: Report, status: StatusConstant, nowMs: number): Action {
  const { lastOpenMs, delivered } = report
  if (isOver(status)) return rules.sendClose && (delivered || lastOpenMs !== null) ? 'close' : 'nothing'
  if (status < rules.threshold) return 'nothing'
  if (lastOpenMs === null) return 'open'
  if (rules.sendOnce) return 'nothing'
  return nowMs - lastOpenMs > rules.sendIntervalMs ? 'open' : 'nothing'
}
