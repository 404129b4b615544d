import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BurrowError } from '../../../shared/errors.ts'
import { systemRoots } from './system-roots.ts'

/** Longest answer that is read: tokens and credentials are a few kilobytes. */
export const answerCharsMax = 64 * 1024

export interface HttpQuestion {
  readonly url: URL
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For everything together, from the name look-up to the last byte. */
  readonly timeoutMs: number
  /** PEM; left out = the roots of the system. */
  readonly ca?: string
}

export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

/**
 * One request on a connection of its own; redirects are not followed, as they could carry secrets elsewhere. Any status is an
 * answer. Rejects with CREDENTIALS_UNAVAILABLE that names host and port, never the query. Any thread.
 */
export function askHttp(question: HttpQuestion): Promise<HttpAnswer> {
  const { url, method, headers, body = '', timeoutMs, ca } = question
  const secure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown) => {
      clearTimeout(timer)
      reject(new BurrowError('CREDENTIALS_UNAVAILABLE', `${url.origin}: ${why}`, { endpoint: url.origin }, cause))
    }
    const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const options = { method, headers: { ...headers, ...length }, agent: false as const }
    const roots = secure ? (ca ?? systemRoots()) : null
    const request = secure
      ? httpsRequest(url, roots === null ? options : { ...options, ca: roots })
      : httpRequest(url, options)
    const timer = setTimeout(() => {
      fail(`no answer within ${timeoutMs} ms`)
      request.destroy()
    }, timeoutMs)
    request.on('error', error => fail(error.message, error))
    request.on('response', response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('error', error => fail(error.message, error))
      response.on('data', (piece: string) => {
        text += piece
        if (text.length <= answerCharsMax) return
        fail(`an answer of more than ${answerCharsMax} characters`)
        request.destroy()
      })
      response.on('end', () => {
        clearTimeout(timer)
        resolve({ status: response.statusCode ?? 0, body: text })
      })
    })
    request.end(method === 'GET' ? undefined : body)
  })
}
