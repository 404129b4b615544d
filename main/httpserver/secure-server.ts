import type { RequestListener, ServerOptions } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Socket } from 'node:net'
import type { SecureContextOptions, TLSSocket } from 'node:tls'
import { type ClientError, refusePlainHttp } from './client-errors.ts'

/**
 * The server of an HTTPS listener: HTTP/1.1 over TLS. With a `ca` among the certificates, a client must show one that it has
 * signed (spec 09, D11); Burrow asks for none. Main thread.
 */
export class SecureServer {
  readonly server: Server
  /** Below TLS, by the address of the client. */
  readonly #socketByClient = new Map<string, Socket>()

  /** `onRefused`: a connection ended before it came to HTTP: no TLS, no certificate, the wrong one, too slow. */
  constructor(
    options: ServerOptions,
    certificates: SecureContextOptions,
    handler: RequestListener,
    onRefused: () => void
  ) {
    const needsClient = certificates.ca !== undefined
    this.server = createServer(
      {
        ...options,
        ...certificates,
        requestCert: needsClient,
        rejectUnauthorized: needsClient,
        handshakeTimeout: handshakeTimeoutMs
      },
      handler
    )
    // Node makes a `clientError` of it, which we would answer over TLS; but there is none yet.
    this.server.removeAllListeners('tlsClientError')
    this.server.on('tlsClientError', (error: ClientError, socket: TLSSocket) => {
      onRefused()
      const below = this.#socketByClient.get(clientOf(socket))
      if (below && error.code === 'ERR_SSL_HTTP_REQUEST') refusePlainHttp(below)
      else socket.destroy()
    })
    this.server.on('connection', (socket: Socket) => {
      const client = clientOf(socket)
      this.#socketByClient.set(client, socket)
      socket.once('close', () => {
        if (this.#socketByClient.get(client) === socket) this.#socketByClient.delete(client)
      })
    })
  }

  /** From the next connection on. Whether clients need a certificate stays as it is. */
  renew(certificates: SecureContextOptions): void {
    this.server.setSecureContext(certificates)
  }

  /** Those too that have not shaken hands yet: `closeAllConnections` does not know them, and the server would wait for them. */
  closeAllSockets(): void {
    for (const socket of this.#socketByClient.values()) socket.destroy()
  }
}

/** A TLS socket does not say which socket it is on, but both have the same other end. */
function clientOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

/** From the connection to the end of the handshake; then the connection is closed. */
export const handshakeTimeoutMs = 10_000
