import { Refresher } from './refresher.ts'
import type { ClusterEvent, GroupsEvent, HealthEvent, HelloEvent } from './shapes.ts'
import { Value } from './value.ts'

/** Without an event or a comment for so long the figures are taken for old. */
export const staleAfterMs = 15_000
/**
 * A page that nobody has seen for so long lets its stream go: a browser has six connections to a host for all its tabs, and the seventh tab would
 * wait for ever.
 */
export const asleepAfterMs = 60_000
const reopenMs = { first: 2_000, most: 15_000 }

export type Connection =
  | { readonly state: 'connecting' | 'live' }
  | { readonly state: 'stale' | 'lost'; readonly sinceMs: number }

/**
 * What the monitor sends by itself (/v3/events): one stream for all parts of the page. EventSource opens it again after it broke,
 * but not after an answer like 503; that is done here.
 */
class Live {
  readonly connection = new Value<Connection>({ state: 'connecting' })
  readonly hello = new Value<HelloEvent | null>(null)
  readonly clusters = new Value<ReadonlyMap<string, ClusterEvent>>(new Map())
  readonly health = new Value<HealthEvent | null>(null)
  /** Clock of the monitor minus clock of this browser. */
  readonly clockOffsetMs = new Value(0)
  readonly #groupListeners = new Set<(event: GroupsEvent) => void>()
  #source: EventSource | undefined
  #lastHeardMs = Date.now()
  #reopenMs = reopenMs.first
  #reopening = false
  #asleep = false
  #sleepTimer: ReturnType<typeof setTimeout> | undefined

  start(): void {
    this.#open()
    setInterval(() => this.#look(), 1000)
    // A phone that was asleep: its timers and often its stream have stood still.
    document.addEventListener('visibilitychange', () => {
      clearTimeout(this.#sleepTimer)
      if (document.hidden) this.#sleepTimer = setTimeout(() => this.#sleep(), asleepAfterMs)
      else if (this.#asleep) this.#open()
      else this.#look()
    })
  }

  onGroups(listener: (event: GroupsEvent) => void): () => void {
    this.#groupListeners.add(listener)
    return () => this.#groupListeners.delete(listener)
  }

  /** Now, by the clock of the monitor, ms since the epoch. */
  nowMs(): number {
    return Date.now() + this.clockOffsetMs.get()
  }

  #sleep(): void {
    this.#asleep = true
    this.#source?.close()
    this.connection.set({ state: 'connecting' })
  }

  #open(): void {
    this.#reopening = false
    this.#asleep = false
    this.#lastHeardMs = Date.now()
    const source = new EventSource('/v3/events')
    this.#source?.close()
    this.#source = source
    const on = <T>(name: string, take: (event: T) => void) => {
      source.addEventListener(name, event => {
        this.#lastHeardMs = Date.now()
        this.connection.set(live)
        take(JSON.parse(event.data))
      })
    }
    on<HelloEvent>('hello', hello => {
      this.#reopenMs = reopenMs.first
      const known = new Set(hello.clusters)
      this.clockOffsetMs.set(hello.nowMs - Date.now())
      this.clusters.set(new Map([...this.clusters.get()].filter(([name]) => known.has(name))))
      this.hello.set(hello)
      for (const refresher of Refresher.all) refresher.ask() // whatever happened meanwhile
    })
    on<ClusterEvent>('cluster', cluster => {
      this.clusters.set(new Map(this.clusters.get()).set(cluster.name, cluster))
    })
    on<GroupsEvent>('groups', event => {
      for (const listener of this.#groupListeners) listener(event)
    })
    on<HealthEvent>('health', health => {
      this.clockOffsetMs.set(health.nowMs - Date.now())
      this.health.set(health)
    })
    source.addEventListener('error', () => {
      if (source !== this.#source) return
      this.#setLost('lost')
      if (source.readyState === EventSource.CLOSED) this.#reopen()
    })
  }

  #reopen(): void {
    if (this.#reopening) return
    this.#reopening = true
    setTimeout(() => {
      if (!this.#asleep) this.#open()
    }, this.#reopenMs)
    this.#reopenMs = Math.min(this.#reopenMs * 2, reopenMs.most)
  }

  #look(): void {
    if (this.#asleep || Date.now() - this.#lastHeardMs < staleAfterMs) return
    if (this.connection.get().state === 'live') this.#setLost('stale')
    // A stream that is open and silent does not end by itself.
    if (this.#source?.readyState === EventSource.OPEN) {
      this.#source.close()
      this.#reopen()
    }
  }

  #setLost(state: 'stale' | 'lost'): void {
    const before = this.connection.get()
    const sinceMs = 'sinceMs' in before ? before.sinceMs : this.#lastHeardMs
    this.connection.set({ state, sinceMs })
  }
}

const live: Connection = { state: 'live' }
export const monitor = new Live()
