import { once } from 'node:events'
import { connect } from 'node:net'
import { answerParent } from './child-conversation.ts'

/** Makes HTTP load. */
export interface HttpLoadOrder {
  readonly address: string
  /** Asked for in turn. */
  readonly paths: readonly string[]
  readonly connections: number
  /** Requests that are open on a connection; 1 = no pipelining. */
  readonly pipelining: number
  /** null: as fast as answers come. Else so many requests a second, sent when they are due whatever is still open. */
  readonly requestsPerSecond: number | null
  /** From when all connections are open. */
  readonly durationMs: number
}

/** `stop`: ends the load that is being made, before its time. */
export type HttpLoadMessage = HttpLoadOrder | 'stop'

export interface HttpLoadAnswer {
  readonly answers: number
  /** Answers with another status than 200. */
  readonly failed: number
  readonly elapsedMs: number
  /** µs from when a request was due to the end of its answer. */
  readonly latenciesUs: Float64Array
}

const latenciesMax = 200_000
/** What is still open at the end is waited for so long. */
const lastAnswersMs = 5000
const tickMs = 1
const readBytes = 64 * 1024
const nothing = Buffer.alloc(0)

let running: HttpLoad | null = null

answerParent((message: HttpLoadMessage): Promise<HttpLoadAnswer> | null => {
  if (message !== 'stop') {
    running = new HttpLoad(message)
    return running.run()
  }
  running?.stop()
  return null
})

/** One connection: requests go out, answers come back in order. Reads no more of an answer than its head and its length. */
class Line {
  /** Rejects as `onBroken` is told. */
  readonly connected: Promise<void>
  readonly #socket
  readonly #dueMs: number[] = []
  #received: Buffer = nothing
  /** Bytes of the present body, or chunk, that have not come yet, -1 = in the head. */
  #missing = -1
  /** The body comes in chunks (RFC 9112 section 7.1), as Go sends what is long. */
  #chunked = false
  #status = 0

