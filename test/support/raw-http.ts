import { connect, type Socket } from 'node:net'

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  /** Status line and header fields as they came, without line ends. */
  readonly head: readonly string[]
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** One character per byte; of a chunked body what the chunks hold. */
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
    this.#received = this.#received.slice(head + 3)
    const isChunked = headers['transfer-encoding'] === 'chunked'
    const body = !hasBody
      ? ''
      : isChunked
        ? await this.#chunks(boundMs)
        : headers['content-length'] === undefined && headers.connection === 'close'
          ? await this.#rest(boundMs)
          : await this.#take(Number(headers['content-length'] ?? 0), boundMs)
    return { status: Number(line.split(' ')[1]), head: [line, ...fields], headers, body }
  }

  /** Resolves once the other end has closed the connection. */
  async closed(boundMs = 5000): Promise<void> {
    await this.#until(() => (this.#ended ? true : null), 'the end of the connection', boundMs)
  }

  /** All that comes until the other end has closed the connection. */
  async untilClosed(boundMs = 5000): Promise<string> {
    await this.closed(boundMs)
    return this.#received
  }

  close(): void {
    this.socket.destroy()
  }

  /** RFC 9112 section 7.1, without trailers. */
  async #chunks(boundMs: number): Promise<string> {
    const parts: string[] = []
    for (;;) {
      const end = await this.#until(() => this.#received.indexOf('\r\n') + 1 || null, 'a chunk', boundMs)
      const size = Number.parseInt(await this.#take(end + 1, boundMs), 16)
      if (!(size >= 0)) throw new Error('a chunk without size')
      const chunk = await this.#take(size + 2, boundMs)
      if (!chunk.endsWith('\r\n')) throw new Error('a chunk longer than its size')
      if (size === 0) return parts.join('')
      parts.push(chunk.slice(0, -2))
    }
  }

  async #rest(boundMs: number): Promise<string> {
    await this.closed(boundMs)
    return this.#take(this.#received.length, boundMs)
  }

  async #take(length: number, boundMs: number): Promise<string> {
    await this.#until(() => (this.#received.length >= length ? true : null), 'body', boundMs)
    const taken = this.#received.slice(0, length)
    this.#received = this.#received.slice(length)
    return taken
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
