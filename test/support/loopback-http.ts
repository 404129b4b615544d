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
export abstract class LoopbackHttp {
  readonly requests: AskedRequest[] = []
  readonly #server: Server
  readonly #scheme: string

  constructor(tls?: ServerOptions) {
    this.#server = tls ? createHttpsServer(tls) : createHttpServer()
    this.#scheme = tls ? 'https' : 'http'
    this.#server.on('request', async (request, response) => {
      let body = ''
      for await (const piece of request) body += piece
      const asked = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
      this.requests.push(asked)
      const given = this.answer(asked)
      response.writeHead(given.status).end(given.body)
    })
  }

  get origin(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async start(): Promise<this> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise(resolve => this.#server.close(() => resolve()))
  }

  protected abstract answer(asked: AskedRequest): GivenAnswer
}
