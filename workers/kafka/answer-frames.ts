import { FrameGuard, frameLengthBytes } from './frame-guard.ts'

/** Answers of this size and more go into memory that is used again. */
const largeBytes = 64 * 1024
/** Memory for large answers grows in steps of this. */
const roomStepBytes = 256 * 1024

/**
 * Puts the pieces that a socket brings together to whole answers, before kafkajs sees them. kafkajs keeps all pieces until an answer is there, copies
 * them into one, and holds on to that until the next answer: three times the memory, for good in the heap's arenas. Kafka threads; one per socket.
 *
 *    pieces   |len|....|   |........|   |....|len|..|   |.....|
 *              '------------ answer ---------' '----- answer --'
 *
 * With `isReused`, a large answer lies in the same memory as the large one before it: for a socket on which the next request is only sent
 * when the last answer was dealt with. A small answer gives that memory back: the backlog is read.
 */
export class AnswerFrames {
  readonly #guard = new FrameGuard()
  readonly #isReused: boolean
  readonly #take: (answer: Buffer) => void
  readonly #head = Buffer.alloc(frameLengthBytes)
  #room: Buffer | null = null
  #answer: Buffer | null = null
  #filled = 0

  /** `take` gets every answer with its length in front. */
  constructor(isReused: boolean, take: (answer: Buffer) => void) {
    this.#isReused = isReused
    this.#take = take
  }

  /** Takes the next piece, in any cut; it is not kept. Returns what is wrong with it, '' = nothing. */
  add(piece: Uint8Array): string {
    const wrong = this.#guard.check(piece)
    if (wrong !== '') return wrong
    let at = 0
    while (at < piece.length) {
      const target = this.#answer ?? this.#head
      const step = Math.min(target.length - this.#filled, piece.length - at)
      target.set(piece.subarray(at, at + step), this.#filled)
      at += step
      this.#filled += step
      if (this.#filled < target.length) break
      if (target === this.#head) {
        this.#answer = this.#memoryFor(frameLengthBytes + this.#head.readInt32BE(0))
        this.#answer.set(this.#head)
      } else {
        this.#answer = null
        this.#filled = 0
        this.#take(target)
      }
    }
    return ''
  }

  #memoryFor(bytes: number): Buffer {
    if (!this.#isReused || bytes < largeBytes) {
      this.#room = null
      return Buffer.allocUnsafe(bytes)
    }
    if (!this.#room || this.#room.length < bytes) {
      this.#room = Buffer.allocUnsafeSlow(Math.ceil(bytes / roomStepBytes) * roomStepBytes)
    }
    return this.#room.subarray(0, bytes)
  }
}
