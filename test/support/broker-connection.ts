import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { WireWriter } from './wire-format.ts'

const connectBoundMs = 20_000
const answerBoundMs = 30_000

export interface RawRequest {
  readonly apiKey: number
  readonly apiVersion: number
  /** Request header version 2 and response header version 1 (KIP-482) instead of 1 and 0. */
  readonly flexible?: boolean
  readonly body: Buffer
}

interface Waiting {
  readonly flexible: boolean
  readonly timer: NodeJS.Timeout
  readonly resolve: (body: Buffer) => void
  readonly reject: (error: Error) => void
}

/** One socket to one broker. Requests may be sent without waiting for the answers before them: a broker answers in order. */
export class BrokerConnection {
  readonly #socket: Socket
  readonly #clientId: string
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 0
  #unread: Buffer = Buffer.alloc(0)

  static open(server: string, clientId: string): Promise<BrokerConnection> {
    const [host = '', port = ''] = server.split(':')
    const socket = connect({ host, port: Number(port), noDelay: true })
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => socket.destroy(new Error(`${server} does not accept`)), connectBoundMs)
      socket.once('error', error => {
        clearTimeout(timer)
        reject(error)
      })
      socket.once('connect', () => {
        clearTimeout(timer)
        resolve(new BrokerConnection(socket, clientId))
      })
    })
  }

  private constructor(socket: Socket, clientId: string) {
    this.#socket = socket
    this.#clientId = clientId
    socket.on('data', chunk => this.#receive(chunk))
    socket.on('error', () => {})
    socket.once('close', () => this.#fail(new Error('the broker closed the connection')))
  }

  get closed(): boolean {
    return this.#socket.destroyed
  }

  /** Resolves to the body of the answer, without its header. */
  send(request: RawRequest): Promise<Buffer> {
    if (this.#socket.destroyed) return Promise.reject(new Error('the connection is closed'))
    const id = this.#nextId++
    const header = new WireWriter().int16(request.apiKey).int16(request.apiVersion).int32(id).string(this.#clientId)
    if (request.flexible) header.noTags()
    const start = header.finish()
    const size = Buffer.alloc(4)
    size.writeInt32BE(start.length + request.body.length)
    this.#socket.write(Buffer.concat([size, start, request.body]))
    return new Promise((resolve, reject) => {
      const late = () => this.#socket.destroy(new Error(`no answer to api ${request.apiKey}`))
      const timer = setTimeout(late, answerBoundMs)
      this.#waiting.set(id, { flexible: request.flexible === true, timer, resolve, reject })
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    let bytes: Buffer = this.#unread.length > 0 ? Buffer.concat([this.#unread, chunk]) : chunk
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0)) {
      const end = 4 + bytes.readInt32BE(0)
      this.#answer(bytes.subarray(4, end))
      bytes = bytes.subarray(end)
    }
    this.#unread = bytes
  }

  #answer(answer: Buffer): void {
    const id = answer.readInt32BE(0)
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    clearTimeout(waiting.timer)
    // A response header of version 1 ends with tagged fields; brokers send none.
    waiting.resolve(answer.subarray(waiting.flexible ? 5 : 4))
  }

  #fail(error: Error): void {
    for (const { timer, reject } of this.#waiting.values()) {
      clearTimeout(timer)
      reject(error)
    }
    this.#waiting.clear()
  }
}
