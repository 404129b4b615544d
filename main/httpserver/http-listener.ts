import {
  createServer,
  type IncomingMessage,
  METHODS,
  type RequestListener,
  type Server,
  type ServerResponse
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { SecureContextOptions } from 'node:tls'
import { type FastifyInstance, fastify } from 'fastify'
import type { Clock } from '../../shared/clock.ts'
import type { HostPort } from '../config/host-port.ts'
import { badRequest } from './answer.ts'
import { type ClientError, refuseClient, refuseTunnel } from './client-errors.ts'
import { ConnectionLine } from './connection-line.ts'
import { QuickLane } from './quick/quick-lane.ts'
import type { Responder } from './responder.ts'
import { SecureServer } from './secure-server.ts'
import { readBody, sendAnswer } from './send-answer.ts'

/**
 * One listening address: a fastify instance and its sockets. Fastify enters the program here and nowhere else. Main thread.
 *
 * Fastify brings the life cycle, error hooks and plugins; the server, plain or TLS, is made here. Every request is taken from one `onRequest` hook,
 * before fastify would parse a body or refuse its type, and given to the responder; fastify's router sees only `/` (router.ts
 * says why).
 */
export class HttpListener {
  readonly counts: ListenerCounts = {
    requests: 0,
    ready: 0,
    refusedBusy: 0,
    clientErrors: 0,
    connectionsRefused: 0,
    tlsRefused: 0
  }
  readonly #app: FastifyInstance
  readonly #responder: Responder
  readonly #lineBySocket = new WeakMap<Duplex, ConnectionLine>()
  readonly #quick: QuickLane | null
  #secure: SecureServer | null = null
  #open = 0

  constructor({ responder, timeoutSeconds, certificates = null, clock = null }: HttpListenerOptions) {
    this.#responder = responder
    const timeoutMs = timeoutSeconds * 1000
    this.#quick = clock && !certificates ? this.#createQuickLane(clock, timeoutMs) : null
    this.#app = this.#createApp(timeoutMs, certificates)
  }

  /** Other certificates, from the next connection on; for a listener that was made with some. */
  renew(certificates: SecureContextOptions): void {
    this.#secure?.renew(certificates)
  }

  /** Resolves with the real address; rejects with Node's error, for example EADDRINUSE. May be tried again after that. */
  async start({ host, port }: HostPort): Promise<AddressInfo> {
    try {
      await this.#app.listen({ port, host: bindHost(host) })
    } catch (error) {
      // No IPv6 on this machine (common in containers): all addresses are then those of IPv4.
      if (host !== '' || !noSuchFamily.has((error as NodeJS.ErrnoException).code ?? '')) throw error
      await this.#app.listen({ port, host: '0.0.0.0' })
    }
    return this.#app.server.address() as AddressInfo
  }

  /** Requests of all connections that are under way or wait. */
  get openRequests(): number {
    return this.#open
  }

  /** Takes no more connections. What is under way may finish until `deadlineMs`; then its connections are closed. */
  async stop(deadlineMs: number): Promise<void> {
    const timer = setTimeout(() => {
      this.#app.server.closeAllConnections()
      this.#quick?.destroyAll()
      this.#secure?.closeAllSockets()
    }, deadlineMs)
    try {
      this.#quick?.stop()
      await this.#app.close()
    } finally {
      clearTimeout(timer)
    }
  }

  #createApp(timeoutMs: number, certificates: SecureContextOptions | null): FastifyInstance {
    const app = fastify({
      rewriteUrl: () => '/',
      clientErrorHandler: (error, socket) => this.#clientError(error, socket),
      forceCloseConnections: 'idle',
      exposeHeadRoutes: false,
      schemaController: { compilersFactory: noSchemas },
      serverFactory: handler => this.#createServer(handler, timeoutMs, certificates)
    })
    for (const method of METHODS) {
      if (method !== 'CONNECT' && !app.supportedMethods.includes(method)) app.addHttpMethod(method)
    }
    app.addHook('onRequest', (request, reply, _done) => {
      reply.hijack()
      this.#accept(request.raw, reply.raw, request.originalUrl)
    })
    // Only so that there is a route to run the hook for; the hook never goes on to the handler.
    app.route({ method: app.supportedMethods, url: '/', handler: () => undefined })
    app.server.maxConnections = connectionsMax
    app.server.on('drop', () => this.counts.connectionsRefused++)
    app.server.on('connect', (_request, socket) => refuseTunnel(socket))
    return app
  }

  #createServer(handler: RequestListener, timeoutMs: number, certificates: SecureContextOptions | null): Server {
    const options = {
      maxHeaderSize: headerBytesMax,
      headersTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      keepAliveTimeout: timeoutMs,
      keepAlive: timeoutMs > 0,
      keepAliveInitialDelay: timeoutMs
    }
    if (certificates) {
      this.#secure = new SecureServer(options, certificates, handler, () => this.counts.tlsRefused++)
    }
    const server = this.#secure?.server ?? createServer(options, handler)
    server.setTimeout(timeoutMs)
    this.#quick?.stationBefore(server)
    return server
  }

  #createQuickLane(clock: Clock, idleMs: number): QuickLane {
    return new QuickLane({
      clock,
      idleMs,
      onRequest: () => this.counts.requests++,
      onReady: () => this.counts.ready++,
      answer: (target, isGone) => {
        if (this.#open >= openRequestsMax) return null
        this.#open++
        // No route that such a request leads to reads a body or a header (quick/plain-get.ts).
        const request = {
          method: 'GET',
          target,
          readBody: () => Promise.resolve(Buffer.alloc(0)),
          header: () => '',
          isGone
        }
        return this.#responder.answer(request)
      },
      busy: target => {
        this.counts.refusedBusy++
        return this.#responder.busy(target)
      },
      onAnswered: () => this.#open--,
      onError: (error, socket) => this.#clientError(error, socket)
    })
  }

  #accept(request: IncomingMessage, response: ServerResponse, target: string): void {
    this.counts.requests++
    const { socket, method = '' } = request
    const withBody = method !== 'HEAD'
    // Node lets both pass; Go's server refuses them.
    if (request.httpVersionMajor !== 1 || hasTwoHosts(request.rawHeaders)) {
      sendAnswer(badRequest, withBody, response)
      return
    }
    const line = this.#lineOf(socket)
    const leave = () => {
      this.#open--
      if (socket.destroyed) this.#open -= line.abandon()
      else line.leave()
    }
    const begin = () => {
      response.once('close', leave)
      void this.#responder
        .answer({
          method,
          target,
          readBody: () => readBody(request),
          header: name => headerOf(request, name),
          isGone: () => response.destroyed
        })
        .then(answer => sendAnswer(answer, withBody, response))
    }
    if (this.#open < openRequestsMax && line.enter(begin)) {
      this.#open++
      return
    }
    // Node keeps the order: this answer waits, as bytes, behind those that are under way, and stops the reading of more.
    this.counts.refusedBusy++
    sendAnswer(this.#responder.busy(target), withBody, response)
  }

  #clientError(error: ClientError, socket: Duplex): void {
    this.counts.clientErrors++
    this.#lineOf(socket).afterwards(() => refuseClient(error, socket))
  }

  #lineOf(socket: Duplex): ConnectionLine {
    let line = this.#lineBySocket.get(socket)
    if (!line) {
      line = new ConnectionLine()
      this.#lineBySocket.set(socket, line)
    }
    return line
  }
}

