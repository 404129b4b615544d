import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { HeadWriter } from './answer-bytes.ts'
import { QuickConnection, type QuickHost, type QuickOptions } from './quick-connection.ts'
import { ReadyAnswers } from './ready-answers.ts'

/**
 * Stands between the sockets of a plain HTTP listener and Node's HTTP server: every connection begins as a quick one
 * (quick-connection.ts). Main thread.
 */
export class QuickLane implements QuickHost {
  readonly ready: ReadyAnswers
  readonly heads: HeadWriter
  readonly options: QuickOptions
  readonly #connections = new Set<QuickConnection>()
  #handOver: (socket: Socket) => void = () => undefined

  constructor(options: QuickOptions) {
    this.options = options
    this.heads = new HeadWriter(options.idleMs)
    this.ready = new ReadyAnswers(options.clock, this.heads)
  }

  /** Takes the connections of `server` from now on. What the server itself does with one is its listener of `connection`. */
  stationBefore(server: Server): void {
    const listeners = server.listeners('connection')
    server.removeAllListeners('connection')
    this.#handOver = socket => {
      for (const listener of listeners) listener.call(server, socket)
    }
    server.on('connection', (socket: Socket) => this.#connections.add(new QuickConnection(socket, this)))
  }

  /** Idle connections end now, the others with their answer. */
  stop(): void {
    for (const connection of this.#connections) connection.stop()
  }

  destroyAll(): void {
    for (const connection of this.#connections) connection.destroy()
  }

  /** Node's HTTP server takes the connection over. */
  handOver(connection: QuickConnection, socket: Socket): void {
    this.#connections.delete(connection)
    this.#handOver(socket)
  }

  /** The connection is closed. */
  ended(connection: QuickConnection): void {
    this.#connections.delete(connection)
  }
}
