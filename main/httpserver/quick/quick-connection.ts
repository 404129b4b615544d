import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../../shared/clock.ts'
import type { Answer } from '../answer.ts'
import { drained, sliceBytesMax, written } from '../send-answer.ts'
import type { HeadWriter } from './answer-bytes.ts'
import { PlainGetReader } from './plain-get.ts'
import { type ReadyAnswers, readyAnswerBytesMax } from './ready-answers.ts'

export interface QuickOptions {
  readonly clock: Clock
  /** Idle and keep-alive time, ms; 0 = no limit. */
  readonly idleMs: number
  /** A request has come. */
  onRequest(): void
  /** It is answered from bytes that were ready. */
  onReady(): void
  /** Null: too many are under way. Otherwise settles, and `onAnswered` is called afterwards. */
  answer(target: string, isGone: () => boolean): Promise<Answer> | null
  /** The answer to one that is too many. */
  busy(target: string): Answer
  onAnswered(): void
  onError(error: Error, socket: Socket): void
}

/** What all connections of a listener share (quick-lane.ts). */
export interface QuickHost {
  readonly ready: ReadyAnswers
  readonly heads: HeadWriter
  readonly options: QuickOptions
  /** Node's HTTP server takes the connection over. */
  handOver(connection: QuickConnection, socket: Socket): void
  /** The connection is closed. */
  ended(connection: QuickConnection): void
}

/**
 * A connection of which only plain requests (plain-get.ts) have come so far: they are answered here, one after the other, mostly from
 * ready bytes and with one write. With the first request that is not plain the connection goes to Node's HTTP server, which
 * gets that request from its first byte, and never comes back.
 *
 *    socket ─ data ─┬─ plain ─┬─ ready ──────────────── write
 *                   │         └─ not ready ─ responder ─ write     (meanwhile nothing is read)
 *                   └─ not plain ─ listeners off ─ unshift ─ http.Server
 *
 * Why: Node's parser and its request and response objects take five times the CPU of all the rest of such an answer. Main thread.
 */
export class QuickConnection {
  readonly #socket: Socket
  readonly #lane: QuickHost
  readonly #requests = new PlainGetReader()
  /** Came while an answer was under way; at most what a paused socket still gives. */
  #waiting: Buffer | null = null
  #busy = false
  #stopping = false

  constructor(socket: Socket, lane: QuickHost) {
    this.#socket = socket
    this.#lane = lane
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('error', this.#onError)
    socket.on('timeout', this.#onTimeout)
    socket.on('close', this.#onClose)
    const { idleMs } = lane.options
    if (idleMs > 0) socket.setTimeout(idleMs)
  }

  /** No further request; what is under way may finish. */
  stop(): void {
    this.#stopping = true
    if (!this.#busy) this.#socket.destroySoon()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#busy) {
      this.#waiting = this.#waiting ? Buffer.concat([this.#waiting, chunk]) : chunk
      this.#socket.pause()
    } else this.#take(chunk)
  }

  #take(bytes: Buffer): void {
    const requests = this.#requests
    let at = 0
    while (at < bytes.length) {
      if (this.#stopping) return
      if (!requests.read(bytes, at)) {
        this.#handOver(at === 0 ? bytes : bytes.subarray(at))
        return
      }
      at = requests.end
      this.#lane.options.onRequest()
      const ready = this.#lane.ready.get(requests.target)
      if (ready) this.#lane.options.onReady()
      if (ready && this.#socket.write(ready)) continue
      const rest = at < bytes.length ? bytes.subarray(at) : null
      void (ready ? this.#onceRead(rest) : this.#ask(requests.target, rest))
      return
    }
  }

  async #ask(target: string, rest: Buffer | null): Promise<void> {
    const socket = this.#socket
    this.#begin(rest)
    const { options } = this.#lane
    const asked = options.answer(target, () => socket.destroyed)
    await this.#send(target, asked ? await asked : options.busy(target))
    if (asked) options.onAnswered()
    this.#goOn()
  }

  /** The client reads slower than it asks. */
  async #onceRead(rest: Buffer | null): Promise<void> {
    this.#begin(rest)
    await drained(this.#socket)
    this.#goOn()
  }

  #begin(rest: Buffer | null): void {
    this.#busy = true
    this.#waiting = rest
    if (rest) this.#socket.pause()
  }

  #goOn(): void {
    this.#busy = false
    if (this.#stopping) this.#socket.destroySoon()
    const waiting = this.#waiting
    this.#waiting = null
    if (!waiting || this.#socket.destroyed) return
    this.#socket.resume()
    this.#take(waiting)
  }

  /** Resolves when the socket has taken the answer, whose memory may then be used again, or is gone. */
  async #send(target: string, answer: Answer): Promise<void> {
    const { body, release } = answer
    const socket = this.#socket
    const length = body.reduce((sum, part) => sum + part.length, 0)
    try {
      if (!socket.writable) return
      if (length <= readyAnswerBytesMax) {
        if (!socket.write(this.#lane.ready.join(target, answer, length))) await drained(socket)
      } else {
        socket.write(this.#lane.heads.head(answer, length).head, 'latin1')
        for (const part of body) await this.#sendSlices(part)
      }
    } finally {
      release?.()
    }
  }

  /** A slice a turn of the event loop, as send-answer.ts does. */
  async #sendSlices(part: Uint8Array): Promise<void> {
    for (let from = 0; from < part.length && this.#socket.writable; from += sliceBytesMax) {
      if (from > 0) await setImmediate()
      await written(part.subarray(from, from + sliceBytesMax), this.#socket)
    }
  }

  #handOver(bytes: Buffer): void {
    const socket = this.#socket
    this.#leave()
    socket.pause()
    socket.unshift(bytes)
    this.#lane.handOver(this, socket)
    socket.resume()
  }

  #leave(): void {
    const socket = this.#socket
    socket.off('data', this.#onData)
    socket.off('end', this.#onEnd)
    socket.off('error', this.#onError)
    socket.off('timeout', this.#onTimeout)
    socket.off('close', this.#onClose)
  }

  /** The client sends no more; Node's server ends such a connection too, also with an answer under way. */
  readonly #onEnd = (): void => {
    this.#socket.end()
  }

  readonly #onError = (error: Error): void => this.#lane.options.onError(error, this.#socket)

  readonly #onTimeout = (): void => {
    this.#socket.destroy()
  }

  readonly #onClose = (): void => this.#lane.ended(this)
}
