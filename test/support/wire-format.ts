/**
 * Writing and reading the plain types of the Kafka protocol (KIP-482 for the flexible ones), for tests that speak to brokers
 * by hand. Slow and simple on purpose, and apart from the codec that is tested. All numbers big-endian.
 */
export class WireWriter {
  readonly #parts: Buffer[] = []

  int8(value: number): this {
    return this.#number(1, part => part.writeInt8(value))
  }
  int16(value: number): this {
    return this.#number(2, part => part.writeInt16BE(value))
  }
  int32(value: number): this {
    return this.#number(4, part => part.writeInt32BE(value))
  }
  int64(value: number | bigint): this {
    return this.#number(8, part => part.writeBigInt64BE(BigInt(value)))
  }
  uvarint(value: number): this {
    const bytes: number[] = []
    let rest = value
    while (rest > 127) {
      bytes.push((rest % 128) | 128)
      rest = Math.floor(rest / 128)
    }
    return this.raw(Buffer.from([...bytes, rest]))
  }
  raw(bytes: Uint8Array): this {
    this.#parts.push(Buffer.from(bytes))
    return this
  }
  /** int16 length, -1 = null. */
  string(value: string | null): this {
    if (value === null) return this.int16(-1)
    const bytes = Buffer.from(value)
    return this.int16(bytes.length).raw(bytes)
  }
  /** Length + 1 as a varint, 0 = null. */
  compactString(value: string | null): this {
    if (value === null) return this.uvarint(0)
    const bytes = Buffer.from(value)
    return this.uvarint(bytes.length + 1).raw(bytes)
  }
  bytes(value: Uint8Array): this {
    return this.int32(value.length).raw(value)
  }
  array<T>(items: readonly T[], write: (writer: this, item: T) => void): this {
    this.int32(items.length)
    for (const item of items) write(this, item)
    return this
  }
  compactArray<T>(items: readonly T[], write: (writer: this, item: T) => void): this {
    this.uvarint(items.length + 1)
    for (const item of items) write(this, item)
    return this
  }
  noTags(): this {
    return this.uvarint(0)
  }
  finish(): Buffer {
    return Buffer.concat(this.#parts)
  }

  #number(size: number, write: (part: Buffer) => void): this {
    const part = Buffer.alloc(size)
    write(part)
    this.#parts.push(part)
    return this
  }
}

export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }
  int8(): number {
    return this.#bytes.readInt8(this.#step(1))
  }
  int16(): number {
    return this.#bytes.readInt16BE(this.#step(2))
  }
  int32(): number {
    return this.#bytes.readInt32BE(this.#step(4))
  }
  int64(): number {
    return Number(this.#bytes.readBigInt64BE(this.#step(8)))
  }
  uvarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#step(1))
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    throw new RangeError('varint of more than five bytes')
  }
  string(): string | null {
    const length = this.int16()
    return length < 0 ? null : this.#text(length)
  }
  compactString(): string | null {
    const length = this.uvarint()
    return length === 0 ? null : this.#text(length - 1)
  }
  array<T>(read: (reader: this) => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, () => read(this))
  }
  compactArray<T>(read: (reader: this) => T): T[] {
    return Array.from({ length: Math.max(0, this.uvarint() - 1) }, () => read(this))
  }
  skipTags(): void {
    for (let left = this.uvarint(); left > 0; left--) {
      this.uvarint()
      this.#step(this.uvarint())
    }
  }

  #text(length: number): string {
    const from = this.#step(length)
    return this.#bytes.toString('utf8', from, from + length)
  }
  #step(length: number): number {
    const from = this.#at
    this.#at += length
    return from
  }
}
