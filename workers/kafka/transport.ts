import Broker from 'kafkajs/src/broker/index.js'
import { createLogger, LEVELS } from 'kafkajs/src/loggers/index.js'
import ConnectionPool from 'kafkajs/src/network/connectionPool.js'
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js'
import Encoder from 'kafkajs/src/protocol/encoder.js'
import type { PeerCertificate } from '../../shared/actor/kafka-probe.ts'
import { BurrowError } from '../../shared/errors.ts'
import { type ApiRange, type BrokerVersions, chooseVersion } from '../../shared/kafka-api/version-choice.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { ClientProfile } from '../../shared/settings.ts'
import { AnswerFrames } from './answer-frames.ts'
import { openPlainSocket } from './plain-sockets.ts'
import { linkError } from './security/link-error.ts'
import { type LinkSecurity, securityOf } from './security/link-security.ts'
import { peerCertificate } from './security/peer-certificate.ts'
import { reauthenticateBeforeMs } from './security/reauthentication.ts'
import type { TlsSockets } from './security/tls-sockets.ts'

/**
 * Sockets to one broker. The only file that knows kafkajs: it gives us connecting, API versions and the pairing of requests
 * with answers; what is in them is ours (shared/kafka-api). Kafka threads; one owner.
 *
 * A link is good until its first failure of any kind; then it is closed for good and the owner opens another. kafkajs by itself
 * keeps a socket whose request timed out, and every later request on it times out too.
 */
export interface BrokerLink {
  readonly host: string
  readonly port: number
  readonly isOpen: boolean
  /** What the broker has shown, while the link is open; null without TLS. */
  readonly certificate: PeerCertificate | null
  /** The version of an API that both sides speak. Throws BurrowError UNSUPPORTED. */
  version(api: ApiRange): number
  /**
   * Sends a body and answers with the body of the reply. Fetch has a socket of its own, so that a waiting fetch delays
   * nothing else. Rejects with BurrowError DEADLINE_EXCEEDED, or as `openLink` does; the link is closed then.
   */
  send(api: ApiRange, version: number, body: Uint8Array, timeoutMs: number): Promise<Uint8Array>
  /** Destroys the sockets; whoever waits is refused. Does not wait for anything. */
  close(): void
}

/**
 * Resolves when the broker has told its API versions and accepted our login. Rejects with BROKER_UNREACHABLE or DEADLINE_EXCEEDED, and
 * with what a person has to repair: TLS_FAILED, AUTHENTICATION_FAILED, CREDENTIALS_UNAVAILABLE, CONFIG_INVALID.
 */
export async function openLink(
  host: string,
  port: number,
  profile: ClientProfile,
  logger: Logger
): Promise<BrokerLink> {
  stopIdleTimers()
  const log = kafkaJsLogger(logger)
  const security = securityOf(profile)
  const sockets = security.sockets()
  const pool = new ConnectionPool({
    host,
    port,
    clientId: profile.clientId,
    logger: log,
    socketFactory: sockets?.open ?? openPlainSocket,
    sasl: security.sasl(),
    connectionTimeout: profile.dialTimeoutMs,
    requestTimeout: profile.readTimeoutMs,
    enforceRequestTimeout: false // ours end the socket too, and need no timer of 100 ms per connection
  })
  for (const [index, connection] of pool.pool.entries()) {
    feedWholeAnswers(connection, index === fetchConnection)
    if (security.login) paceLogins(connection)
  }
  const broker = new Broker({ connectionPool: pool, logger: log, authenticationTimeout: profile.dialTimeoutMs })
  const link = new KafkaJsLink(host, port, pool, broker, security, sockets)
  await link.within(broker.connect(), profile.dialTimeoutMs + profile.readTimeoutMs, 'connecting')
  return link
}

type Connection = ConnectionPool['pool'][number]

class KafkaJsLink implements BrokerLink {
  readonly host: string
  readonly port: number
  readonly #pool: ConnectionPool
  readonly #broker: Broker
  readonly #security: LinkSecurity
  readonly #sockets: TlsSockets | null
  #closed: BurrowError | null = null
  readonly #refuseByWaiter = new Set<(error: Error) => void>()

  constructor(
    host: string,
    port: number,
    pool: ConnectionPool,
    broker: Broker,
    security: LinkSecurity,
    sockets: TlsSockets | null
  ) {
    this.host = host
    this.port = port
    this.#pool = pool
    this.#broker = broker
    this.#security = security
    this.#sockets = sockets
  }

  /**
   * False as soon as one of the sockets is gone. kafkajs would connect it again by itself, with what was left of a half-read
   * answer still in its buffer.
   */
  get isOpen(): boolean {
    return this.#closed === null && this.#pool.pool.every(isAlive)
  }

