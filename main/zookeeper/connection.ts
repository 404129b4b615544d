import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls'
import { type Client, CreateMode, createClient, type Event, type Exception, type Stat } from 'node-zookeeper-client'
import { int64At } from '../../shared/codec/int64.ts'
import { BurrowError, messageOf } from '../../shared/errors.ts'
import type { CreateMode as Mode, ZookeeperEvent, ZookeeperStat } from '../../shared/protocol/zookeeper.ts'
import { type Moment, thisMoment } from './elapsed.ts'
import { FrameSplitter } from './frame-splitter.ts'
import type { Server } from './servers.ts'
import { isServerAnswer, toZookeeperError, unavailable } from './zookeeper-errors.ts'

export type { Client, Stat } from 'node-zookeeper-client'

/** What a session is known by, and the newest transaction that it has seen. */
export interface SessionIdentity {
  readonly id: Buffer
  readonly password: Buffer
  readonly zxid: Buffer
}

export interface ConnectionOptions {
  readonly server: Server
  readonly tls: TlsOptions | null
  readonly sessionTimeoutMs: number
  /** Until the session is there, names and TLS included. */
  readonly connectTimeoutMs: number
  /** The session to go on with, null = a new one. */
  readonly identity: SessionIdentity | null
  /** `sent`: when what a server has just answered was sent. The session was alive at that moment or later. */
  onProof(sent: Moment): void
  onUp(negotiatedTimeoutMs: number): void
  /** The server does not know the session any more. `onDown` follows. */
  onExpired(): void
  /** Once, before those who wait for an answer or an event are refused. */
  onDown(reason: string): void
}

/** What we use of the insides of node-zookeeper-client 1.1.3; test/main/zookeeper/library-insides.test.ts looks after them. */
export interface LibraryInsides {
  socket: Socket
  zxid: Buffer
  connect(): void
  setState(state: number): void
  onSocketConnected(): void
  onSocketData(frame: Buffer): void
  onSocketDrain(): void
  onSocketClosed(hasError: boolean): void
}

export type Callback<T> = (error: Error | Exception | null, value: T) => void
export interface Watch {
  readonly fire: (event: Event) => void
  readonly changed: Promise<ZookeeperEvent>
  /** The call that was to set it has failed. */
  drop(): void
}

export const createFlagByMode: Readonly<Record<Mode, number>> = {
  persistent: CreateMode.PERSISTENT,
  ephemeral: CreateMode.EPHEMERAL,
  'ephemeral-sequential': CreateMode.EPHEMERAL_SEQUENTIAL
}

/** Throws BurrowError PROTOCOL_DECODE for a transaction or time beyond 2^53 - 1: we refuse instead of rounding. */
export function toStat(stat: Stat): ZookeeperStat {
  const mzxid = exact('mzxid', stat.mzxid)
  return { mzxid, mtimeMs: exact('mtime', stat.mtime) }
}

function exact(field: string, bytes: Buffer): number {
  const value = int64At(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0)
  if (Number.isNaN(value)) throw new BurrowError('PROTOCOL_DECODE', `${field} of a node is beyond 2^53 - 1`, { field })
  return value
}

const connecting = 1
const eventTypes = { 1: 'created', 2: 'deleted', 3: 'changed', 4: 'child' } as const

/**
 * One socket to one server, and the library's client for its life. The only file that knows node-zookeeper-client. Main thread.
 *
 * The library reconnects by itself: with all watches in one packet that a server may refuse for its size, with requests left
 * over from before, and without ever saying that a peer is dead. So here a client lives as long as its socket: what was
 * asked or watched on it is refused when it ends, and the session (session.ts) goes on with the next one.
 */
