/**
 * Kafka's primitive types, classic and flexible (KIP-482), big-endian. One flag chooses the form, so that an API reads the
 * same in all its versions:
 *
 *   type            classic                    flexible
 *   string, bytes   int16 / int32 length       unsigned varint of length + 1, 0 = null
 *   array           int32 count, -1 = null     unsigned varint of count + 1, 0 = null
 *   end of struct   nothing                    tagged fields: varint count, then per field varint tag, varint size, bytes
 */

/** A request that ends before its fields do, or whose lengths make no sense. The connection is closed, as Kafka does. */
export class WireError extends Error {}

export class WireReader {
  readonly bytes: Buffer
  position: number
  flexible: boolean

  constructor(bytes: Buffer, position = 0, flexible = false) {
    this.bytes = bytes
    this.position = position
    this.flexible = flexible
  }

  get remaining(): number {
    return this.bytes.length - this.position
  }
  int8(): number {
    return this.bytes.readInt8(this.take(1))
  }
  int16(): number {
    return this.bytes.readInt16BE(this.take(2))
  }
  int32(): number {
    return this.bytes.readInt32BE(this.take(4))
  }
  /** Beyond 2^53 the nearest number: nothing the simulator keeps is that large. */
  int64(): number {
    const at = this.take(8)
    return this.bytes.readInt32BE(at) * 4_294_967_296 + this.bytes.readUInt32BE(at + 4)
  }
  bool(): boolean {
    return this.int8() !== 0
  }
  /** 16 bytes as hex, the form in which topic ids are kept. */
  uuid(): string {
    const at = this.take(16)
    return this.bytes.toString('hex', at, at + 16)
  }
  varint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes.readUInt8(this.take(1))
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new WireError('a varint of more than five bytes')
  }
  nullableString(): string | null {
    const length = this.flexible ? this.varint() - 1 : this.int16()
    if (length < 0) return null
    const at = this.take(length)
    return this.bytes.toString('utf8', at, at + length)
  }
  string(): string {
    return this.nullableString() ?? ''
  }
  /** A view, not a copy: valid as long as the frame. */
  nullableBytes(): Buffer | null {
    const length = this.flexible ? this.varint() - 1 : this.int32()
    if (length < 0) return null
    const at = this.take(length)
    return this.bytes.subarray(at, at + length)
  }
  nullableArray<T>(item: () => T): T[] | null {
    const count = this.flexible ? this.varint() - 1 : this.int32()
    if (count < 0) return null
    if (count > this.remaining) throw new WireError(`an array of ${count} items in ${this.remaining} bytes`)
    return Array.from({ length: count }, item)
  }
  array<T>(item: () => T): T[] {
    return this.nullableArray(item) ?? []
  }
  /** Ends a struct: tagged fields are skipped, the simulator needs none of them. */
  tags(): void {
    if (!this.flexible) return
    for (let count = this.varint(); count > 0; count--) {
      this.varint()
      this.take(this.varint())
    }
  }

  private take(length: number): number {
    const at = this.position
    if (length > this.bytes.length - at) throw new WireError(`${length} bytes wanted, ${this.bytes.length - at} left`)
    this.position = at + length
    return at
  }
}

const chunkBytes = 4096

/** Collects a reply. Big byte fields are kept as they are (`raw`), so that stored batches reach the socket without a copy. */
export class WireWriter {
  flexible: boolean
  private readonly finished: Buffer[] = []
  private chunk = Buffer.allocUnsafe(chunkBytes)
  private used = 0
  private finishedBytes = 0

  constructor(flexible = false) {
    this.flexible = flexible
  }

  get length(): number {
    return this.finishedBytes + this.used
  }
  int8(value: number): void {
    const at = this.room(1)
    this.chunk.writeInt8(value, at)
  }
  int16(value: number): void {
    const at = this.room(2)
    this.chunk.writeInt16BE(value, at)
  }
  int32(value: number): void {
    const at = this.room(4)
    this.chunk.writeInt32BE(value, at)
  }
  int64(value: number): void {
    const at = this.room(8)
    const high = Math.floor(value / 4_294_967_296)
    this.chunk.writeInt32BE(high, at)
    this.chunk.writeUInt32BE(value - high * 4_294_967_296, at + 4)
  }
  bool(value: boolean): void {
    this.int8(value ? 1 : 0)
  }
  uuid(hex: string): void {
    const at = this.room(16)
    this.chunk.write(hex, at, 'hex')
  }
  varint(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      const at = this.room(1)
      this.chunk.writeUInt8((rest & 0x7f) | 0x80, at)
      rest = Math.floor(rest / 128)
    }
    const at = this.room(1)
    this.chunk.writeUInt8(rest, at)
  }
  string(value: string | null): void {
    if (value === null) {
      if (this.flexible) this.varint(0)
      else this.int16(-1)
      return
    }
    const length = Buffer.byteLength(value)
    if (this.flexible) this.varint(length + 1)
    else this.int16(length)
    const at = this.room(length)
    this.chunk.write(value, at)
  }
  bytes(value: Uint8Array | null): void {
    this.bytesLength(value === null ? -1 : value.length)
    if (value !== null) this.copy(value)
  }
  /** The length of a byte field whose content follows by `raw`. */
  bytesLength(length: number): void {
    if (this.flexible) this.varint(length + 1)
    else this.int32(length)
  }
  arrayLength(count: number): void {
    if (this.flexible) this.varint(count + 1)
    else this.int32(count)
  }
  array<T>(items: readonly T[], write: (item: T) => void): void {
    this.arrayLength(items.length)
    for (const item of items) write(item)
  }
  tags(): void {
    if (this.flexible) this.varint(0)
  }
  copy(value: Uint8Array): void {
    const at = this.room(value.length)
    this.chunk.set(value, at)
  }
  /** Bytes that nobody changes any more: handed on without a copy. */
  raw(value: Buffer): void {
    if (value.length === 0) return
    this.seal()
    this.finished.push(value)
    this.finishedBytes += value.length
  }
  /** Everything written, in order. Call once. */
  finish(): Buffer[] {
    this.seal()
    return this.finished
  }

  private room(length: number): number {
    if (this.used + length > this.chunk.length) {
      this.seal()
      if (length > this.chunk.length) this.chunk = Buffer.allocUnsafe(Math.max(length, chunkBytes))
    }
    const at = this.used
    this.used += length
    return at
  }
  private seal(): void {
    if (this.used === 0) return
    this.finished.push(this.chunk.subarray(0, this.used))
    this.finishedBytes += this.used
    this.chunk = this.used < this.chunk.length ? this.chunk.subarray(this.used) : Buffer.allocUnsafe(chunkBytes)
    this.used = 0
  }
}