  constructor(
    address: string,
    onAnswer: (status: number, dueMs: number, line: Line) => void,
    onBroken: (error: Error) => void
  ) {
    const at = address.lastIndexOf(':')
    const buffer = Buffer.allocUnsafeSlow(readBytes)
    const onAnswers = (bytes: number): boolean => {
      const chunk = buffer.subarray(0, bytes)
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
      while (this.#takeAnswer()) onAnswer(this.#status, this.#dueMs.shift()!, this)
      // The rest lies in memory that the next read overwrites; of a body there is none.
      this.#received = this.#received.length === 0 ? nothing : Buffer.from(this.#received)
      return true
    }
    // One buffer for all reads: a new one for each cost the client as much as reading it.
    const onread = { buffer, callback: onAnswers }
    this.#socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)), noDelay: true, onread })
    this.#socket.on('error', onBroken)
    this.#socket.on('close', () => onBroken(new Error('a connection was closed')))
    this.connected = once(this.#socket, 'connect').then(() => undefined)
  }

  get open(): number {
    return this.#dueMs.length
  }

  send(request: string, dueMs: number): void {
    this.#dueMs.push(dueMs)
    this.#socket.write(request)
  }

  close(): void {
    this.#socket.removeAllListeners('close').destroy()
  }

  /** True once per answer. */
  #takeAnswer(): boolean {
    if (this.#missing < 0) {
      const end = this.#received.indexOf('\r\n\r\n')
      if (end < 0) return false
      const head = this.#received.toString('latin1', 0, end)
      const length = /^content-length: *(\d+)/im.exec(head)?.[1]
      this.#chunked = /^transfer-encoding: *chunked/im.test(head)
      if (length === undefined && !this.#chunked) throw new Error(`an answer without a length: ${head}`)
      this.#status = Number(head.slice(9, 12))
      this.#missing = Number(length ?? 0)
      this.#received = this.#received.subarray(end + 4)
    }
    if (this.#chunked) return this.#takeChunks()
    const taken = Math.min(this.#missing, this.#received.length)
    this.#missing -= taken
    this.#received = this.#received.subarray(taken)
    if (this.#missing > 0) return false
    this.#missing = -1
    return true
  }

  /** True once the chunk of length 0 is there. */
  #takeChunks(): boolean {
    for (;;) {
      const taken = Math.min(this.#missing, this.#received.length)
      this.#missing -= taken
      this.#received = this.#received.subarray(taken)
      const end = this.#received.indexOf('\r\n')
      if (this.#missing > 0 || end < 0) return false
      const size = Number.parseInt(this.#received.toString('latin1', 0, end), 16)
      if (size === 0 && this.#received.length < end + 4) return false
      this.#received = this.#received.subarray(end + 2)
      if (size === 0) {
        this.#received = this.#received.subarray(2)
        this.#missing = -1
        return true
      }
      this.#missing = size + 2 // and the line end behind it
    }
  }
}

class HttpLoad {
  readonly #order: HttpLoadOrder
  readonly #requests: readonly string[]
  readonly #latenciesUs = new Float64Array(latenciesMax)
  #next = 0
  #answers = 0
  #failed = 0
  #sending = true
  #stopped = false
  #endedMs = 0

  constructor(order: HttpLoadOrder) {
    this.#order = order
    this.#requests = order.paths.map(path => `GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`)
  }

  async run(): Promise<HttpLoadAnswer> {
    const { address, connections, durationMs, requestsPerSecond } = this.#order
    let broken: Error | null = null
    const lines = Array.from(
      { length: connections },
      () =>
        new Line(
          address,
          (status, dueMs, line) => this.#onAnswer(status, dueMs, line),
          error => {
            broken ??= error
          }
        )
    )
    await Promise.all(lines.map(({ connected }) => connected))
    const startMs = performance.now()
    if (requestsPerSecond === null) for (const line of lines) this.#fill(line)
    let sent = 0
    while (performance.now() - startMs < durationMs && !broken && !this.#stopped) {
      if (requestsPerSecond !== null) {
        for (const due = ((performance.now() - startMs) / 1000) * requestsPerSecond; sent < due; sent++) {
          this.#send(lines[sent % lines.length]!, startMs + (sent / requestsPerSecond) * 1000)
        }
      }
      await new Promise(resolve => setTimeout(resolve, tickMs))
    }
    this.#sending = false
    const endMs = performance.now() + lastAnswersMs
    while (!broken && lines.some(({ open }) => open > 0) && performance.now() < endMs) {
      await new Promise(resolve => setTimeout(resolve, tickMs))
    }
    const unanswered = lines.reduce((sum, { open }) => sum + open, 0)
    for (const line of lines) line.close()
    if (broken) throw broken
    if (unanswered > 0) throw new Error(`${unanswered} requests were not answered`)
    const elapsedMs = this.#endedMs - startMs
    const latenciesUs = this.#latenciesUs.slice(0, Math.min(this.#answers, latenciesMax))
    return { answers: this.#answers, failed: this.#failed, elapsedMs, latenciesUs }
  }

  /** What is open is still waited for. */
  stop(): void {
    this.#stopped = true
  }

  #fill(line: Line): void {
    while (this.#sending && line.open < this.#order.pipelining) this.#send(line, performance.now())
  }

  #send(line: Line, dueMs: number): void {
    line.send(this.#requests[this.#next++ % this.#requests.length]!, dueMs)
  }

  #onAnswer(status: number, dueMs: number, line: Line): void {
    this.#endedMs = performance.now()
    if (this.#answers < latenciesMax) this.#latenciesUs[this.#answers] = (this.#endedMs - dueMs) * 1000
    this.#answers++
    if (status !== 200) this.#failed++
    if (this.#order.requestsPerSecond === null) this.#fill(line)
  }
}
