import { BurrowError } from '../../shared/errors.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import { type Answer, badRequest, nothingHere, optionsAnswer, redirect, serverOptions, wrongMethod } from './answer.ts'
import type { Envelope } from './envelope.ts'
import { bytesToText, parseTarget, parseTargetOfNames } from './request-target.ts'
import type { Decision, Router } from './router.ts'
import type { RouteRequest } from './routes.ts'

/** What a responder needs to know of a request. */
export interface PlainRequest extends Pick<RouteRequest, 'readBody' | 'header' | 'isGone'> {
  readonly method: string
  /** Second word of the request line; one character is one byte. */
  readonly target: string
}

/**
 * From request to answer, without a socket. Main thread. Never rejects: what a route throws becomes an answer, 503 for an expected
 * failure (another actor is late or gone), 500 for a mistake of ours.
 */
export class Responder {
  readonly #router: Router
  readonly #envelope: Envelope
  readonly #logger: Logger

  constructor(router: Router, envelope: Envelope, logger: Logger) {
    this.#router = router
    this.#envelope = envelope
    this.#logger = logger
  }

  async answer(request: PlainRequest): Promise<Answer> {
    const { method, target } = request
    if (method === 'OPTIONS' && target === '*') return serverOptions
    const parsed = parseTarget(target)
    if (!parsed) return badRequest
    const asked = { ...request, url: bytesToText(parsed.path), query: parsed.query }
    const named = this.#resolveNames(method, target)
    if (named?.kind === 'route') {
      const answer = await this.#perform(named, asked)
      if (answer.status !== 404) return answer
      answer.release?.()
    }
    const decision = this.#router.resolve(method, parsed)
    const asNamed = decision.kind === 'none' && named !== null && named.kind !== 'route'
    return this.#perform(asNamed ? named : decision, asked)
  }

  /**
   * A `%2F` may be part of a name, `team%2Fapp`, or a slash like any other, as Burrow takes it. The name goes first; where there
   * is no such name, the answer is Burrow's. Null for a target without `%2F`.
   */
  #resolveNames(method: string, target: string): Decision | null {
    const parsed = parseTargetOfNames(target)
    return parsed && this.#router.resolve(method, parsed)
  }

  async #perform(decision: Decision, request: PlainRequest & Pick<RouteRequest, 'url' | 'query'>): Promise<Answer> {
    const { method, url, query, readBody, header, isGone } = request
    switch (decision.kind) {
      case 'none':
        return nothingHere
      case 'redirect':
        return redirect(method, decision.location)
      case 'options':
        return optionsAnswer(decision.allow)
      case 'wrong-method':
        return wrongMethod(decision.allow)
      case 'route':
        try {
          return await decision.route.answer({ url, query, parameters: decision.parameters, readBody, header, isGone })
        } catch (error) {
          return this.#failure(error, url)
        }
    }
  }

  /** Too many requests wait already. */
  busy(target: string): Answer {
    const parsed = parseTarget(target)
    return parsed
      ? this.#envelope.error(503, 'QUEUE_FULL: too many requests wait', bytesToText(parsed.path))
      : badRequest
  }

  #failure(error: unknown, url: string): Answer {
    if (error instanceof BurrowError) {
      this.#logger.warn('request could not be answered', { url, code: error.code, error })
      return this.#envelope.error(503, `${error.code}: ${error.message}`, url)
    }
    this.#logger.error('request failed', { url, error })
    return this.#envelope.error(500, 'internal error', url)
  }
}
