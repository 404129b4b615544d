import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { BurrowError } from '../../../shared/errors.ts'
import type { SocketWish } from '../plain-sockets.ts'
import type { TlsContext } from './tls-context.ts'

const keepAliveMs = 60_000

/**
 * Makes the TLS sockets of one link. The broker must own the name it was reached by: that of the configured server at first, then what
 * metadata advertises. A name is sent to the broker too (SNI, RFC 6066); an address is not, and is looked for among the
 * certificate's addresses. Kafka threads.
 */
export class TlsSockets {
  readonly #context: TlsContext
  readonly #noVerify: boolean
  /** Why the last socket could not be made; kafkajs keeps only the text of what `open` throws. */
  problem: BurrowError | null = null

  constructor(context: TlsContext, noVerify: boolean) {
    this.#context = context
    this.#noVerify = noVerify
  }

  readonly open = ({ host, port, onConnect }: SocketWish): TLSSocket => {
    try {
      const secureContext = this.#context.current()
      const name = serverName(host)
      const socket = connect(
        {
          host,
          port,
          secureContext,
          rejectUnauthorized: !this.#noVerify,
          ...(name === '' ? {} : { servername: name })
        },
        onConnect
      )
      socket.setKeepAlive(true, keepAliveMs)
      this.problem = null
      return socket
    } catch (error) {
      this.problem = error instanceof BurrowError ? error : new BurrowError('TLS_FAILED', String(error), {}, error)
      throw error
    }
  }
}

/** '' for an address. A fully qualified name is sent without its last dot. */
export function serverName(host: string): string {
  return isIP(host) ? '' : host.replace(/\.$/, '')
}
