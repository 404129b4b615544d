/** What the decompressors write to. Any thread. */

/** Doubles as it fills, up to the limit, so that a few bytes which announce much do not reserve much. */
export class GrowingOutput {
  bytes: Uint8Array
  length = 0
  private readonly limitBytes: number

  constructor(inputBytes: number, limitBytes: number) {
    this.limitBytes = limitBytes
    this.bytes = new Uint8Array(Math.min(limitBytes, inputBytes * 4 + 1024))
  }

  /** Room for `more` bytes, or for as many as the limit leaves. */
  reserve(more: number): void {
    const wanted = Math.min(this.length + more, this.limitBytes)
    if (wanted <= this.bytes.length) return
    const larger = new Uint8Array(Math.min(this.limitBytes, Math.max(wanted, this.bytes.length * 2)))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }

  fill(byte: number, count: number): void {
    this.reserve(count)
    if (count > this.bytes.length - this.length) throw new Error(`more than ${this.limitBytes} bytes`)
    this.bytes.fill(byte, this.length, this.length + count)
    this.length += count
  }

  append(from: Uint8Array, at: number, count: number): void {
    this.reserve(count)
    if (count > this.bytes.length - this.length) throw new Error(`more than ${this.limitBytes} bytes`)
    this.bytes.set(from.subarray(at, at + count), this.length)
    this.length += count
  }
}

/** The copied bytes may overlap what is written, which repeats them: so byte by byte, or in one go if they do not overlap. */
export function copyBack(output: Uint8Array, at: number, distance: number, length: number): void {
  if (distance >= length && length > 16) {
    output.copyWithin(at, at - distance, at - distance + length)
    return
  }
  for (let index = 0; index < length; index++) output[at + index] = output[at + index - distance]!
}
