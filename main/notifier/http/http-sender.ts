import type { HttpSending } from '../../../shared/notifier-settings.ts'
import { redirectsMax } from '../limits.ts'
import type { Outcome } from '../notification.ts'
import { type HttpAnswer, HttpExchange, type HttpRequest } from './http-exchange.ts'
import { redirected } from './redirect.ts'
import { trustOf } from './trust.ts'

export interface HttpSenderOptions extends HttpSending {
  /** Of TCP; default 300. */
  readonly keepaliveSeconds?: number
  readonly disableHttpKeepalive?: boolean
  /** Default: that of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** What must not be seen in a reason. */
  hide(text: string): string
}

/** Sends requests as a module is configured to (spec 07 section 3.2). Main thread. Throws BurrowError CONFIG_INVALID when made. */
export class HttpSender {
  readonly #options: HttpSenderOptions
  readonly #exchange: HttpExchange

  constructor(options: HttpSenderOptions) {
    this.#options = options
    this.#exchange = new HttpExchange({
      trust: trustOf(options),
      keepaliveMs: (options.keepaliveSeconds ?? 300) * 1000,
      oneRequestEach: options.disableHttpKeepalive ?? false,
      environment: options.environment ?? process.env
    })
  }

  /** `request` with the headers that come of the settings, for a preview too. */
  dressed(request: HttpRequest): HttpRequest {
    const headers: Record<string, string> = { 'content-type': 'application/json', ...lowerCaseKeys(request.headers) }
    const { username, password } = this.#options
    if (username !== '') headers.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    return { ...request, headers: { ...headers, ...lowerCaseKeys(this.#options.headers) } }
  }

  /** One try within the timeout, redirects included. Never rejects. */
  async send(request: HttpRequest): Promise<Outcome> {
    const signal = AbortSignal.timeout(Math.ceil(this.#options.timeoutSeconds * 1000))
    try {
      return this.#outcome(await this.#follow(this.dressed(request), signal))
    } catch (error) {
      if (error instanceof Unsendable) return { ok: false, retry: false, reason: error.message }
      if (signal.aborted) return { ok: false, retry: true, reason: 'timeout' }
      return { ok: false, retry: true, reason: this.#options.hide(describe(error)) }
    }
  }

  close(): void {
    this.#exchange.close()
  }

  async #follow(first: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    let request = first
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#exchange.exchange(targetOf(request.url), request, signal)
      const next = redirected(request, answer)
      if (next === null) return answer
      if (redirects === redirectsMax) throw new Unsendable(`more than ${redirectsMax} redirects`)
      request = next
    }
  }

  #outcome({ status, retryAfter, body }: HttpAnswer): Outcome {
    if (status >= 200 && status <= 299) return { ok: true, note: String(status) }
    const said = this.#options.hide(body).replaceAll(/\s+/g, ' ').trim()
    const reason = said === '' ? `answer ${status}` : `answer ${status}: ${said}`
    const retry = status >= 500 || retriedStatuses.has(status)
    const seconds = /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : 0
    return { ok: false, retry, reason, ...(seconds > 0 && { retryAfterMs: seconds * 1000 }) }
  }
}

/** Request Timeout, Too Early, Too Many Requests. */
const retriedStatuses: ReadonlySet<number> = new Set([408, 425, 429])

/** The request itself is at fault, so trying again is no use. */
class Unsendable extends Error {}

function targetOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Unsendable('the URL is not one of http or https')
  }
  return url
}

function lowerCaseKeys(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** Some errors of the network have only a code. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  return error.message || code || error.name
}