export class ZookeeperConnection {
  readonly #client: Client
  readonly #insides: LibraryInsides
  readonly #options: ConnectionOptions
  readonly #socket: Socket
  readonly #connectTimer: NodeJS.Timeout
  readonly #calls = new Set<(reason: Error) => void>()
  readonly #watches = new Set<(reason: Error) => void>()
  #connectSent: Moment = thisMoment()
  #reason = 'closed by the server'
  #isDown = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    const { identity, sessionTimeoutMs } = options
    const session = identity ? { sessionId: identity.id, sessionPassword: identity.password } : {}
    // The address is never used: we open the socket.
    this.#client = createClient('127.0.0.1:1', { sessionTimeout: sessionTimeoutMs, retries: 0, ...session })
    this.#insides = (this.#client as unknown as { connectionManager: LibraryInsides }).connectionManager
    if (identity) this.#insides.zxid = identity.zxid
    this.#insides.connect = () => undefined
    this.#client.on('connected', () => this.#onUp())
    this.#client.on('expired', () => options.onExpired())
    this.#insides.setState(connecting)
    this.#socket = openSocket(options)
    this.#insides.socket = this.#socket
    this.#connectTimer = setTimeout(() => this.destroy('no session in time'), options.connectTimeoutMs)
    this.#listen(options.tls ? 'secureConnect' : 'connect')
  }

  get isDown(): boolean {
    return this.#isDown
  }

  /** Watches that have not fired. */
  get watches(): number {
    return this.#watches.size
  }

  identity(): SessionIdentity {
    return {
      id: this.#client.getSessionId(),
      password: this.#client.getSessionPassword(),
      zxid: this.#insides.zxid
    }
  }

  /**
   * Rejects with BurrowError ZOOKEEPER_REFUSED or ZOOKEEPER_UNAVAILABLE. Needs no timer of its own: a server answers in the order of
   * the requests, so the deadline of the next heartbeat is this call's too.
   */
  call<T>(what: string, run: (client: Client, done: Callback<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isDown) return reject(unavailable(`${what}: not connected`))
      const sent = thisMoment()
      this.#calls.add(reject)
      const done: Callback<T> = (error, value) => {
        this.#calls.delete(reject)
        const code = error === null || error === undefined ? undefined : (error as Exception).code
        if (!error || isServerAnswer(code)) this.#options.onProof(sent)
        if (error) reject(toZookeeperError(what, error as unknown as Error & { code?: number }))
        else resolve(value)
      }
      try {
        run(this.#client, done)
      } catch (error) {
        this.#calls.delete(reject) // the library refuses a path that no node can have
        reject(toZookeeperError(what, { name: 'refused', message: String(error), code: -102 }))
      }
    })
  }

  watch(): Watch {
    let drop = () => {}
    let fire: Watch['fire'] = () => {}
    const changed = new Promise<ZookeeperEvent>((resolve, reject) => {
      this.#watches.add(reject)
      drop = () => this.#watches.delete(reject)
      fire = event => {
        drop()
        const type = eventTypes[event.type as keyof typeof eventTypes]
        resolve({ type, path: event.path })
      }
    })
    changed.catch(() => undefined) // whoever does not wait for it need not hear of its end
    return { fire, changed, drop }
  }

  /** Asks the server to end the session; it then closes the socket. */
  closeSession(): void {
    if (!this.#isDown) this.#client.close()
  }

  destroy(reason: string): void {
    if (this.#isDown) return
    this.#reason = reason
    this.#socket.destroy()
    this.#onDown()
  }

  #listen(connected: 'connect' | 'secureConnect'): void {
    const splitter = new FrameSplitter()
    this.#socket.setNoDelay()
    this.#socket.on(connected, () => {
      this.#connectSent = thisMoment()
      this.#insides.onSocketConnected()
    })
    this.#socket.on('data', chunk => {
      try {
        splitter.push(chunk, frame => this.#insides.onSocketData(frame))
      } catch (error) {
        // An answer that the library cannot read. Whatever comes after it belongs to other requests than it thinks.
        this.destroy(`unreadable answer: ${messageOf(error)}`)
      }
    })
    this.#socket.on('drain', () => this.#insides.onSocketDrain())
    this.#socket.on('error', error => {
      this.#reason = error.message
    })
    this.#socket.on('close', () => this.#onDown())
  }

  #onUp(): void {
    clearTimeout(this.#connectTimer)
    this.#options.onProof(this.#connectSent)
    this.#options.onUp(this.#client.getSessionTimeout())
  }

  #onDown(): void {
    if (this.#isDown) return
    this.#isDown = true
    clearTimeout(this.#connectTimer)
    this.#options.onDown(this.#reason)
    this.#insides.onSocketClosed(false)
    const refused = unavailable(`connection to ZooKeeper lost: ${this.#reason}`)
    for (const reject of [...this.#calls, ...this.#watches]) reject(refused)
    this.#calls.clear()
    this.#watches.clear()
  }
}

function openSocket({ server, tls }: ConnectionOptions): Socket {
  if (!tls) return connectTcp(server)
  // A name goes into SNI, an address may not (RFC 6066); both are checked against the certificate.
  return connectTls({ ...tls, ...server, ...(isIP(server.host) ? {} : { servername: server.host }) })
}
