import { connect, type Socket } from 'node:net'

const keepAliveMs = 60_000
const pieceBytes = 64 * 1024

/**
 * Makes the sockets of a link in the clear, for kafkajs. Each reads into one piece of memory over and over, where Node would make a new one for
 * every piece: in a backlog these were the most part of the memory that waited to be collected. Who listens to `data` copies at once. Kafka threads.
 */
export function openPlainSocket({ host, port, onConnect }: SocketWish): Socket {
  const socket: Socket = connect(
    {
      host,
      port,
      onread: {
        buffer: Buffer.allocUnsafeSlow(pieceBytes),
        callback: (bytes, buffer) => socket.emit('data', Buffer.from(buffer.buffer, buffer.byteOffset, bytes))
      }
    },
    onConnect
  )
  socket.setKeepAlive(true, keepAliveMs)
  return socket
}

/** As kafkajs calls it, at every connection. */
export interface SocketWish {
  readonly host: string
  readonly port: number
  readonly onConnect: () => void
}
