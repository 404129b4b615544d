import { setInt64 } from './int64.ts'

/** Largest buffer that a writer grows to: more than any batch that our reader believes. */
const writerBytesMax = 256 * 1024 * 1024

const utf8 = new TextEncoder()

/** Big-endian bytes into a buffer that grows. For the simulator, load and tests. Any thread. */
export class ByteWriter {
  private bytes: Uint8Array
  private view: DataView
  length = 0

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity)
    this.view = new DataView(this.bytes.buffer)
  }

  /** What was written; a view of the writer's own buffer, so the writer is not to be used again. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  int8(value: number): this {
    const at = this.advance(1)
    this.view.setInt8(at, value)
    return this
  }

  int16(value: number): this {
    const at = this.advance(2)
    this.view.setInt16(at, value)
    return this
  }

  int32(value: number): this {
    const at = this.advance(4)
    this.view.setInt32(at, value)
    return this
  }

  int64(value: number | bigint): this {
    const at = this.advance(8)
    setInt64(this.view, at, value)
    return this
  }

  raw(bytes: Uint8Array): this {
    const at = this.advance(bytes.length)
    this.bytes.set(bytes, at)
    return this
  }

  /** int16 length and UTF-8; null = -1. */
  string16(text: string | null): this {
    if (text === null) return this.int16(-1)
    const bytes = utf8.encode(text)
    return this.int16(bytes.length).raw(bytes)
  }

  /** int32 length and bytes; null = -1. */
  bytes32(bytes: Uint8Array | null): this {
    return bytes === null ? this.int32(-1) : this.int32(bytes.length).raw(bytes)
  }

  /** Varint length + 1 and UTF-8; null = 0. */
  compactString(text: string | null): this {
    if (text === null) return this.unsignedVarint(0)
    const bytes = utf8.encode(text)
    return this.unsignedVarint(bytes.length + 1).raw(bytes)
  }

  /** Any integer from 0 to 2^53 - 1, so it serves varints and varlongs. */
  unsignedVarint(value: number): this {
    let rest = value
    while (rest >= 0x80) {
      this.int8((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    return this.int8(rest)
  }

  /** Zigzag; ±2^52 at most. */
  varint(value: number): this {
    return this.unsignedVarint(value >= 0 ? value * 2 : -value * 2 - 1)
  }

  /** May put another buffer under the writer: take the place first, then the view. */
  private advance(count: number): number {
    const at = this.length
    this.length += count
    if (this.length > this.bytes.length) this.grow()
    return at
  }

  private grow(): void {
    if (this.length > writerBytesMax) throw new RangeError(`more than ${writerBytesMax} bytes written`)
    const larger = new Uint8Array(Math.max(this.length, this.bytes.length * 2))
    larger.set(this.bytes)
    this.bytes = larger
    this.view = new DataView(larger.buffer)
  }
}
