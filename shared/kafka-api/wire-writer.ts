/** Writes the primitive types of the Kafka protocol (wire-reader.ts has their forms) into a buffer that grows. Any thread. */
export class WireWriter {
  #bytes: Buffer
  #at = 0

  constructor(expectedBytes = 256) {
    this.#bytes = Buffer.allocUnsafe(expectedBytes)
  }

  int8(value: number): this {
    const at = this.#room(1)
    this.#bytes.writeInt8(value, at)
    return this
  }
  int16(value: number): this {
    const at = this.#room(2)
    this.#bytes.writeInt16BE(value, at)
    return this
  }
  int32(value: number): this {
    const at = this.#room(4)
    this.#bytes.writeInt32BE(value, at)
    return this
  }
  /** Within ±(2^53 - 1). */
  int64(value: number): this {
    const at = this.#room(8)
    const high = Math.floor(value / 4_294_967_296)
    this.#bytes.writeInt32BE(high, at)
    this.#bytes.writeUInt32BE(value - high * 4_294_967_296, at + 4)
    return this
  }
  /** Unsigned, at most 32 bits. */
  varint(value: number): this {
    let left = value
    while (left >= 0x80) {
      this.#byte((left % 0x80) | 0x80)
      left = Math.floor(left / 0x80)
    }
    return this.#byte(left)
  }
  string(value: string, compact: boolean): this {
    const length = Buffer.byteLength(value)
    if (compact) this.varint(length + 1)
    else this.int16(length)
    const at = this.#room(length)
    this.#bytes.write(value, at, 'utf8')
    return this
  }
  /** Compact form. */
  nullString(): this {
    return this.varint(0)
  }
  /** From 32 hex digits. */
  uuid(hex: string): this {
    const at = this.#room(16)
    if (this.#bytes.write(hex, at, 'hex') !== 16) throw new RangeError(`not the 32 hex digits of a uuid: ${hex}`)
    return this
  }
  count(count: number, compact: boolean): this {
    return compact ? this.varint(count + 1) : this.int32(count)
  }
  /** Zero bytes, for example a uuid that is not given. */
  zeros(length: number): this {
    const at = this.#room(length)
    this.#bytes.fill(0, at, at + length)
    return this
  }
  noTags(): this {
    return this.varint(0)
  }

  /** What was written. The writer must not be used after this. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  #byte(value: number): this {
    const at = this.#room(1)
    this.#bytes[at] = value
    return this
  }

  /** Where the next `length` bytes go. To be called before `#bytes` is used: that may be another one then. */
  #room(length: number): number {
    const at = this.#at
    this.#at += length
    if (this.#at > this.#bytes.length) {
      const bigger = Buffer.allocUnsafe(Math.max(this.#at, this.#bytes.length * 2))
      bigger.set(this.#bytes.subarray(0, at))
      this.#bytes = bigger
    }
    return at
  }
}
