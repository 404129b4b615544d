import { randomUUID } from 'node:crypto'
import type { Clock } from '../../shared/clock.ts'
import { type CounterBlock, Counters } from '../../shared/counters.ts'
import { BurrowError } from '../../shared/errors.ts'
import { LogLimit } from '../../shared/log-limit.ts'
import type { NotifierSettings } from '../../shared/notifier-settings.ts'
import type { Logger, StorageRef } from '../../shared/protocol/application-context.ts'
import type { Coordinator } from '../../shared/protocol/coordinator.ts'
import { withDeadline } from '../threads/deadline.ts'
import { createNotifier } from './create-notifier.ts'
import { GroupRounds, type VerdictSource } from './group-rounds.ts'
import { LeaderLoop, type Leadership } from './leadership.ts'
import { drainMs, tickMs } from './limits.ts'
import type { Notifier } from './notification.ts'
import { RenderThread } from './render-thread.ts'
import { Reporters } from './reporters.ts'
import { SteadyTime } from './steady-time.ts'
import type { TemplateRenderer } from './template-renderer.ts'

export interface NotifierCoordinatorOptions {
  /** At least one. */
  readonly notifiers: readonly NotifierSettings[]
  readonly storage: StorageRef
  readonly evaluator: VerdictSource
  readonly leadership: Leadership
  readonly clock: Clock
  readonly logger: Logger
  readonly counters: CounterBlock
  /** Is storage filled? Until then verdicts are held back. */
  isReady(): boolean
  /** 0 <= x < 1; default Math.random. */
  random?(): number
  newId?(): string
  create?(settings: NotifierSettings, renderer: TemplateRenderer): Notifier
  /** Time at the end for what is under way; default limits.ts. */
  readonly drainMs?: number
}

/**
 * Asks for the status of every group, round after round, and tells people of those that are in trouble (spec 07). Main thread.
 *
 * One timer looks every 100 ms what is due by the clock; everything else is bounded by what is under way (limits.ts).
 */
export class NotifierCoordinator implements Coordinator {
  readonly name = 'notifier'
  readonly #options: NotifierCoordinatorOptions
  readonly #leader: LeaderLoop
  readonly #renderer: RenderThread
  #reporters: Reporters | null = null
  #rounds: GroupRounds | null = null
  #timer: NodeJS.Timeout | undefined
  #leading: Promise<void> = Promise.resolve()

  constructor(options: NotifierCoordinatorOptions) {
    this.#options = options
    this.#leader = new LeaderLoop(options.leadership, options.logger)
    this.#renderer = new RenderThread(options.logger)
  }

  /** Throws BurrowError CONFIG_INVALID, for templates above all. */
  configure(): void {
    const { notifiers, storage, evaluator, clock, logger, isReady } = this.#options
    if (notifiers.length === 0) throw new BurrowError('CONFIG_INVALID', 'no notifier is configured')
    const counters = new Counters(this.#options.counters)
    const time = new SteadyTime(clock)
    const nowMs = () => time.nowMs()
    const create = this.#options.create ?? createNotifier
    const modules = notifiers.map(settings => create(settings, this.#renderer))
    const reporters = new Reporters({ modules, logger, counters, nowMs, newId: this.#options.newId ?? randomUUID })
    this.#reporters = reporters
    this.#rounds = new GroupRounds({
      intervalMs: Math.min(...notifiers.map(({ intervalSeconds }) => intervalSeconds)) * 1000,
      storage,
      evaluator,
      logger,
      counters,
      nowMs,
      wallMs: () => clock.nowMs(),
      logLimit: new LogLimit(undefined, clock),
      isReady,
      isLeading: () => this.#leader.leading,
      random: this.#options.random ?? Math.random,
      reporters
    })
  }

  async start(): Promise<void> {
    this.#leading = this.#leader.run()
    this.#timer = setInterval(() => this.tick(), tickMs)
  }

  /** Ends within a little more than `drainMs`; what is not sent by then is counted. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#leader.stop()
    this.#rounds?.stop()
    const ending = Promise.all([this.#leading, this.#reporters?.stop()])
    try {
      await withDeadline(ending, this.#options.drainMs ?? drainMs, 'the last notifications')
    } catch (error) {
      this.#options.logger.warn('did not wait for the last notifications', { error })
    } finally {
      this.#reporters?.close()
      await this.#renderer.stop()
    }
  }

  /** Does what is due. Called by the timer; tests that move the clock call it too. */
  tick(): void {
    this.#rounds?.tick()
    this.#reporters?.tick()
  }

  stats(): Readonly<Record<string, unknown>> {
    return { leading: this.#leader.leading, ...this.#rounds?.stats(), queued: this.#reporters?.queued() ?? {} }
  }
}
