import type { CounterBlock } from '../counters.ts'
import type { EvaluatorInit } from './thread-messages.ts'

/**
 * What all threads of the evaluator pool are given (Piscina's workerData is one value for all), and how each gets a name
 * and counters of its own out of it: it takes a free seat.
 *
 * A seat is one Int32: 0 = free, else the id of the thread that sits there. The thread takes it; main gives it free when
 * the thread has ended, so its successor goes on with the same counters and two writers never share a block.
 */
export interface EvaluatorPoolInit extends Omit<EvaluatorInit, 'name' | 'counters'> {
  readonly seats: SharedArrayBuffer
  /** By seat. */
  readonly counters: readonly CounterBlock[]
}

/** More than threads, since a successor may sit down before main hears that its predecessor has ended. */
export function seatsFor(threads: number): number {
  return threads * 2 + 2
}

export function createSeats(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * seatsFor(threads))
}

export function seatName(seat: number): string {
  return `evaluator-${seat}`
}

/** On the thread itself. Throws when all seats are taken: main forgot to give them free. */
export function takeSeat(init: EvaluatorPoolInit, threadId: number): EvaluatorInit {
  const words = new Int32Array(init.seats)
  for (let seat = 0; seat < words.length; seat++) {
    if (Atomics.compareExchange(words, seat, 0, threadId) === 0) {
      const { seats: _, counters, ...shared } = init
      return { ...shared, name: seatName(seat), counters: counters[seat]! }
    }
  }
  throw new Error('no free seat for an evaluator thread')
}

/** On main, when the thread has ended. */
export function leaveSeat(seats: SharedArrayBuffer, threadId: number): void {
  const words = new Int32Array(seats)
  for (let seat = 0; seat < words.length; seat++) Atomics.compareExchange(words, seat, threadId, 0)
}
