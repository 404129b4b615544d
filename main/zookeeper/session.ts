import type { ConnectionOptions as TlsOptions } from 'node:tls'
import { LogLimit } from '../../shared/log-limit.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import { type Callback, type Client, type SessionIdentity, type Watch, ZookeeperConnection } from './connection.ts'
import { elapsedMs, type Moment } from './elapsed.ts'
import { ServerList } from './servers.ts'
import { unavailable } from './zookeeper-errors.ts'

/**
 *   connecting ──► connected ◄──► disconnected ──► unsafe ──► expired ──► connecting (a new session)
 *                      ▲  └────────────────────────►│ │          ▲
 *                      └─────────────────────────────┘ └── ─ ─ ──┘       any ──► closed
 *
 * disconnected: no connection, but the session is certainly alive. unsafe: nobody has answered for so long that it may soon have
 * ended; a server may still know it. expired: a server said that it has ended, or nobody could be asked for very long.
 */
export type SessionState = 'connecting' | 'connected' | 'disconnected' | 'unsafe' | 'expired' | 'closed'

export interface SessionOptions {
  /** `host:port` or `[v6]:port`. */
  readonly servers: readonly string[]
  /** Asked for; a server may give another. */
  readonly timeoutMs: number
  readonly tls: TlsOptions | null
  readonly logger: Logger
}

/** Parts of the session timeout. */
const unsafeAfter = 2 / 3
const heartbeatEvery = 1 / 6
const lookEvery = 1 / 24
/** So long without an answer that every server that runs must have ended the session. */
const givenUpAfter = 3

const connectMs = { min: 500, max: 10_000 }
const pauseMs = { first: 50, max: 2_000 }
const closeBoundMs = 1_000

type Listener = (state: SessionState) => void

/**
 * One live ZooKeeper session: connects, goes on with the same session on another server when a connection breaks, and begins a new
 * session when one has expired. Main thread.
 *
 * The safety of locks rests on `safe`: a server keeps a session for its whole timeout after it has heard from us, and we stop
 * believing in it after two thirds, counted from when we *sent* what was last answered.
 */
export class ZookeeperSession {
  readonly #options: SessionOptions
  readonly #servers: ServerList
  readonly #listeners = new Set<Listener>()
  readonly #logLimit = new LogLimit()
  #state: SessionState = 'connecting'
  #connection: ZookeeperConnection | null = null
  #identity: SessionIdentity | null = null
  #timeoutMs: number
  #proof: Moment | null = null
  #heartbeatSent: Moment | null = null
  #heartbeatOpen = false
  #number = 0
  #connections = 0
  #pauseMs = pauseMs.first
  #triedAll = false
  #onceDown: () => void = () => undefined
  #retryTimer: NodeJS.Timeout | undefined
  #lookTimer: NodeJS.Timeout | undefined

  /** Throws BurrowError CONFIG_INVALID for servers that cannot be read. Connects to nothing before `start`. */
  constructor(options: SessionOptions) {
    this.#options = options
    this.#servers = new ServerList(options.servers)
    this.#timeoutMs = options.timeoutMs
  }

  get state(): SessionState {
    return this.#state
  }

  /** Rises with each new session; 0 = there was none yet. */
  get number(): number {
    return this.#number
  }

  /** Rises with each connection, within a session too. Watches live as long as a connection. */
  get connections(): number {
    return this.#connections
  }

  /** There was never a connection, and every server was tried. */
  get unreachable(): boolean {
    return this.#connections === 0 && this.#triedAll
  }

  /** No server can have ended the session yet. Exact at any moment, even right after the thread was held up. */
  get safe(): boolean {
    return this.#identity !== null && this.#proof !== null && elapsedMs(this.#proof) < this.#timeoutMs * unsafeAfter
  }

  /** As the server gave it. */
  get timeoutMs(): number {
    return this.#timeoutMs
  }

  get watches(): number {
    return this.#connection?.watches ?? 0
  }

  /** Of the session; for tests that end it from elsewhere. */
  get identity(): SessionIdentity | null {
    return this.#connection?.identity() ?? this.#identity
  }

  /** Returns at once; `connected` says when there is something to work with. */
  start(): void {
    this.#connect()
  }

