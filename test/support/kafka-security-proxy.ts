import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Counts the connections that go through it to a port of this machine. */
export class CountingProxy {
  readonly server: string
  connections = 0
  readonly #listener: Server
  readonly #sockets = new Set<Socket>()

  static async start(port: number): Promise<CountingProxy> {
    const listener = createServer()
    await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
    return new CountingProxy(listener, port)
  }

  private constructor(listener: Server, port: number) {
    this.#listener = listener
    this.server = `127.0.0.1:${(listener.address() as AddressInfo).port}`
    listener.on('connection', near => {
      this.connections++
      const far = connect({ host: '127.0.0.1', port })
      for (const [from, to] of [
        [near, far],
        [far, near]
      ] as const) {
        this.#sockets.add(from)
        from.on('error', () => to.destroy())
        from.on('close', () => to.destroy())
        from.pipe(to)
      }
    })
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    return new Promise(resolve => this.#listener.close(() => resolve()))
  }
}
