import { STATUS_CODES } from 'node:http'
import type { Answer } from '../answer.ts'

/**
 * The head of an answer as Node's ServerResponse writes it for a request of HTTP/1.1 whose connection stays open; the tests compare
 * the two byte by byte. Main thread.
 *
 *    HTTP/1.1 200 OK | headers of the answer | Content-Length | Date | Connection | Keep-Alive
 */
export class HeadWriter {
  readonly #keepAlive: string

  /** `keepAliveMs` 0 = no limit. */
  constructor(keepAliveMs: number) {
    const limit = keepAliveMs > 0 ? `\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}` : ''
    this.#keepAlive = `\r\nConnection: keep-alive${limit}\r\n\r\n`
  }

  /** `dateAt` is where the date stands, `dateBytes` long. All of it is Latin-1. */
  head({ status, headers }: Answer, bodyBytes: number): { head: string; dateAt: number } {
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
    for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`
    head += `Content-Length: ${bodyBytes}\r\nDate: `
    return { head: head + dateText() + this.#keepAlive, dateAt: head.length }
  }
}

/** Of every date: `Mon, 23 Nov 2026 01:21:59 GMT`. */
export const dateBytes = 29

let second = -1
let text = ''

/** The present second, as a number that changes with `dateText`. */
export function dateSecond(): number {
  return Math.floor(Date.now() / 1000)
}

export function dateText(): string {
  const now = dateSecond()
  if (now !== second) {
    second = now
    text = new Date(now * 1000).toUTCString()
  }
  return text
}
