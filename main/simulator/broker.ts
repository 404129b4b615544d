import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { BrokerState, ClusterState } from './cluster-state.ts'
import { serveConnection } from './connection.ts'
import type { Faults } from './faults.ts'

/** The listening socket of one broker. Down and up again it keeps its port. */
export class Broker {
  private readonly state: BrokerState
  private readonly cluster: ClusterState
  private readonly faults: Faults
  private readonly sockets = new Set<Socket>()
  private server: Server | undefined

  constructor(state: BrokerState, cluster: ClusterState, faults: Faults) {
    this.state = state
    this.cluster = cluster
    this.faults = faults
  }

  /** Rejects when the port is taken. */
  async start(): Promise<void> {
    if (this.server) return
    const server = createServer(socket => this.accept(socket))
    this.server = server
    server.listen(this.state.port, this.state.host)
    await once(server, 'listening')
    const address = server.address()
    if (address && typeof address === 'object') this.state.port = address.port
    this.state.live = true
  }

  /** All connections are cut at once. */
  async stop(): Promise<void> {
    const server = this.server
    if (!server) return
    this.server = undefined
    this.state.live = false
    server.close()
    for (const socket of this.sockets) socket.destroy()
    await once(server, 'close')
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket)
    socket.once('close', () => this.sockets.delete(socket))
    serveConnection(socket, { brokerId: this.state.id, cluster: this.cluster, faults: this.faults })
  }
}
