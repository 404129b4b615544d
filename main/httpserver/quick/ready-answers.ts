import type { Clock } from '../../../shared/clock.ts'
import { LruMap } from '../../../shared/lru-map.ts'
import type { Answer } from '../answer.ts'
import { dateBytes, dateSecond, dateText, type HeadWriter } from './answer-bytes.ts'

/** Answers kept ready on one listener, and their bytes; a larger one is not kept. */
export const readyAnswersMax = 50_000
export const readyBytesMax = 64 * 1024 * 1024
export const readyAnswerBytesMax = 64 * 1024

/**
 * Answers as they go on the socket, head and body in one piece, by request target, for as long as the verdict in them may be
 * given (`Answer.validToMs`). Main thread.
 */
export class ReadyAnswers {
  readonly #clock: Clock
  readonly #heads: HeadWriter
  readonly #byTarget = new LruMap<Ready>(readyAnswersMax, readyBytesMax)

  constructor(clock: Clock, heads: HeadWriter) {
    this.#clock = clock
    this.#heads = heads
  }

  /** With the date of now. The bytes are shared: read them only. */
  get(target: string): Buffer | null {
    const ready = this.#byTarget.get(target)
    if (!ready) return null
    if (this.#clock.nowMs() > ready.validToMs) {
      this.#byTarget.delete(target)
      return null
    }
    const second = dateSecond()
    if (ready.second !== second) {
      // Other bytes: the ones before may still be on their way to a socket.
      ready.bytes = Buffer.from(ready.bytes)
      ready.bytes.write(dateText(), ready.dateAt, dateBytes, 'latin1')
      ready.second = second
    }
    return ready.bytes
  }

  /** The whole answer, kept if it may be; for one of at most `readyAnswerBytesMax`. */
  join(target: string, answer: Answer, bodyBytes: number): Buffer {
    const second = dateSecond()
    const { head, dateAt } = this.#heads.head(answer, bodyBytes)
    const bytes = Buffer.allocUnsafeSlow(head.length + bodyBytes) // kept for seconds: no piece of a pool
    let at = bytes.write(head, 'latin1')
    for (const part of answer.body) {
      bytes.set(part, at)
      at += part.length
    }
    const { validToMs } = answer
    if (validToMs !== undefined) {
      this.#byTarget.set(target, { bytes, dateAt, second, validToMs }, bytes.length + 2 * target.length + entryBytes)
    }
    return bytes
  }
}

interface Ready {
  bytes: Buffer
  readonly dateAt: number
  /** Of the date in `bytes`. */
  second: number
  readonly validToMs: number
}

/** An estimate. */
const entryBytes = 250