  get certificate(): PeerCertificate | null {
    return peerCertificate(this.#pool.pool.find(each => each.socket !== undefined)?.socket)
  }

  version(api: ApiRange): number {
    return chooseVersion(api, (this.#broker.versions ?? {}) as BrokerVersions)
  }

  send(api: ApiRange, version: number, body: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    if (!this.isOpen) this.#end(this.#error('BROKER_UNREACHABLE', 'the connection was closed'))
    if (this.#closed) return Promise.reject(this.#closed)
    const answer = this.#pool.send<Uint8Array>({
      request: {
        apiKey: api.key,
        apiVersion: version,
        apiName: api.name,
        encode: async () => {
          const encoder = new Encoder(body.length + 1)
          encoder.writeBufferInternal(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
          return encoder
        }
      },
      response: { decode: async payload => ({ payload }), parse: async decoded => decoded.payload },
      logResponseError: false
    })
    return this.within(answer, timeoutMs, api.name)
  }

  /** Races `work` with a deadline and with the end of the link. Any failure ends the link. */
  within<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer)
        this.#refuseByWaiter.delete(fail)
      }
      const fail = (error: Error) => {
        end()
        reject(error)
      }
      const timer = setTimeout(() => {
        this.#end(this.#error('DEADLINE_EXCEEDED', `${what}: no answer within ${timeoutMs} ms`))
      }, timeoutMs)
      if (this.#closed) return fail(this.#closed)
      this.#refuseByWaiter.add(fail)
      work.then(
        value => {
          end()
          resolve(value)
        },
        cause => this.#end(this.#meaning(what, cause))
      )
    })
  }

  close(): void {
    this.#end(this.#error('BROKER_UNREACHABLE', 'closed by us'))
  }

  #end(error: BurrowError): void {
    if (this.#closed) return
    this.#closed = error
    // kafkajs does not listen for `close`: without this, its own promises would never settle and it would think the socket good.
    for (const connection of this.#pool.pool) {
      connection.rejectRequests(error)
      connection.socket?.destroy()
      connection.connectionStatus = 'disconnected'
    }
    this.#broker.disconnect().catch(() => {}) // its timers; nothing is pending any more
    for (const refuse of [...this.#refuseByWaiter]) refuse(error)
  }

  #error(code: 'DEADLINE_EXCEEDED' | 'BROKER_UNREACHABLE', why: string): BurrowError {
    const broker = `${this.host}:${this.port}`
    return new BurrowError(code, `broker ${broker}: ${why}`, { broker })
  }

  #meaning(what: string, cause: unknown): BurrowError {
    const sockets = this.#sockets
    const broker = `${this.host}:${this.port}`
    return linkError({
      broker,
      what,
      cause: sockets?.problem ?? cause,
      tls: sockets !== null,
      login: this.#security.login
    })
  }
}

/** Not yet wanted, connected, or on its way: with TLS the second socket needs some time while the first is used. */
function isAlive({ socket, connectionStatus }: Connection): boolean {
  if (socket === undefined || connectionStatus === 'connected') return true
  return connectionStatus === 'disconnected' && !socket.destroyed && !socket.writableEnded
}

/** kafkajs sends Fetch on its second connection, everything else on the first. */
const fetchConnection = 1

/**
 * A socket that lies about lengths ends as one that has an error: kafkajs then refuses what is waiting. Each reader has one Fetch
 * on its way to a broker and sends the next when it has read the answer, so these may lie in the same memory.
 */
function feedWholeAnswers(connection: Connection, isFetch: boolean): void {
  const processData = connection.processData.bind(connection)
  const frames = new AnswerFrames(isFetch, answer => {
    processData(answer)
    connection.chunks = [] // an empty rest of the answer, which holds all of it
  })
  connection.processData = data => {
    const wrong = frames.add(data)
    if (wrong !== '') connection.socket?.destroy(new Error(wrong))
  }
}

/** kafkajs logs in again before a session ends (KIP-368), at the first request after this; its own ten seconds suit no short session. */
function paceLogins(connection: Connection): void {
  Object.defineProperty(connection, 'reauthenticationThreshold', {
    get: () => reauthenticateBeforeMs(Number(connection.sessionLifetime.toString()))
  })
}

let timersStopped = false

/**
 * kafkajs 2.2.4 runs a 1 ms timer per connection even when nothing waits to be sent (its issues 1704 and 1751). Nothing waits here
 * unless the broker throttles us, so a check is planned only for requests that wait. Called before the first connection.
 */
function stopIdleTimers(): void {
  if (timersStopped) return
  timersStopped = true
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId) return
    const waitMs = Math.max(1, this.throttledUntil - Date.now())
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null
      this.checkPendingRequests()
    }, waitMs)
  }
}

/** What kafkajs says at WARN and above is news for debugging only: we report failures ourselves, once. */
function kafkaJsLogger(logger: Logger): object {
  return createLogger({
    level: LEVELS.WARN,
    logCreator: () => entry => {
      const { message, broker, error } = entry.log
      logger.debug(message, { from: `kafkajs ${entry.namespace}`, level: entry.label, broker, error })
    }
  })
}
