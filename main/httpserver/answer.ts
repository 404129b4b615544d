/**
 * A finished answer: status, headers and bytes. Main thread. Nobody changes any of it after it was made, so constant ones
 * are shared between requests.
 */
export interface Answer {
  readonly status: number
  /** Without Date, Content-Length and Connection. */
  readonly headers: Readonly<Record<string, string>>
  /** In this order on the socket. Not joined: a page may have megabytes. */
  readonly body: readonly Uint8Array[]
  /** Called once when nobody reads the body any more, sent or not. */
  readonly release?: () => void
  /** Instead of `body`: what is made while it is sent. */
  readonly stream?: BodyStream
  /** The connection ends after this answer. */
  readonly close?: true
  /** Until then, ms since the epoch by the program's clock, the same request may be given this answer again; not there: only this once. */
  readonly validToMs?: number
}

/** A body of unknown length. The next chunk is asked for when the socket has taken the one before, whose memory may then be used
 * again; for one answer only. */
export interface BodyStream {
  /** May throw; then the connection is cut, so that the client does not take what it has for the whole. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** Time for all of it; then the connection is cut. */
  readonly deadlineMs: number
  /** Called once by whoever sends the answer, whatever becomes of it. */
  close(complete: boolean): void
  /**
   * For a body that goes on for as long as the client stays; called before the first chunk. The listener's idle time does not
   * count for it.
   */
  begin?(client: StreamClient): void
}

/** Who gets a stream. */
export interface StreamClient {
  /** Breaks the connection off, whatever lies in it. */
  cut(): void
  /** `listener` is called once, when the connection is gone. */
  onGone(listener: () => void): void
}

export function textAnswer(status: number, headers: Readonly<Record<string, string>>, text: string): Answer {
  return { status, headers, body: text === '' ? [] : [Buffer.from(text)] }
}

/** No route (spec 09, D2: JSON by form, plain text by name). */
export const nothingHere: Answer = textAnswer(
  404,
  { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
  '{"error":true,"message":"invalid request type","result":{}}\n'
)

export const badRequest: Answer = {
  ...textAnswer(400, { 'Content-Type': 'text/plain; charset=utf-8' }, '400 Bad Request'),
  close: true
}

/** `OPTIONS *`: about the server as a whole, answered before any route. */
export const serverOptions: Answer = textAnswer(200, {}, '')

export function optionsAnswer(allow: string): Answer {
  return textAnswer(200, { Allow: allow }, '')
}

export function wrongMethod(allow: string): Answer {
  const headers = { Allow: allow, 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }
  return textAnswer(405, headers, 'Method Not Allowed\n')
}

/** 301 with a line of HTML for GET and HEAD, 307 without a body for all else. */
export function redirect(method: string, location: string): Answer {
  if (method !== 'GET' && method !== 'HEAD') return textAnswer(307, { Location: location }, '')
  const headers = { 'Content-Type': 'text/html; charset=utf-8', Location: location }
  return textAnswer(301, headers, `<a href="${escapeHtml(location)}">Moved Permanently</a>.\n\n`)
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => htmlByCharacter[character] ?? character)
}

const htmlByCharacter: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;'
}
