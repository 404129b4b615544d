import type { Counters } from '../../shared/counters.ts'
import { BurrowError } from '../../shared/errors.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { FeedSource } from '../httpserver/events-route.ts'
import { ClusterWatch, type ClusterWatchOptions } from './cluster-watch.ts'
import { commentLine, eventBytes, retryLine } from './event.ts'
import { FeedClient, unreadMsMax } from './feed-client.ts'
import type { ClusterCondition } from './program-state.ts'

/** Clients of a program; the next is refused. */
export const feedClientsMax = 200
/** From one look to the next, while somebody listens. */
export const tickMs = 2_000
/** A comment at every so many-th tick: at least every 10 s. */
const ticksPerComment = 4
/** After a pass over all clusters, the others have at least so many times as long as it took. */
const restPerPass = 1
/** What one turn of the event loop gives to sockets. */
const flushBytesPerTurn = 256 * 1024
const flushClientsPerTurn = 16

export interface FeedOptions extends Pick<ClusterWatchOptions, 'page' | 'threads'> {
  readonly version: string
  readonly clusters: readonly string[]
  /** Commits in a window. */
  readonly intervals: number
  readonly logger: Logger
  readonly counters: Counters
  conditions(): readonly ClusterCondition[]
  /** The program's own state, plain JSON; called once a tick. */
  health(): object
  readonly tickMs?: number
  readonly unreadMsMax?: number
}

/**
 * What happens, for all who listen: one per program, main thread. Looks at everything once a tick, only while somebody listens, and renders what has
 * changed once for all (README.md beside this).
 */
export class Feed implements FeedSource {
  readonly #options: FeedOptions
  readonly #tickMs: number
  readonly #startedMs = Date.now()
  readonly #clients = new Set<FeedClient>()
  #watches: readonly ClusterWatch[] = []
  #timer: NodeJS.Timeout | null = null
  #ticks = 0
  #passing = false
  #restUntilMs = 0
  #flushing = false
  #stopped = false

  constructor(options: FeedOptions) {
    this.#options = options
    this.#tickMs = options.tickMs ?? tickMs
  }

  /** Who listens. */
  get clients(): number {
    return this.#clients.size
  }

  open(): FeedClient {
    const { counters } = this.#options
    if (this.#stopped || this.#clients.size >= feedClientsMax) {
      counters.add('feed_clients_refused')
      throw new BurrowError('QUEUE_FULL', 'too many clients listen to events', { feedClientsMax })
    }
    counters.add('feed_clients')
    const client = new FeedClient({ start: () => this.#start(), onGone: gone => this.#leave(gone) })
    this.#clients.add(client)
    if (this.#timer === null) this.#begin()
    return client
  }

  stop(): void {
    this.#stopped = true
    this.#rest()
    for (const client of this.#clients) client.end()
  }

  #begin(): void {
    this.#watches = this.#options.clusters.map(cluster => new ClusterWatch(cluster, this.#options))
    this.#restUntilMs = 0
    this.#timer = setInterval(() => this.#tick(), this.#tickMs)
    // Not at once: the client that has just come is to be served first.
    setImmediate(() => this.#tick())
  }

  /** Nobody listens: what was said is forgotten, and nothing is done. */
  #rest(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    this.#watches = []
  }

  #leave(client: FeedClient): void {
    if (this.#clients.delete(client) && this.#clients.size === 0) this.#rest()
  }

  #tick(): void {
    if (this.#timer === null) return
    this.#letGo()
    const health = eventBytes('health', JSON.stringify(this.#options.health()))
    this.#publish(this.#ticks++ % ticksPerComment === 0 ? [commentLine, health] : [health])
    if (!this.#passing && performance.now() >= this.#restUntilMs) void this.#pass(this.#watches)
  }

  async #pass(watches: readonly ClusterWatch[]): Promise<void> {
    this.#passing = true
    const startMs = performance.now()
    try {
      for (const watch of watches) {
        const condition = this.#options.conditions().find(({ name }) => name === watch.cluster)
        const events = await watch.look(condition ?? unknownCondition(watch.cluster))
        if (watches !== this.#watches) return // all have left meanwhile; others begin anew
        this.#publish(events)
      }
    } catch (error) {
      if (!(error instanceof BurrowError)) throw error
      if (watches !== this.#watches) return // stopped, or nobody is there to miss it
      this.#options.counters.add('feed_passes_failed')
      this.#options.logger.warn('could not look for changes', { code: error.code, error })
    } finally {
      this.#passing = false
      const endMs = performance.now()
      this.#restUntilMs = endMs + restPerPass * (endMs - startMs) - this.#tickMs / 10 // timers are not that exact
    }
  }

  /** In one piece: each is a system call for each client. */
  #publish(events: readonly Uint8Array[]): void {
    if (events.length === 0) return
    const bytes = Buffer.concat(events)
    for (const client of this.#clients) {
      if (!client.push(bytes)) this.#options.counters.add('feed_clients_behind')
    }
    if (!this.#flushing) void this.#flush()
  }

  /** Some clients a turn: the kernel copies what a socket is given. */
  async #flush(): Promise<void> {
    this.#flushing = true
    let bytes = 0
    let clients = 0
    for (const client of [...this.#clients]) {
      bytes += client.flushBytes
      client.flush()
      if (++clients < flushClientsPerTurn && bytes < flushBytesPerTurn) continue
      bytes = 0
      clients = 0
      await new Promise<void>(resolve => setImmediate(resolve))
    }
    this.#flushing = false
  }

  #letGo(): void {
    const nowMs = performance.now()
    for (const client of this.#clients) {
      if (client.unreadMs(nowMs) <= (this.#options.unreadMsMax ?? unreadMsMax)) continue
      this.#options.counters.add('feed_clients_let_go')
      client.cut()
    }
  }

  #start(): Uint8Array {
    const { version, clusters, intervals } = this.#options
    const hello = { version, startedMs: this.#startedMs, nowMs: Date.now(), clusters, intervals }
    return Buffer.concat([
      retryLine,
      eventBytes('hello', JSON.stringify({ ...hello, refreshSeconds: this.#tickMs / 1000 })),
      ...this.#watches.flatMap(watch => watch.start())
    ])
  }
}

function unknownCondition(name: string): ClusterCondition {
  return { name, up: false, ready: false, error: null }
}
