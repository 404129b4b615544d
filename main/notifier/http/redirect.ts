import type { HttpAnswer, HttpRequest } from './http-exchange.ts'

const sameMethodStatuses: ReadonlySet<number> = new Set([307, 308])
const otherMethodStatuses: ReadonlySet<number> = new Set([301, 302, 303])

/**
 * The request that an answer asks for instead, null = none. Only one with the same method and body: Burrow's turns a POST into a
 * GET without the message, and counts that as sent (spec 09, F16). A server elsewhere gets none of the configured headers, the
 * login least of all, and TLS is never left. Pure.
 */
export function redirected(request: HttpRequest, answer: HttpAnswer): HttpRequest | null {
  const keepsMethod = request.method === 'GET' || request.method === 'HEAD'
  const follows = sameMethodStatuses.has(answer.status) || (otherMethodStatuses.has(answer.status) && keepsMethod)
  if (!follows || answer.location === '' || !URL.canParse(answer.location, request.url)) return null
  const from = new URL(request.url)
  const to = new URL(answer.location, from)
  if (to.protocol !== 'https:' && (to.protocol !== 'http:' || from.protocol === 'https:')) return null
  if (to.origin === from.origin) return { ...request, url: to.href }
  const contentType = request.headers['content-type'] ?? 'application/json'
  return { ...request, url: to.href, headers: { 'content-type': contentType } }
}
