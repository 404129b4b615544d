/**
 * Looks at the lengths in front of the answers on a socket before kafkajs does. kafkajs believes every length: it would buffer
 * 2 GiB for a big one, loop for ever on a negative one, and throw out of the socket's event for one without a correlation id.
 */

/** Biggest answer that is accepted. Metadata of a million partitions is about 60 MB; fetches ask for much less. */
export const answerBytesMax = 256 * 1024 * 1024
/** In front of every answer. */
export const frameLengthBytes = 4
const correlationIdBytes = 4

export class FrameGuard {
  #lengthBytes = 0
  #length = 0
  #left = 0

  /** Takes the next piece of the stream, in any cut. Returns what is wrong with it, '' = nothing. */
  check(piece: Uint8Array): string {
    let at = 0
    while (at < piece.length) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, piece.length - at)
        this.#left -= step
        at += step
        continue
      }
      this.#length = (this.#length << 8) | piece[at++]!
      if (++this.#lengthBytes < frameLengthBytes) continue
      if (this.#length < correlationIdBytes || this.#length > answerBytesMax) return `answer of ${this.#length} bytes`
      this.#left = this.#length
      this.#length = 0
      this.#lengthBytes = 0
    }
    return ''
  }
}
