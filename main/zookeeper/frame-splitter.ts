import { BurrowError } from '../../shared/errors.ts'

/** ZooKeeper's own bound (jute.maxbuffer) is 1 MB unless it was raised, as it is for folders with very many children. */
export const frameBytesMax = 64 * 1024 * 1024
const lengthBytes = 4

/**
 * Cuts what comes from a socket into whole frames, each with its length in front:
 *
 *   0          4
 *  +----------+-----------------+
 *  | length n | n bytes         |
 *  +----------+-----------------+
 *
 * Every byte is copied at most once, however many frames a chunk holds and however many chunks a frame takes. One connection, one
 * thread.
 */
export class FrameSplitter {
  /** What is there of the frame that is not complete. */
  readonly #parts: Buffer[] = []
  #partBytes = 0

  /** Calls `onFrame` with each frame that is complete. Throws BurrowError PROTOCOL_DECODE for a length out of range. */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    this.#parts.push(chunk)
    this.#partBytes += chunk.length
    if (this.#partBytes < this.#neededBytes()) return
    const bytes = this.#takeAll()
    let at = 0
    while (bytes.length - at >= lengthBytes) {
      const end = at + lengthBytes + checkedLength(bytes.readInt32BE(at))
      if (end > bytes.length) break
      onFrame(bytes.subarray(at, end))
      at = end
    }
    if (at === bytes.length) return
    this.#parts.push(bytes.subarray(at))
    this.#partBytes = bytes.length - at
  }

  #neededBytes(): number {
    const first = this.#parts[0]!
    if (first.length >= lengthBytes) return lengthBytes + checkedLength(first.readInt32BE(0))
    return lengthBytes
  }

  #takeAll(): Buffer {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts, this.#partBytes)
    this.#parts.length = 0
    this.#partBytes = 0
    return bytes
  }
}

function checkedLength(length: number): number {
  if (length >= 0 && length <= frameBytesMax) return length
  throw new BurrowError('PROTOCOL_DECODE', 'ZooKeeper sent a frame with a length out of range', { length })
}
