import type { Socket } from 'node:net'
import type { Api, Call } from './api.ts'
import { apisByKey } from './apis/index.ts'
import type { ClusterState } from './cluster-state.ts'
import { KafkaError } from './error-codes.ts'
import type { FaultRule, Faults } from './faults.ts'
import { WireReader, WireWriter } from './wire.ts'

/** Kafka's socket.request.max.bytes; a longer frame closes the connection. */
const frameBytesMax = 100 * 1024 * 1024

export interface ConnectionContext {
  readonly brokerId: number
  readonly cluster: ClusterState
  readonly faults: Faults
}

/**
 * One client connection: frames in, one request at a time, answers out in order, as Kafka does it. While a request waits
 * (a long poll, a join) the next ones stay in `frames`, and past `waitingFramesMax` the socket is not read.
 *
 *   request   int32 size | int16 api | int16 version | int32 correlation | string16 client | [tags] | body
 *   reply     int32 size | int32 correlation | [tags] | body
 */
export function serveConnection(socket: Socket, context: ConnectionContext): void {
  const frames = new FrameSplitter()
  const waiting: Buffer[] = []
  let busy = false
  const closed = new AbortController()

  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => closed.abort())
  socket.on('data', bytes => {
    try {
      waiting.push(...frames.push(bytes))
    } catch {
      socket.destroy()
      return
    }
    if (waiting.length > waitingFramesMax) socket.pause()
    if (!busy) void serve()
  })

  async function serve(): Promise<void> {
    busy = true
    try {
      for (let frame = waiting.shift(); frame && !socket.destroyed; frame = waiting.shift()) {
        if (waiting.length <= waitingFramesMax) socket.resume()
        if (!(await serveRequest(socket, frame, context, closed.signal))) return // stays busy: nothing more is answered
        if (socket.writableNeedDrain) await untilDrained(socket, closed.signal)
      }
      busy = false
    } catch {
      // A request that cannot be read or whose version is not offered ends the connection, as in Kafka.
      socket.destroy()
    }
  }
}

const waitingFramesMax = 64
const offered = [...apisByKey.values()]

/** False: this connection is to be left without answers for ever (a black hole). */
async function serveRequest(
  socket: Socket,
  frame: Buffer,
  context: ConnectionContext,
  closed: AbortSignal
): Promise<boolean> {
  const request = new WireReader(frame)
  const apiKey = request.int16()
  const version = request.int16()
  const correlationId = request.int32()
  const clientId = request.string()
  const api = apisByKey.get(apiKey)
  if (!api) throw new Error(`no API ${apiKey}`)

  const rule = context.faults.strike(api.name, context.brokerId)
  switch (rule?.effect.kind) {
    case 'disconnect':
      socket.resetAndDestroy()
      return true
    case 'blackHole':
      return false
    case 'garbage':
      send(socket, correlationId, [Buffer.alloc(64, 0xa5)])
      return true
    case 'delay':
      await pause(rule.effect.delayMs, closed)
      break
  }

  const reply = new WireWriter()
  const supported = version >= api.minVersion && version <= api.maxVersion
  if (!supported && !api.answersAnyVersion) throw new Error(`${api.name} version ${version}`)
  if (supported && version >= api.flexibleFrom) {
    request.flexible = true
    reply.flexible = true
    request.tags()
    if (!api.plainReplyHeader) reply.tags()
  }
  const call = createCall(api, version, request, reply, clientId, socket, context, closed, rule)
  if ((await api.handle(call)) !== 'noReply') send(socket, correlationId, reply.finish())
  return true
}

function createCall(
  api: Api,
  version: number,
  request: WireReader,
  reply: WireWriter,
  clientId: string,
  socket: Socket,
  context: ConnectionContext,
  closed: AbortSignal,
  rule: FaultRule | undefined
): Call {
  const code = rule?.effect.kind === 'error' ? rule.effect.code : KafkaError.none
  return {
    api,
    version,
    request,
    reply,
    clientId,
    clientHost: `/${socket.remoteAddress ?? '127.0.0.1'}`,
    brokerId: context.brokerId,
    cluster: context.cluster,
    offered,
    closed,
    forcedError: rule?.topic === undefined && rule?.partition === undefined ? code : KafkaError.none,
    forcedErrorAt: (topic, partition) =>
      (rule?.topic ?? topic) === topic && (rule?.partition ?? partition) === partition ? code : KafkaError.none
  }
}

/** One writev for the whole reply. At most one reply waits here for a client that does not read. */
function send(socket: Socket, correlationId: number, chunks: readonly Buffer[]): void {
  if (socket.destroyed) return
  const header = Buffer.allocUnsafe(8)
  header.writeInt32BE(4 + chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  header.writeInt32BE(correlationId, 4)
  socket.cork()
  socket.write(header)
  for (const chunk of chunks) socket.write(chunk)
  socket.uncork()
}

function pause(delayMs: number, closed: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      closed.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, delayMs)
    closed.addEventListener('abort', end)
  })
}

/** Until the client has read, or is gone. */
function untilDrained(socket: Socket, closed: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      socket.off('drain', end)
      closed.removeEventListener('abort', end)
      resolve()
    }
    socket.on('drain', end)
    closed.addEventListener('abort', end)
    if (closed.aborted) end()
  })
}

/** Cuts a byte stream into frames. */
export class FrameSplitter {
  private pending: Buffer[] = []
  private pendingBytes = 0

  /** Throws for a size below 0 or above `frameBytesMax`. */
  push(bytes: Buffer): Buffer[] {
    this.pending.push(bytes)
    this.pendingBytes += bytes.length
    const frames: Buffer[] = []
    for (let size = this.nextSize(); size !== undefined && this.pendingBytes >= 4 + size; size = this.nextSize()) {
      const all = this.joined()
      frames.push(all.subarray(4, 4 + size))
      this.pending = [all.subarray(4 + size)]
      this.pendingBytes -= 4 + size
    }
    return frames
  }

  private nextSize(): number | undefined {
    if (this.pendingBytes < 4) return undefined
    const first = this.pending[0]!.length >= 4 ? this.pending[0]! : this.joined()
    const size = first.readInt32BE(0)
    if (size < 0 || size > frameBytesMax) throw new RangeError(`a frame of ${size} bytes`)
    return size
  }
  private joined(): Buffer {
    if (this.pending.length > 1) this.pending = [Buffer.concat(this.pending, this.pendingBytes)]
    return this.pending[0]!
  }
}
