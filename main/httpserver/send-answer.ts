import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Answer, BodyStream } from './answer.ts'
import { requestBodyBytesMax } from './routes.ts'

/**
 * Puts an answer on the socket. Main thread. Without a second copy of a large body; Node keeps what the socket does not take yet, and
 * the connection's next request waits for it (connection-line.ts).
 */
export function sendAnswer(answer: Answer, withBody: boolean, response: ServerResponse): void {
  const { status, headers, body, stream, release } = answer
  if (release) response.once('close', release)
  if (stream) {
    void sendStream(stream, status, headers, withBody, response)
    return
  }
  if (response.destroyed) return
  const length = body.reduce((sum, part) => sum + part.length, 0)
  // What Go's server refuses before it routes has no date.
  if (answer.close) response.sendDate = false
  response.writeHead(status, {
    ...headers,
    ...(status === 304 ? {} : { 'Content-Length': length }), // would be taken for that of the page (RFC 9110 section 8.6)
    ...(answer.close ? { Connection: 'close' } : {})
  })
  if (!withBody || length === 0) response.end()
  else if (body.length === 1) response.end(body[0])
  else if (length <= joinedBytesMax) response.end(Buffer.concat(body, length))
  else if (length <= sliceBytesMax) {
    response.cork() // one system call for all parts
    for (const part of body) response.write(part)
    response.end()
    response.uncork()
  } else void sendSlices(body, response)
}

/** A slice a turn: the kernel takes megabytes in one call, and the event loop would be held for as long as that takes. */
async function sendSlices(body: readonly Uint8Array[], response: ServerResponse): Promise<void> {
  for (const part of body) {
    for (let from = 0; from < part.length; from += sliceBytesMax) {
      const taken = response.write(part.subarray(from, from + sliceBytesMax))
      // Short parts stand before and after the long one.
      if (!taken) await drained(response)
      else if (part.length > joinedBytesMax) await setImmediate()
      if (response.destroyed) return
    }
  }
  response.end()
}

async function sendStream(
  stream: BodyStream,
  status: number,
  headers: Answer['headers'],
  withBody: boolean,
  response: ServerResponse
): Promise<void> {
  const timer = setTimeout(() => response.destroy(), stream.deadlineMs)
  let complete = false
  try {
    if (response.destroyed) return
    response.writeHead(status, headers)
    if (withBody) {
      if (stream.begin) beginStream(stream, response)
      for await (const chunk of stream.chunks) {
        if (!(await written(chunk, response))) return
      }
    }
    response.end()
    complete = true
  } catch {
    response.destroy() // whoever makes the chunks has said why
  } finally {
    clearTimeout(timer)
    stream.close(complete)
  }
}

function beginStream(stream: BodyStream, response: ServerResponse): void {
  response.socket?.setTimeout(0)
  stream.begin?.({ cut: () => response.destroy(), onGone: listener => response.once('close', listener) })
}

/**
 * Resolves when the socket has taken the chunk, so that its memory may be used again; false when it is gone. Only the write says so in time: since Node
 * 26 one that fails does so before `destroyed` is true and before `close`, which wait for as long as chunks are there at once.
 */
export function written(chunk: Uint8Array, out: Writable): Promise<boolean> {
  return new Promise(resolve => {
    const gone = () => resolve(false)
    out.once('close', gone)
    out.write(chunk, error => {
      out.off('close', gone)
      resolve(!error)
    })
  })
}

/** The socket has taken everything, or is gone. */
export function drained(out: Writable): Promise<void> {
  return new Promise(resolve => {
    if (out.destroyed) return resolve()
    const done = (): void => {
      out.off('drain', done)
      out.off('close', done)
      resolve()
    }
    out.on('drain', done)
    out.on('close', done)
  })
}

/** Null: longer than `requestBodyBytesMax`, or cut off by the client. */
export function readBody(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= requestBodyBytesMax) chunks.push(chunk)
      else resolve(null) // the rest flows away unread
    })
    request.on('end', () => resolve(length <= requestBodyBytesMax ? Buffer.concat(chunks, length) : null))
    request.on('close', () => resolve(null))
  })
}

/** What one turn of the event loop gives to a socket: a fraction of a millisecond. */
export const sliceBytesMax = 256 * 1024
/** Up to here one copy costs less than several writes. */
const joinedBytesMax = 16 * 1024
