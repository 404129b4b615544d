import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { answerBytesKept, answerBytesMax, sendingMax } from '../limits.ts'
import { type HttpProxy, hostOf, portOf, proxyFor } from './proxy.ts'
import type { Trust } from './trust.ts'
import { openTunnel } from './tunnel.ts'

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface HttpAnswer {
  readonly status: number
  /** '' = none. */
  readonly location: string
  readonly retryAfter: string
  /** The beginning of it. */
  readonly body: string
}

export interface ConnectionOptions {
  readonly trust: Trust
  /** Silence after which TCP asks whether the other side is still there. */
  readonly keepaliveMs: number
  /** A connection of its own for each request. */
  readonly oneRequestEach: boolean
  /** Where the proxy's variables are. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Requests and answers over connections that are kept open. Main thread. The only file of the notifier with node:http agents. */
export class HttpExchange {
  readonly #options: ConnectionOptions
  readonly #http: HttpAgent
  readonly #https: HttpsAgent

  constructor(options: ConnectionOptions) {
    this.#options = options
    const { trust, keepaliveMs, oneRequestEach } = options
    // Without a bound, which the queues have anyway, Node says `Connection: close` by itself.
    const pool = oneRequestEach
      ? { keepAlive: false }
      : { keepAlive: true, keepAliveMsecs: keepaliveMs, maxSockets: sendingMax * 2 }
    this.#http = new HttpAgent(pool)
    this.#https = new HttpsAgent({ ...pool, ...trust })
  }

  /** One request, one answer, read to its end; redirects are answers. Rejects with an Error of the network, or when `signal` aborts. */
  async exchange(target: URL, message: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const proxy = proxyFor(target, this.#options.environment)
    const sent = await this.#open(target, message, proxy, signal)
    if (this.#options.keepaliveMs > 0) sent.setSocketKeepAlive(true, this.#options.keepaliveMs)
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve)
      sent.on('error', reject)
      sent.end(message.body)
    })
    return readAnswer(answer)
  }

  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }

  async #open(target: URL, message: HttpRequest, proxy: HttpProxy | null, signal: AbortSignal): Promise<ClientRequest> {
    const isTls = target.protocol === 'https:'
    const options: RequestOptions = {
      host: hostOf(target),
      port: portOf(target),
      method: message.method,
      path: target.pathname + target.search,
      // Given here, for Node sends a body with GET or DELETE as chunks otherwise, which some servers refuse.
      headers: { ...message.headers, 'content-length': Buffer.byteLength(message.body) },
      signal,
      ...(target.username !== '' && !('authorization' in message.headers) && { auth: userInfo(target) })
    }
    if (proxy === null) {
      return isTls ? httpsRequest({ ...options, agent: this.#https }) : httpRequest({ ...options, agent: this.#http })
    }
    if (isTls) {
      const socket = await openTunnel(proxy, target, this.#options.trust, signal)
      return httpsRequest({ ...options, createConnection: () => socket })
    }
    const headers = { host: target.host, ...options.headers, ...proxyHeader(proxy) }
    const toProxy = {
      ...options,
      host: hostOf(proxy.url),
      port: portOf(proxy.url),
      path: withoutFragment(target),
      headers
    }
    return proxy.url.protocol === 'https:'
      ? httpsRequest({ ...toProxy, agent: this.#https })
      : httpRequest({ ...toProxy, agent: this.#http })
  }
}

function proxyHeader(proxy: HttpProxy): Record<string, string> {
  return proxy.authorization === '' ? {} : { 'proxy-authorization': proxy.authorization }
}

function userInfo({ username, password }: URL): string {
  return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
}

function withoutFragment(target: URL): string {
  return `${target.origin}${target.pathname}${target.search}`
}

/** To its end, so that the connection can be used again; an answer that does not end soon costs it the connection. */
function readAnswer(answer: IncomingMessage): Promise<HttpAnswer> {
  const kept: Buffer[] = []
  let bytes = 0
  return new Promise((resolve, reject) => {
    const settle = () =>
      resolve({
        status: answer.statusCode ?? 0,
        location: answer.headers.location ?? '',
        retryAfter: answer.headers['retry-after'] ?? '',
        body: Buffer.concat(kept).subarray(0, answerBytesKept).toString('utf8')
      })
    answer.on('data', (chunk: Buffer) => {
      if (bytes < answerBytesKept) kept.push(chunk)
      bytes += chunk.length
      if (bytes <= answerBytesMax) return
      settle()
      answer.destroy()
    })
    answer.once('end', settle)
    answer.once('error', reject)
    answer.once('close', () => reject(new Error('the answer was cut short')))
  })
}
