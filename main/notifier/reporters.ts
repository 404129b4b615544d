import type { Counters } from '../../shared/counters.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import { compileGroupFilter } from '../../shared/rules/group-filter.ts'
import type { Verdict } from '../../shared/verdict.ts'
import { decide, type Incident, isOver, type Report, type ReportRules } from './decide.ts'
import { DeliveryQueue } from './delivery-queue.ts'
import { keyOf, type WatchedGroup } from './group-book.ts'
import type { Notification, Notifier } from './notification.ts'

export interface ReportersOptions {
  readonly modules: readonly Notifier[]
  readonly logger: Logger
  readonly counters: Counters
  /** The time that messages are spaced by. */
  nowMs(): number
  newId(): string
}

interface Reporter {
  readonly notifier: Notifier
  readonly rules: ReportRules
  readonly queue: DeliveryQueue
  accepts(group: string): boolean
}

/** All modules: what each is told of a verdict (spec 07 section 2.4). Main thread. Throws BurrowError CONFIG_INVALID when made. */
export class Reporters {
  readonly #options: ReportersOptions
  readonly #reporters: readonly Reporter[]

  constructor(options: ReportersOptions) {
    this.#options = options
    this.#reporters = options.modules.map(notifier => reporterOf(notifier, options))
  }

  /** By module: do its lists let the group in? */
  watchersOf(group: string): readonly boolean[] {
    return this.#reporters.map(({ accepts }) => accepts(group))
  }

  /** `decideMs`: when the verdict was asked for, in the time of `nowMs`; `timeMs`: the same by the clock. */
  tell(watched: WatchedGroup, verdict: Verdict, decideMs: number, timeMs: number): void {
    const over = isOver(verdict.head.status)
    const incident = watched.incident ?? (over ? null : this.#newIncident(watched, timeMs))
    if (incident === null) return
    watched.incident = over ? null : incident
    for (const [index, reporter] of this.#reporters.entries()) {
      const report = incident.reports[index]
      if (report) tellOne(reporter, report, { watched, verdict, incident, decideMs, timeMs })
    }
  }

  tick(): void {
    for (const { queue } of this.#reporters) queue.tick()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#reporters.map(({ queue }) => queue.stop()))
  }

  close(): void {
    for (const { notifier } of this.#reporters) notifier.close()
  }

  /** Messages that wait or are under way, by module. */
  queued(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#reporters.map(({ notifier, queue }) => [notifier.settings.name, queue.queued]))
  }

  #newIncident({ watchers }: WatchedGroup, startMs: number): Incident {
    const reports = watchers.map(watches => (watches ? { lastOpenMs: null, delivered: false } : undefined))
    return { id: this.#options.newId(), startMs, reports }
  }
}

interface Told {
  readonly watched: WatchedGroup
  readonly verdict: Verdict
  readonly incident: Incident
  readonly decideMs: number
  readonly timeMs: number
}

function tellOne({ notifier, rules, queue }: Reporter, report: Report, told: Told): void {
  const { watched, verdict, incident, decideMs, timeMs } = told
  const kind = decide(rules, report, verdict.head.status, decideMs)
  if (kind === 'nothing') return
  const { extras } = notifier.settings
  const { id, startMs } = incident
  const data = { cluster: watched.cluster, group: watched.group, id, startMs, extras, result: verdict }
  const notification: Notification = { kind, data, timeMs }
  const taken = queue.put({ key: keyOf(watched), notification, report, decidedMs: decideMs })
  if (taken && kind === 'open') report.lastOpenMs = decideMs
}

function reporterOf(notifier: Notifier, { logger, counters, nowMs }: ReportersOptions): Reporter {
  const { settings } = notifier
  const filter = compileGroupFilter(settings.groupAllowlist, settings.groupDenylist)
  const { name, className, threshold, sendOnce, sendClose, sendIntervalSeconds } = settings
  const moduleLogger = logger.child({ type: 'module', name, class: className })
  return {
    notifier,
    rules: { threshold, sendOnce, sendClose, sendIntervalMs: sendIntervalSeconds * 1000 },
    queue: new DeliveryQueue({ notifier, logger: moduleLogger, counters, nowMs }),
    accepts: group => filter.accept(group)
  }
}
