/**
 * Memory for large answers that a thread of the pool fills, main puts on a socket, and the thread uses again.
 *
 *    state: Int32 | not used, 60 bytes | bytes of the answer ...                                        SharedArrayBuffer
 *
 * Why not transfer an ArrayBuffer: its bytes then count as main's, and every 64 MB of them make V8 collect the whole heap of main, 4 to
 * 10 ms each time with the event loop held. Shared memory does not count, so nobody would collect it either; that is why it is
 * given back and used again. Who forgets to give it back costs memory until a collection, never a wrong byte.
 */
const state = { free: 0, lent: 1, kept: 2 } as const
const headBytes = 64

/** Below this, each piece filled up to a multiple of 8, an answer is better transferred: the memory is little, and a status is often kept in a cache. */
export const lentBytesMin = 64 * 1024
/** What one thread keeps to use again; beyond it the oldest buffer is forgotten, and collected once main is done with it. */
export const lentBuffersMax = 128
export const lentBytesMax = 48 * 1024 * 1024

/** One per thread that fills answers. */
export class Lender {
  /** Oldest first. */
  #buffers: SharedArrayBuffer[] = []

  /** A copy of `bytes` in memory that is used again after `giveBack`; of few bytes, a copy fit to be transferred. */
  copy(bytes: Uint8Array): Uint8Array {
    const copy = this.lend([bytes.length])?.[0] ?? unfilled(bytes.length)
    copy.set(bytes)
    return copy
  }

  /** One piece of memory for several, each at a multiple of 8; null when they are too few bytes to be lent. */
  lend(byteLengths: readonly number[]): Uint8Array[] | null {
    const total = byteLengths.reduce((sum, length) => sum + padded(length), 0)
    if (total < lentBytesMin) return null
    const buffer = this.#take(total)
    let at = headBytes
    return byteLengths.map(length => {
      const piece = new Uint8Array(buffer, at, length)
      at += padded(length)
      return piece
    })
  }

  /** Bytes of all buffers that are used again. */
  get byteLength(): number {
    return this.#buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0)
  }

  #take(length: number): SharedArrayBuffer {
    const buffer = this.#smallestFree(length) ?? this.#create(length)
    Atomics.store(stateOf(buffer), 0, state.lent)
    return buffer
  }

  #smallestFree(length: number): SharedArrayBuffer | null {
    let best: SharedArrayBuffer | null = null
    for (const buffer of this.#buffers) {
      if (buffer.byteLength - headBytes < length || Atomics.load(stateOf(buffer), 0) !== state.free) continue
      if (!best || buffer.byteLength < best.byteLength) best = buffer
    }
    return best
  }

  #create(length: number): SharedArrayBuffer {
    // Powers of two: answers of about the same size find each other's memory.
    const buffer = new SharedArrayBuffer(headBytes + 2 ** Math.ceil(Math.log2(length)))
    this.#buffers.push(buffer)
    while (this.#buffers.length > lentBuffersMax || this.byteLength > lentBytesMax) this.#buffers.shift()
    return buffer
  }
}

/** Nobody on this thread reads the bytes any more. Without effect on bytes that are not lent, or are kept. */
export function giveBack(bytes: Uint8Array): void {
  if (isLent(bytes)) Atomics.compareExchange(stateOf(bytes.buffer), 0, state.lent, state.free)
}

/** The bytes are kept for further answers: `giveBack` has no effect any more, and the memory is left to the collector. */
export function keep(bytes: Uint8Array): void {
  if (isLent(bytes)) Atomics.store(stateOf(bytes.buffer), 0, state.kept)
}

export function isLent(bytes: Uint8Array): bytes is Uint8Array<SharedArrayBuffer> {
  return bytes.buffer instanceof SharedArrayBuffer
}

/** In a buffer of its own, not zeroed: every byte is about to be written. */
function unfilled(length: number): Uint8Array {
  const { buffer } = Buffer.allocUnsafeSlow(length)
  return new Uint8Array(buffer)
}

function padded(length: number): number {
  return (length + 7) & ~7
}

function stateOf(buffer: SharedArrayBuffer): Int32Array {
  return new Int32Array(buffer, 0, 1)
}
