import type { Counters } from '../../shared/counters.ts'
import type { LogLimit } from '../../shared/log-limit.ts'
import type { Logger, StorageRef } from '../../shared/protocol/application-context.ts'
import type { EvaluatorRequest } from '../../shared/protocol/evaluator.ts'
import { StatusConstant } from '../../shared/protocol/status.ts'
import { StorageRequestConstant as Code } from '../../shared/protocol/storage.ts'
import { notFoundStatus } from '../../shared/rules/evaluate.ts'
import { packVerdict, type Verdict } from '../../shared/verdict.ts'
import { DueQueue } from './due-queue.ts'
import { GroupBook, type WatchedGroup } from './group-book.ts'
import { evaluationsInFlightMax, groupsMax, refreshMsMax, settleMsMax } from './limits.ts'

/** The way to the evaluator pool. Rejects with BurrowError `EVALUATOR_UNAVAILABLE` past its deadline. */
export interface VerdictSource {
  verdict(request: EvaluatorRequest): Promise<Verdict>
}

export interface GroupRoundsOptions {
  /** Between two evaluations of a group. */
  readonly intervalMs: number
  readonly storage: StorageRef
  readonly evaluator: VerdictSource
  readonly logger: Logger
  readonly logLimit: LogLimit
  readonly counters: Counters
  /** Time that never goes back. */
  nowMs(): number
  /** ms since the epoch. */
  wallMs(): number
  isReady(): boolean
  isLeading(): boolean
  /** 0 <= x < 1. */
  random(): number
  readonly reporters: {
    watchersOf(group: string): readonly boolean[]
    tell(watched: WatchedGroup, verdict: Verdict, decideMs: number, timeMs: number): void
  }
}

/**
 * Which groups there are, and each one's turn to be evaluated (spec 07 sections 2.1 and 2.3). Main thread.
 *
 * The first turns are spread over one interval. While storage is being filled, nothing is evaluated and no group counts as gone,
 * for at most `settleMsMax`.
 */
export class GroupRounds {
  readonly #options: GroupRoundsOptions
  readonly #book: GroupBook
  readonly #turns = new DueQueue<WatchedGroup>()
  readonly #refreshMs: number
  #nextRefreshMs: number
  #refreshing = false
  #inFlight = 0
  #unsettledSinceMs: number | null
  #isStopped = false

  constructor(options: GroupRoundsOptions) {
    this.#options = options
    this.#book = new GroupBook(groupsMax, group => options.reporters.watchersOf(group))
    this.#refreshMs = Math.min(refreshMsMax, options.intervalMs)
    this.#nextRefreshMs = options.nowMs()
    this.#unsettledSinceMs = this.#nextRefreshMs
  }

  tick(): void {
    if (this.#isStopped) return
    const nowMs = this.#options.nowMs()
    const settled = this.#settled(nowMs)
    if (nowMs >= this.#nextRefreshMs && !this.#refreshing) {
      this.#nextRefreshMs = nowMs + this.#refreshMs
      this.#refreshing = true
      void this.#refresh().finally(() => {
        this.#refreshing = false
      })
    }
    if (settled) this.#evaluateDue(nowMs)
  }

  stop(): void {
    this.#isStopped = true
  }

  stats(): Readonly<Record<string, unknown>> {
    return { groups: this.#book.size, waiting: this.#turns.size, evaluating: this.#inFlight }
  }

  /** When storage has just been filled, the list of groups is old: it is asked for at once. */
  #settled(nowMs: number): boolean {
    if (this.#options.isReady()) {
      if (this.#unsettledSinceMs !== null) this.#nextRefreshMs = nowMs
      this.#unsettledSinceMs = null
      return true
    }
    this.#unsettledSinceMs ??= nowMs
    return nowMs - this.#unsettledSinceMs > settleMsMax
  }

  #evaluateDue(nowMs: number): void {
    if (!this.#options.isLeading()) return
    while (this.#inFlight < evaluationsInFlightMax) {
      const watched = this.#turns.pop(nowMs)
      if (watched === undefined) return
      if (watched.isGone) continue
      this.#turns.push(nowMs + this.#options.intervalMs, watched)
      this.#inFlight++
      void this.#evaluate(watched, nowMs).finally(() => {
        this.#inFlight--
        this.tick() // there may be more that are due
      })
    }
  }

  /** Time is that of the question, so that answers that come fast or slowly do not move the reminders. */
  async #evaluate(watched: WatchedGroup, askedMs: number): Promise<void> {
    const { evaluator, counters, logger, logLimit, reporters } = this.#options
    const { cluster, group } = watched
    const timeMs = this.#options.wallMs()
    counters.add('notifier_evaluations')
    let verdict: Verdict
    try {
      verdict = await evaluator.verdict({ cluster, group, showAll: false })
    } catch (error) {
      counters.add('notifier_evaluations_failed')
      logLimit.log(logger.warn, 'evaluation', 'a group could not be evaluated', { cluster, group, error })
      return
    }
    if (watched.isGone || this.#isStopped) return
    if (verdict.head.status === StatusConstant.NotFound && !this.#settled(this.#options.nowMs())) return
    reporters.tell(watched, verdict, askedMs, timeMs)
  }

  async #refresh(): Promise<void> {
    const { storage, logger, logLimit, counters } = this.#options
    try {
      const clusters = await storage.ask({ type: Code.FetchClusters })
      for (const cluster of this.#book.clusters) if (!clusters.includes(cluster)) this.#compare(cluster, [])
      for (const cluster of clusters) {
        this.#compare(cluster, (await storage.ask({ type: Code.FetchConsumers, cluster })) ?? [])
      }
    } catch (error) {
      // What is known stays: a shard that is being replaced says nothing about its groups.
      counters.add('notifier_refreshes_failed')
      logLimit.log(logger.warn, 'refresh', 'the groups could not be listed', { error })
    }
  }

  #compare(cluster: string, listed: readonly string[]): void {
    if (this.#isStopped) return
    const { intervalMs, counters, logger, logLimit, random } = this.#options
    const nowMs = this.#options.nowMs()
    if (this.#settled(nowMs)) for (const gone of this.#book.removeUnlisted(cluster, listed)) this.#tellGone(gone, nowMs)
    const { added, refused } = this.#book.add(cluster, listed)
    for (const watched of added) this.#turns.push(nowMs + random() * intervalMs, watched)
    if (refused === 0) return
    counters.add('notifier_groups_refused', refused)
    logLimit.log(logger.error, 'groups', 'too many groups, some are not watched', { cluster, refused, max: groupsMax })
  }

  /** A group that is no more closes its incident (spec 09, F12). */
  #tellGone(gone: WatchedGroup, nowMs: number): void {
    const { cluster, group } = gone
    if (!this.#options.isLeading()) return
    this.#options.reporters.tell(gone, packVerdict(notFoundStatus(cluster, group)), nowMs, this.#options.wallMs())
  }
}
