import type { Duplex } from 'node:stream'
import { nothingHere } from './answer.ts'

/**
 * Answers to what Node's parser refuses; there is no request to answer then, only a socket. Main thread.
 * The texts are those of Go's server where it has one (spec 04 section 2).
 */
export function refuseClient(error: ClientError, socket: Duplex): void {
  // The other end is gone, or this end is closed: nobody would read an answer.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = statusByCode[error.code ?? ''] ?? '400 Bad Request'
  socket.end(rawAnswer(status, 'Content-Type: text/plain; charset=utf-8\r\n', status), () => socket.destroy())
}

/** CONNECT: Node hands over the bare socket. We are no proxy. */
export function refuseTunnel(socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  const headers = Object.entries(nothingHere.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const body = nothingHere.body.map(part => Buffer.from(part).toString()).join('')
  socket.end(rawAnswer('404 Not Found', headers.join(''), body), () => socket.destroy())
}

/** Plain HTTP where TLS is spoken; the socket is the one below TLS. Go answers so too. */
export function refusePlainHttp(socket: Duplex): void {
  const header = 'Content-Type: text/plain; charset=utf-8\r\n'
  socket.on('error', () => socket.destroy())
  socket.end(rawAnswer('400 Bad Request', header, 'this port speaks HTTPS only\n'), () => socket.destroy())
}

export interface ClientError extends Error {
  readonly code?: string
}

const statusByCode: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout'
}

function rawAnswer(status: string, headers: string, body: string): string {
  return `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
}
