import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, BodyStream } from './answer.ts'
import { requestBodyBytesMax } from './routes.ts'

/**
 * Puts an answer on the socket. Main thread. Without a second copy of a large body; Node keeps what the socket does not take yet, and
 * the connection's next request waits for it (connection-line.ts).
 */
export function sendAnswer(answer: Answer, withBody: boolean, response: ServerResponse): void {
  const { status, headers, body, stream } = answer
  if (stream) {
    void sendStream(stream, status, headers, withBody, response)
    return
  }
  if (response.destroyed) return
  const length = body.reduce((sum, part) => sum + part.length, 0)
  response.writeHead(status, {
    ...headers,
    'Content-Length': length,
    ...(answer.close ? { Connection: 'close' } : {})
  })
  if (!withBody || length === 0) response.end()
  else if (body.length === 1) response.end(body[0])
  else if (length <= joinedBytesMax) response.end(Buffer.concat(body, length))
  else {
    response.cork() // one system call for all parts
    for (const part of body) response.write(part)
    response.end()
    response.uncork()
  }
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
      for await (const chunk of stream.chunks) {
        if (!response.write(chunk)) await drained(response)
        if (response.destroyed) return
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

/** The socket has taken everything, or is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    if (response.destroyed) return resolve()
    const done = (): void => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
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

/** Up to here one copy costs less than several writes. */
const joinedBytesMax = 16 * 1024
