import type { Counters } from '../../shared/counters.ts'
import { BurrowError, type ErrorCode, messageOf } from '../../shared/errors.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { Report } from './decide.ts'
import { DueQueue } from './due-queue.ts'
import { attemptsMax, queuedMax, retryDelayMsMax, retryDelayMsMin, sendingMax } from './limits.ts'
import type { Notification, Notifier, Outcome, Undelivered } from './notification.ts'

export interface Delivery {
  /** One per group: messages about a group arrive in their order. */
  readonly key: string
  readonly notification: Notification
  readonly report: Report
  /** When it was decided, in the time of `decide`. */
  readonly decidedMs: number
}

export interface DeliveryQueueOptions {
  readonly notifier: Notifier
  readonly logger: Logger
  readonly counters: Counters
  /** Time for retries; the same as that of `decide`. */
  nowMs(): number
}

/** Messages about one group: the first is under way or waits for its next try. */
interface Lane {
  readonly key: string
  readonly waiting: { delivery: Delivery; attempts: number }[]
  sending: boolean
}

/**
 * The messages of one module, so that a slow or dead endpoint delays only itself (spec 09, F11). Main thread. What fails is
 * tried again with back-off, then counted; `report` then knows that nothing arrived (F6).
 */
export class DeliveryQueue {
  readonly #options: DeliveryQueueOptions
  readonly #laneByKey = new Map<string, Lane>()
  readonly #ready: Lane[] = []
  readonly #retries = new DueQueue<Lane>()
  readonly #sending = new Set<Promise<void>>()
  #queued = 0
  #isStopped = false

  constructor(options: DeliveryQueueOptions) {
    this.#options = options
  }

  /** Messages that wait or are under way. */
  get queued(): number {
    return this.#queued
  }

  /**
   * false: the queue is full, and this message is counted and forgotten. An open message that still waits gives way to a newer one
   * about the same incident.
   */
  put(delivery: Delivery): boolean {
    const lane = this.#laneByKey.get(delivery.key)
    if (lane && supersedes(delivery, lane)) {
      lane.waiting.at(-1)!.delivery = delivery
      this.#options.counters.add('notifications_superseded')
      return true
    }
    if (this.#queued >= queuedMax || this.#isStopped) {
      this.#options.counters.add('notifications_refused_queue_full')
      return false
    }
    this.#queued++
    if (lane) lane.waiting.push({ delivery, attempts: 0 })
    else {
      const fresh: Lane = { key: delivery.key, waiting: [{ delivery, attempts: 0 }], sending: false }
      this.#laneByKey.set(delivery.key, fresh)
      this.#ready.push(fresh)
    }
    this.#pump()
    return true
  }

  /** Starts the tries whose time has come. */
  tick(): void {
    const nowMs = this.#options.nowMs()
    for (let lane = this.#retries.pop(nowMs); lane; lane = this.#retries.pop(nowMs)) this.#ready.push(lane)
    this.#pump()
  }

  /** Nothing new is begun; resolves when what is under way has ended. What waited is counted. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#options.counters.add('notifications_unsent_at_stop', this.#queued - this.#sending.size)
    await Promise.all(this.#sending)
  }

  #pump(): void {
    while (!this.#isStopped && this.#sending.size < sendingMax) {
      const lane = this.#ready.shift()
      if (lane === undefined) return
      lane.sending = true
      const sending = this.#send(lane).finally(() => {
        this.#sending.delete(sending)
        this.#pump()
      })
      this.#sending.add(sending)
    }
  }

  async #send(lane: Lane): Promise<void> {
    const first = lane.waiting[0]!
    const { notification, report } = first.delivery
    first.attempts++
    const outcome = needless(notification, report) ? null : await this.#try(notification)
    lane.sending = false
    if (outcome === null) this.#options.counters.add('notifications_not_needed')
    else if (outcome.ok) this.#arrived(first.delivery, outcome.note)
    else if (outcome.retry && first.attempts < attemptsMax && !this.#isStopped) {
      this.#retry(lane, first.attempts, outcome)
      return
    } else this.#failed(first.delivery, first.attempts, outcome)
    this.#next(lane)
  }

  /** A template that fails fails every time; a thread that died was perhaps another's fault. */
  async #try(notification: Notification): Promise<Outcome> {
    try {
      return await this.#options.notifier.send(notification)
    } catch (error) {
      const code = error instanceof BurrowError ? error.code : null
      const what = code === 'TEMPLATE_FAILED' ? 'failed to assemble message: ' : ''
      const reason = what + messageOf(error)
      return { ok: false, retry: code !== null && retriedCodes.has(code), reason }
    }
  }

  #arrived({ notification, report }: Delivery, note: string): void {
    if (notification.kind === 'open') report.delivered = true
    this.#options.counters.add('notifications_sent')
    this.#options.logger.debug('sent', { ...about(notification), response: note })
  }

  #retry(lane: Lane, attempts: number, { reason, retryAfterMs = 0 }: Undelivered): void {
    const delayMs = Math.min(retryDelayMsMax, Math.max(retryAfterMs, retryDelayMsMin * 2 ** (attempts - 1)))
    this.#retries.push(this.#options.nowMs() + delayMs, lane)
    this.#options.counters.add('notifications_retried')
    const facts = { ...about(lane.waiting[0]!.delivery.notification), attempts, delayMs, response: reason }
    this.#options.logger.warn('failed to send, will be tried again', facts)
  }

  /** The next evaluation may try again, unless a newer message about this incident is on its way. */
  #failed({ notification, report, decidedMs }: Delivery, attempts: number, { reason }: Undelivered): void {
    if (notification.kind === 'open' && report.lastOpenMs === decidedMs) report.lastOpenMs = null
    this.#options.counters.add('notifications_failed')
    this.#options.logger.error('failed to send', { ...about(notification), attempts, response: reason })
  }

  #next(lane: Lane): void {
    lane.waiting.shift()
    this.#queued--
    if (lane.waiting.length > 0) this.#ready.push(lane)
    else this.#laneByKey.delete(lane.key)
  }
}

const retriedCodes: ReadonlySet<ErrorCode> = new Set(['THREAD_DIED', 'DEADLINE_EXCEEDED', 'QUEUE_FULL'])

/** Not one that is under way: what was sent cannot be changed any more. */
function supersedes({ notification }: Delivery, lane: Lane): boolean {
  const last = lane.waiting.at(-1)!
  const isUnderWay = lane.sending && lane.waiting.length === 1
  const before = last.delivery.notification
  if (isUnderWay || notification.kind !== 'open' || before.kind !== 'open') return false
  return before.data.id === notification.data.id
}

/** A close whose open never arrived, decided on while there was still hope for it. */
function needless(notification: Notification, report: Report): boolean {
  return notification.kind === 'close' && !report.delivered
}

function about({ kind, data }: Notification): Record<string, unknown> {
  return { kind, cluster: data.cluster, group: data.group, id: data.id }
}
