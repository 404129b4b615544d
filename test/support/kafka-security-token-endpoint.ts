import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ClientCredentialsSource } from '../../workers/kafka/security/types.ts'
import { unsecuredToken } from './kafka-security-client.ts'

const clientId = 'lag monitor'
const clientSecret = 'a:b+c'

/** An OAuth token endpoint on loopback that knows one client (RFC 6749 sections 4.4 and 5). */
export class TokenEndpoint {
  readonly origin: string
  lifetimeSeconds = 600
  readonly requests: { readonly authorization: string; readonly body: string }[] = []
  /** Both halves are form-encoded first (RFC 6749 section 2.3.1). */
  readonly expectedAuthorization = `Basic ${Buffer.from('lag+monitor:a%3Ab%2Bc').toString('base64')}`
  readonly #server: Server

  static async start(): Promise<TokenEndpoint> {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return new TokenEndpoint(server)
  }

  private constructor(server: Server) {
    this.#server = server
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', async (request, response) => {
      let body = ''
      for await (const piece of request) body += piece
      const authorization = request.headers.authorization ?? ''
      this.requests.push({ authorization, body })
      const isKnown = authorization === this.expectedAuthorization
      const answer = isKnown
        ? { access_token: this.#token(), token_type: 'bearer', expires_in: this.lifetimeSeconds }
        : { error: 'invalid_client', error_description: 'no such client' }
      response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  }

  #token(): string {
    return unsecuredToken(Date.now() + this.lifetimeSeconds * 1000)
  }

  source(): ClientCredentialsSource {
    const endpoint = `${this.origin}/token`
    return { kind: 'client-credentials', endpoint, clientId, clientSecret, scope: 'kafka', caFile: '' }
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise(resolve => this.#server.close(() => resolve()))
  }
}
