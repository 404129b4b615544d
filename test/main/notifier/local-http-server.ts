import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { serverKey, serverPem } from '../config/pem-samples.ts'

export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** Port of the client: the same for requests of one connection. */
  readonly clientPort: number
}

export interface LocalHttpServer {
  readonly server: Server
  readonly url: string
  readonly received: Received[]
  close(): Promise<void>
}

type Answer = (response: ServerResponse, received: Received) => void

/** A server on 127.0.0.1 that keeps what it receives. By default it answers 200. */
export async function localHttpServer(answer: Answer = ok, tls = false): Promise<LocalHttpServer> {
  const received: Received[] = []
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers, socket } = request
      const body = Buffer.concat(chunks).toString()
      const one = { method, url, headers, body, clientPort: socket.remotePort! }
      received.push(one)
      answer(response, one)
    })
  }
  const server = tls ? createTlsServer({ key: serverKey, cert: serverPem }, listener) : createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    server,
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    received,
    close: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    }
  }
}

export function ok(response: ServerResponse): void {
  response.end('ok')
}
