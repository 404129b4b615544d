import { createServer as createHttpServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface AskedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface GivenAnswer {
  readonly status: number
  readonly body: string
}

/** A server of a test on a free port of 127.0.0.1 that keeps what it is asked. With `tls` it speaks HTTPS. */
export class LoopbackHttp {
  readonly origin: string
  readonly requests: AskedRequest[] = []
  readonly #server: Server

  static async start(answer: (asked: AskedRequest) => GivenAnswer, tls?: ServerOptions): Promise<LoopbackHttp> {
    const server = tls ? createHttpsServer(tls) : createHttpServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return new LoopbackHttp(server, tls ? 'https' : 'http', answer)
  }

  private constructor(server: Server, scheme: string, answer: (asked: AskedRequest) => GivenAnswer) {
    this.#server = server
    this.origin = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', async (request, response) => {
      let body = ''
      for await (const piece of request) body += piece
      const asked = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
      this.requests.push(asked)
      const given = answer(asked)
      response.writeHead(given.status).end(given.body)
    })
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise(resolve => this.#server.close(() => resolve()))
  }
}
