import { BurrowError } from '../errors.ts'

/**
 * Reads the primitive types of the Kafka protocol from an answer of a broker. Any thread; one reader per answer.
 *
 * Every method names the field it reads. What does not fit throws BurrowError PROTOCOL_DECODE with that field: nothing
 * is read beyond the end, and no count from the wire is believed before the bytes for it were seen to be there.
 *
 *   string16        int16 length, UTF-8; -1 = null          compact string   varint length + 1, 0 = null   (KIP-482)
 *   array           int32 count; -1 = null                  compact array    varint count + 1, 0 = null
 *   tagged fields   varint count, then each: varint tag, varint size, bytes
 */
export class WireReader {
  readonly bytes: Uint8Array
  readonly view: DataView
  at = 0
  readonly #what: string

  /** `what` names the answer in errors, for example `Metadata v8`. */
  constructor(bytes: Uint8Array, what: string) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#what = what
  }

  int8(field: string): number {
    return this.view.getInt8(this.skip(1, field))
  }
  int16(field: string): number {
    return this.view.getInt16(this.skip(2, field))
  }
  int32(field: string): number {
    return this.view.getInt32(this.skip(4, field))
  }
  /** A value beyond ±(2^53 - 1) comes as NaN: never rounded, for the caller to refuse and count. */
  int64(field: string): number {
    const at = this.skip(8, field)
    const value = this.view.getInt32(at) * 4_294_967_296 + this.view.getUint32(at + 4)
    return Number.isSafeInteger(value) ? value : Number.NaN
  }
  boolean(field: string): boolean {
    return this.int8(field) !== 0
  }
  uuid(field: string): string {
    const at = this.skip(16, field)
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + at, 16).toString('hex')
  }

  /** Unsigned, at most 32 bits. */
  varint(field: string): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.skip(1, field)]!
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    return this.refuse(field, 'a varint does not end')
  }

  string(field: string, compact: boolean): string {
    return this.nullableString(field, compact) ?? this.refuse(field, 'null is not allowed')
  }
  nullableString(field: string, compact: boolean): string | null {
    const length = compact ? this.varint(field) - 1 : this.int16(field)
    if (length === -1) return null
    const at = this.skip(length, field)
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + at, length).toString('utf8')
  }
  /** A view of the answer, not a copy; empty for null. */
  nullableBytes(field: string, compact: boolean): Uint8Array {
    const length = compact ? this.varint(field) - 1 : this.int32(field)
    if (length === -1) return this.bytes.subarray(this.at, this.at)
    const at = this.skip(length, field)
    return this.bytes.subarray(at, at + length)
  }

  /** Number of elements, null as 0. Refused unless `bytesEach` times as many bytes are left. */
  count(field: string, compact: boolean, bytesEach: number): number {
    const count = compact ? this.varint(field) - 1 : this.int32(field)
    if (count === -1) return 0
    if (count < 0 || count * bytesEach > this.bytes.length - this.at) this.refuse(field, `${count} do not fit`)
    return count
  }

  /** Passes over `count` elements of `bytesEach` bytes. */
  skipArray(field: string, compact: boolean, bytesEach: number): void {
    this.skip(this.count(field, compact, bytesEach) * bytesEach, field)
  }
  /** Passes over the tagged fields at the end of a flexible struct. */
  skipTags(field: string): void {
    for (let left = this.tagCount(field); left > 0; left--) {
      this.varint(field)
      this.skip(this.varint(field), field)
    }
  }

  /** Moves on by `length` bytes; returns where they begin. */
  skip(length: number, field: string): number {
    const at = this.at
    if (length < 0 || length > this.bytes.length - at) this.refuse(field, `${length} bytes wanted`)
    this.at = at + length
    return at
  }

  refuse(field: string, why: string): never {
    const facts = { field, at: this.at, length: this.bytes.length }
    throw new BurrowError('PROTOCOL_DECODE', `${this.#what}: cannot read ${field} at byte ${this.at}: ${why}`, facts)
  }

  /** A count of tagged fields is plain, not one more. Two bytes each at least. */
  private tagCount(field: string): number {
    const count = this.varint(field)
    if (count * 2 > this.bytes.length - this.at) this.refuse(field, `${count} do not fit`)
    return count
  }
}
