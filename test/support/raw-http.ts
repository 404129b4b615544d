import { connect, type Socket } from 'node:net'

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** One character per byte. */
  readonly body: string
}

/**
 * A bare HTTP/1.1 connection for tests: the bytes of requests go out as given, one character per byte, and answers come back in order.
 */
export class RawHttp {
  readonly socket: Socket
  #received = ''
  #ended = false
  #wake: (() => void) | null = null

  constructor(address: string) {
    const [host, port] = [address.slice(0, address.lastIndexOf(':')), address.slice(address.lastIndexOf(':') + 1)]
    this.socket = connect({ host: host.replace(/^\[|\]$/g, ''), port: Number(port) })
    this.socket.setEncoding('latin1')
    this.socket.on('data', (text: string) => {
      this.#received += text
      this.#wake?.()
    })
    this.socket.on('error', () => undefined) // 'close' follows
    this.socket.on('close', () => {
      this.#ended = true
      this.#wake?.()
    })
  }

  send(bytes: string): void {
    this.socket.write(bytes, 'latin1')
  }

  /** The next answer; `hasBody` false for HEAD. Rejects when the connection ends before it is complete, or after `boundMs`. */
  async answer(hasBody = true, boundMs = 5000): Promise<RawAnswer> {
    const head = await this.#until(() => this.#received.indexOf('\r\n\r\n') + 1 || null, 'headers', boundMs)
    const [line = '', ...fields] = this.#received.slice(0, head - 1).split('\r\n')
    const headers = Object.fromEntries(
      fields.map(field => [
        field.slice(0, field.indexOf(':')).toLowerCase(),
        field.slice(field.indexOf(':') + 1).trim()
      ])
    )
    const start = head + 3
    const end = start + (hasBody ? Number(headers['content-length'] ?? 0) : 0)
    await this.#until(() => (this.#received.length >= end ? true : null), 'body', boundMs)
    const body = this.#received.slice(start, end)
    this.#received = this.#received.slice(end)
    return { status: Number(line.split(' ')[1]), headers, body }
  }

  /** Resolves once the other end has closed the connection. */
  async closed(boundMs = 5000): Promise<void> {
    await this.#until(() => (this.#ended ? true : null), 'the end of the connection', boundMs)
  }

  close(): void {
    this.socket.destroy()
  }

  async #until<T>(look: () => T | null, what: string, boundMs: number): Promise<T> {
    const endMs = Date.now() + boundMs
    for (;;) {
      const found = look()
      if (found !== null) return found
      if (this.#ended) throw new Error(`the connection ended before ${what}`)
      const leftMs = endMs - Date.now()
      if (leftMs <= 0) throw new Error(`waited ${boundMs} ms in vain for ${what}`)
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, leftMs)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}

/** One request on a connection of its own. `target` and `body` are byte strings. */
export async function rawRequest(
  address: string,
  method: string,
  target: string,
  headers: readonly string[] = [],
  body = ''
): Promise<RawAnswer> {
  const client = new RawHttp(address)
  const length = body === '' ? [] : [`Content-Length: ${body.length}`]
  client.send([`${method} ${target} HTTP/1.1`, 'Host: test', ...headers, ...length, '', body].join('\r\n'))
  try {
    return await client.answer(method !== 'HEAD')
  } finally {
    client.close()
  }
}