  /** Called at each change of `state`; a call takes it off again. */
  onState(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves when there is a connection; as late as that may be. Rejects with ZOOKEEPER_UNAVAILABLE when closed. */
  connected(): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (state: SessionState) => {
        if (state !== 'connected' && state !== 'closed') return
        off()
        if (state === 'connected') resolve()
        else reject(unavailable('ZooKeeper session closed'))
      }
      const off = this.onState(look)
      look(this.#state)
    })
  }

  /** As ZookeeperConnection.call. Rejects at once when there is no connection: what waits for one could come too late. */
  call<T>(what: string, run: (client: Client, done: Callback<T>) => void): Promise<T> {
    if (this.#connection === null || this.#state !== 'connected') {
      return Promise.reject(unavailable(`${what}: not connected to ZooKeeper`))
    }
    return this.#connection.call(what, run)
  }

  /** As `call`, and leaves a watch. Its promise rejects when the connection ends. */
  async callW<T>(
    what: string,
    run: (client: Client, watch: Watch['fire'], done: Callback<T>) => void
  ): Promise<{ value: T; changed: Watch['changed'] }> {
    const connection = this.#connection
    if (connection === null || this.#state !== 'connected') throw unavailable(`${what}: not connected to ZooKeeper`)
    const watch = connection.watch()
    try {
      const value = await connection.call<T>(what, (client, done) => run(client, watch.fire, done))
      return { value, changed: watch.changed }
    } catch (error) {
      watch.drop()
      throw error
    }
  }

  /** Ends the session, so that its ephemeral nodes vanish at once; if no server takes that in time, they go with the timeout. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return
    const connection = this.#connection
    const wasConnected = this.#state === 'connected'
    clearTimeout(this.#retryTimer)
    clearInterval(this.#lookTimer)
    this.#setState('closed')
    if (connection === null || !wasConnected) return connection?.destroy('closed')
    await new Promise<void>(resolve => {
      const late = setTimeout(() => connection.destroy('closed'), closeBoundMs)
      this.#onceDown = () => {
        clearTimeout(late)
        resolve()
      }
      connection.closeSession()
    })
  }

  #connect(): void {
    const share = this.#timeoutMs / this.#servers.size
    this.#connection = new ZookeeperConnection({
      server: this.#servers.next(),
      tls: this.#options.tls,
      sessionTimeoutMs: this.#options.timeoutMs,
      connectTimeoutMs: Math.min(connectMs.max, Math.max(connectMs.min, share)),
      identity: this.#identity,
      onProof: sent => this.#onProof(sent),
      onUp: timeoutMs => this.#onUp(timeoutMs),
      onExpired: () => this.#expire(),
      onDown: reason => this.#onDown(reason)
    })
  }

  #onProof(sent: Moment): void {
    if (this.#proof === null || sent.steadyMs > this.#proof.steadyMs) this.#proof = sent
  }

  #onUp(timeoutMs: number): void {
    if (this.#state === 'closed') return
    if (this.#identity === null) this.#number++
    this.#identity = this.#connection!.identity()
    this.#timeoutMs = timeoutMs
    this.#connections++
    this.#heartbeatOpen = false
    this.#heartbeatSent = null
    this.#servers.succeeded()
    clearInterval(this.#lookTimer)
    this.#lookTimer = setInterval(() => this.#look(), timeoutMs * lookEvery)
    this.#setState('connected')
  }

  #onDown(reason: string): void {
    if (this.#state === 'closed') {
      this.#onceDown()
      return
    }
    if (this.#servers.roundDone) this.#triedAll = true
    const { logger } = this.#options
    this.#logLimit.log(logger.warn, `down:${reason}`, 'no connection to ZooKeeper', { reason })
    if (this.#identity !== null) this.#identity = this.#connection!.identity() // it has seen newer transactions
    this.#connection = null
    if (this.#state === 'connected') {
      this.#pauseMs = pauseMs.first
      this.#setState(this.safe ? 'disconnected' : 'unsafe')
    }
    this.#retryTimer = setTimeout(() => this.#connect(), this.#pauseBeforeNext())
  }

  /** Longer after each round of all servers; a connection that came up begins anew, so one that breaks at once is slow too. */
  #pauseBeforeNext(): number {
    if (!this.#servers.roundDone) return pauseMs.first
    const pause = this.#pauseMs * (1 + Math.random() / 2)
    this.#pauseMs = Math.min(this.#pauseMs * 2, pauseMs.max, this.#timeoutMs / 3)
    return pause
  }

  /** The watchdog. */
  #look(): void {
    if (this.#identity === null || this.#proof === null) return
    if (!this.safe && (this.#state === 'connected' || this.#state === 'disconnected')) {
      this.#setState('unsafe')
      this.#connection?.destroy('no answer')
    }
    if (this.#state === 'unsafe' && elapsedMs(this.#proof) > this.#timeoutMs * givenUpAfter) this.#expire()
    if (this.#state === 'connected') this.#beat()
  }

  #beat(): void {
    const due = this.#heartbeatSent === null || elapsedMs(this.#heartbeatSent) >= this.#timeoutMs * heartbeatEvery
    if (this.#heartbeatOpen || !due) return
    this.#heartbeatOpen = true
    this.#heartbeatSent = { steadyMs: performance.now(), wallMs: Date.now() }
    const connection = this.#connection
    const closed = () => {
      if (connection === this.#connection) this.#heartbeatOpen = false
    }
    this.call('heartbeat', (client, done) => client.exists('/', done)).then(closed, closed)
  }

  #expire(): void {
    if (this.#state === 'closed' || this.#identity === null) return
    this.#identity = null
    this.#proof = null
    this.#setState('expired')
    this.#connection?.destroy('session expired') // it may be about to go on with the session that was given up
  }

  #setState(state: SessionState): void {
    if (this.#state === state) return
    this.#state = state
    for (const listener of [...this.#listeners]) listener(state)
  }
}
