import type { BodyStream, StreamClient } from '../httpserver/answer.ts'

/** Bytes that may wait for a client beside the chunk on its socket; beyond it, everything is dropped and it gets a fresh start. */
export const waitingBytesMax = 1024 * 1024
/** Time for a client to take a chunk. */
export const unreadMsMax = 30_000
/** Time of a stream; a client comes again after it. */
export const streamMsMax = 24 * 3600 * 1000

export interface FeedClientOptions {
  /** What a client gets first, and again after it was behind. */
  start(): Uint8Array
  onGone(client: FeedClient): void
}

/**
 * A client of the feed: events that wait for its socket, in bytes that it shares with the others. Main thread.
 *
 * Whoever sends asks for the next chunk when the socket has taken the one before, so of a client that does not read there is one chunk on the socket and
 * at most `waitingBytesMax` here.
 */
export class FeedClient implements BodyStream {
  readonly deadlineMs = streamMsMax
  readonly chunks: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => ({ next: () => this.#next() }) }
  readonly #options: FeedClientOptions
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #needsStart = true
  #ended = false
  #wake: (() => void) | null = null
  #client: StreamClient | null = null
  #takingSinceMs: number | null = null

  constructor(options: FeedClientOptions) {
    this.#options = options
  }

  /** Called by whoever sends, as are `close` and `chunks`. */
  begin(client: StreamClient): void {
    this.#client = client
    client.onGone(() => this.end())
  }

  close(): void {
    this.end()
    this.#options.onGone(this)
  }

  /** False: it was dropped, for too much waits already. `flush` sends what waits. */
  push(event: Uint8Array): boolean {
    if (this.#ended || this.#needsStart) return true // the start says how things are
    if (this.#waitingBytes + event.length > waitingBytesMax) {
      this.#waiting = []
      this.#waitingBytes = 0
      this.#needsStart = true
      return false
    }
    this.#waiting.push(event)
    this.#waitingBytes += event.length
    return true
  }

  /** Bytes that a `flush` would put on the socket now. */
  get flushBytes(): number {
    return this.#wake ? this.#waitingBytes : 0
  }

  flush(): void {
    if (this.#waiting.length === 0) return
    this.#wake?.()
    this.#wake = null
  }

  /** The last chunk has not been taken for so long; 0 = it has, or never will be. */
  unreadMs(nowMs: number): number {
    return this.#takingSinceMs === null ? 0 : nowMs - this.#takingSinceMs
  }

  /** No more events; what is on the socket is sent. */
  end(): void {
    this.#ended = true
    this.#wake?.()
    this.#wake = null
  }

  /** Breaks the connection off. */
  cut(): void {
    this.end()
    this.#takingSinceMs = null // its connection may take a while to close: it is not let go twice
    this.#client?.cut()
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    this.#takingSinceMs = null
    while (!this.#ended) {
      const chunk = this.#take()
      if (chunk) {
        this.#takingSinceMs = performance.now()
        return { done: false, value: chunk }
      }
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    return { done: true, value: undefined }
  }

  #take(): Uint8Array | null {
    if (this.#needsStart) {
      this.#needsStart = false
      return this.#options.start()
    }
    const event = this.#waiting.shift() ?? null
    this.#waitingBytes -= event?.length ?? 0
    return event
  }
}
