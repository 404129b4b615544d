import { BurrowError } from '../errors.ts'
import { unackedMax } from './storage-messages.ts'

/**
 * Credit of a sender of Batch and Commands messages: at most `max` open (sent, not acknowledged) on one port. Any thread; one
 * per port. Acknowledgements come in the order sent, as a port keeps its order.
 */
export class UnackedWindow {
  readonly #max: number
  #sent = 0
  #settled = 0
  #error: BurrowError | null = null
  #waiting: PromiseWithResolvers | null = null

  constructor(max = unackedMax) {
    this.#max = max
  }

  get open(): number {
    return this.#sent - this.#settled
  }

  get isFull(): boolean {
    return this.open >= this.#max
  }

  /** The sequence number of the next message. Throws when there is no room, or the port has closed. */
  take(): number {
    if (this.#error) throw this.#error
    if (this.isFull) throw new BurrowError('QUEUE_FULL', 'too many unacknowledged messages', { max: this.#max })
    return this.#sent++
  }

  /** For an Ack. Throws RangeError for one that is not the oldest open message: then sender and receiver disagree. */
  settle(sequence: number): void {
    if (sequence !== this.#settled || sequence >= this.#sent) {
      throw new RangeError(`acknowledged ${sequence}, expected ${this.#settled} of ${this.#sent}`)
    }
    this.#settled++
    this.#waiting?.resolve()
    this.#waiting = null
  }

  /** Resolves when `take` would work; rejects when the port closes. All who wait share one promise. */
  async untilRoom(): Promise<void> {
    while (this.isFull && !this.#error) {
      this.#waiting ??= withResolvers()
      await this.#waiting.promise
    }
    if (this.#error) throw this.#error
  }

  /** The port has closed: what is open will never be acknowledged. */
  close(error: BurrowError): void {
    this.#error ??= error
    this.#waiting?.resolve()
    this.#waiting = null
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>
  readonly resolve: () => void
}

function withResolvers(): PromiseWithResolvers {
  let resolve = () => {}
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve }
}
