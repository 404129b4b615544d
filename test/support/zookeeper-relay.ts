import { createServer, type Server, Socket } from 'node:net'
import { freePort } from './free-port.ts'

/**
 * A TCP relay to a server on loopback, which can stop forwarding without closing anything (a black hole), or cut all
 * connections.
 */
export class TcpRelay {
  readonly port: number
  readonly #target: number
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #isHole = false
  #answersDropped = false

  private constructor(port: number, target: number) {
    this.port = port
    this.#target = target
    this.#server = createServer(socket => this.#relay(socket))
  }

  static async start(target: number): Promise<TcpRelay> {
    const relay = new TcpRelay(await freePort(), target)
    await new Promise<void>(resolve => relay.#server.listen(relay.port, '127.0.0.1', resolve))
    return relay
  }

  get server(): string {
    return `127.0.0.1:${this.port}`
  }

  /** From now on nothing passes, on old and on new connections; nobody is told, closing included. */
  blackHole(): void {
    this.#isHole = true
  }

  /** Requests pass, answers do not. */
  dropAnswers(): void {
    this.#answersDropped = true
  }

  /** New connections work again; those of before were held up too long and are cut. */
  heal(): void {
    this.#isHole = false
    this.#answersDropped = false
    this.cut()
  }

  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
    this.#pairs.clear()
  }

  async stop(): Promise<void> {
    this.cut()
    await new Promise(resolve => this.#server.close(resolve))
  }

  #relay(near: Socket): void {
    const far = new Socket()
    const pair = [near, far] as const
    this.#pairs.add(pair)
    if (!this.#isHole) far.connect({ host: '127.0.0.1', port: this.#target })
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', chunk => {
        if (!this.#isHole && !(this.#answersDropped && from === far)) to.write(chunk)
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        if (this.#isHole) return
        to.destroy()
        this.#pairs.delete(pair)
      })
    }
  }
}
