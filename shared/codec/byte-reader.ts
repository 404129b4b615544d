import { unsignedVarintAt, varintEnd } from './varint.ts'

/**
 * A cursor over big-endian bytes for the rare records that become objects (group metadata, newer groups). Every read names its
 * field; one that runs over the end, or a length or count that cannot be, stops the decoding with that name. Any thread.
 *
 *   decodeFields(() => ({ epoch: reader.int32('epoch') }))   { ok: true, value } | { ok: false, field: 'epoch' }
 */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly field: string }

/** Runs `decode`; a reader that stopped inside gives the field's name instead of a value. */
export function decodeFields<T>(decode: () => T): Decoded<T> {
  try {
    return { ok: true, value: decode() }
  } catch (error) {
    if (error instanceof FieldError) return { ok: false, field: error.field }
    throw error
  }
}

/** Leaves a decoder; never leaves this folder. */
export class FieldError extends Error {
  readonly field: string
  constructor(field: string) {
    super(`cannot decode ${field}`)
    this.field = field
  }
}

export class ByteReader {
  readonly bytes: Uint8Array
  private readonly view: DataView
  private at: number
  private readonly end: number

  constructor(bytes: Uint8Array, at = 0, length = bytes.length - at) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
    this.end = Math.min(at + Math.max(length, 0), bytes.length)
  }

  get remaining(): number {
    return this.end - this.at
  }

  /** A second reader at the same place, to try a layout. */
  fork(): ByteReader {
    return new ByteReader(this.bytes, this.at, this.remaining)
  }

  int8(field: string): number {
    return this.view.getInt8(this.advance(1, field))
  }

  int16(field: string): number {
    return this.view.getInt16(this.advance(2, field))
  }

  /** int16 that is not negative. */
  version(field: string): number {
    const version = this.int16(field)
    if (version < 0) throw new FieldError(field)
    return version
  }

  uint16(field: string): number {
    return this.view.getUint16(this.advance(2, field))
  }

  int32(field: string): number {
    return this.view.getInt32(this.advance(4, field))
  }

  /** Exact; beyond ±(2^53 - 1) the field is refused. */
  int64(field: string): number {
    const value = this.wideInt64(field)
    if (typeof value === 'string') throw new FieldError(field)
    return value
  }

  /** For hashes and the like: decimal digits beyond ±(2^53 - 1). */
  wideInt64(field: string): number | string {
    const value = this.view.getBigInt64(this.advance(8, field))
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value.toString()
  }

  /** 16 bytes as base64url without padding, as Kafka prints ids. */
  uuid(field: string): string {
    return Buffer.from(this.raw(16, field)).toString('base64url')
  }

  /** int16 length; null reads as ''. */
  string16(field: string): string {
    return this.nullableString16(field) ?? ''
  }

  nullableString16(field: string): string | null {
    const length = this.int16(field)
    return length === -1 ? null : this.text(length, field)
  }

  /** int32 length, -1 = null. A view of the bytes read from. */
  bytes32(field: string): Uint8Array | null {
    const length = this.int32(field)
    return length === -1 ? null : this.raw(length, field)
  }

  /** Varint length + 1; null reads as ''. */
  compactString(field: string): string {
    return this.compactNullableString(field) ?? ''
  }

  compactNullableString(field: string): string | null {
    const length = this.unsignedVarint(field) - 1
    return length === -1 ? null : this.text(length, field)
  }

  compactBytes(field: string): Uint8Array | null {
    const length = this.unsignedVarint(field) - 1
    return length === -1 ? null : this.raw(length, field)
  }

  /** int32 count and as many items. `item` must read at least a byte: then a lying count ends where the bytes do. */
  array32<T>(field: string, item: () => T): T[] {
    return this.items(this.int32(field), field, item)
  }

  /** Varint count + 1; null reads as []. */
  compactArray<T>(field: string, item: () => T): T[] {
    return this.compactNullableArray(field, item) ?? []
  }

  compactNullableArray<T>(field: string, item: () => T): T[] | null {
    const count = this.unsignedVarint(field) - 1
    return count === -1 ? null : this.items(count, field, item)
  }

  /**
   * The tagged fields at the end of a struct (KIP-482). `read` may take a tag it knows, from a reader of that field alone;
   * the rest is skipped.
   */
  taggedFields(field: string, read?: (tag: number, reader: ByteReader) => void): void {
    const count = this.unsignedVarint(field)
    for (let index = 0; index < count; index++) {
      const tag = this.unsignedVarint(field)
      const size = this.unsignedVarint(field)
      const at = this.advance(size, field)
      read?.(tag, new ByteReader(this.bytes, at, size))
    }
  }

  unsignedVarint(field: string): number {
    const value = unsignedVarintAt(this.bytes, this.at, this.end)
    if (varintEnd < 0) throw new FieldError(field)
    this.at = varintEnd
    return value
  }

  private items<T>(count: number, field: string, item: () => T): T[] {
    if (count < 0) throw new FieldError(field)
    const items: T[] = []
    for (let index = 0; index < count; index++) items.push(item())
    return items
  }

  private text(length: number, field: string): string {
    const at = this.advance(length, field)
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + at, length).toString('utf8')
  }

  private raw(length: number, field: string): Uint8Array {
    const at = this.advance(length, field)
    return this.bytes.subarray(at, at + length)
  }

  private advance(count: number, field: string): number {
    if (count < 0 || count > this.end - this.at) throw new FieldError(field)
    const at = this.at
    this.at += count
    return at
  }
}