/** No route has a schema. Left to itself, fastify would load its compilers of schemas at every start: a hundred and forty files. */
const refuseSchema = () => {
  throw new TypeError('no route here has a schema')
}
const noSchemas = { buildValidator: () => refuseSchema, buildSerializer: () => refuseSchema }

export interface HttpListenerOptions {
  readonly responder: Responder
  /** Read, write, idle and keep-alive time; 0 = no limit. */
  readonly timeoutSeconds: number
  /** null = plain HTTP. */
  readonly certificates?: SecureContextOptions | null
  /** That of the verdicts; without it, and with certificates, every request takes the long way through Node's parser. */
  readonly clock?: Clock | null
}

/** `headers` shows the first only, and `headersDistinct` costs as much as the rest of an answer. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!
    if (name.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count > 1
}

/** Several of one name are one list, as far as Node joins them. */
function headerOf({ headers }: IncomingMessage, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : (value?.join(', ') ?? '')
}

/** Given `localhost`, fastify would bind every address of that name; with port 0 that would be several ports. */
function bindHost(host: string): string {
  return host === '' ? '::' : host === 'localhost' ? '127.0.0.1' : host
}

const noSuchFamily: ReadonlySet<string> = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL'])

export interface ListenerCounts {
  requests: number
  /** Of these, answered from bytes that were ready (quick/ready-answers.ts), without asking the cache of verdicts. */
  ready: number
  /** Answered with 503 because `openRequestsMax` or `waitingMax` was reached. */
  refusedBusy: number
  /** What Node's HTTP parser refused, time-outs and resets included. */
  clientErrors: number
  connectionsRefused: number
  /** Connections to an HTTPS listener that ended before the first request: no TLS, no certificate, the wrong one, too slow. */
  tlsRefused: number
}

/** Request line and headers together; more is answered with 431. A name of 32 KB (the longest in Kafka), escaped, has 96 KB. */
export const headerBytesMax = 128 * 1024
/** Requests under way or waiting on one listener; more are answered with 503. */
export const openRequestsMax = 8192
/** Further connections are closed when they come. */
export const connectionsMax = 16_384
