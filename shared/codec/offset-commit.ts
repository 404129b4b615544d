import { int64At } from './int64.ts'
import { unsignedVarintAt, varintEnd } from './varint.ts'

/** What `readValue` answers when the offset or the commit time is beyond ±(2^53 - 1). */
export const outOfRange = 'out of range'

/** Key types 0 and 1 are offset commits; what the others are: newer-records.ts, group-metadata.ts. */
export const KeyType = { legacyOffsetCommit: 0, offsetCommit: 1, groupMetadata: 2 } as const

/**
 * Reads keys and values of offset commits in place: no string, object or BigInt is made, the fields say where things are. One
 * per thread; each call overwrites the fields. Layouts (Kafka's OffsetCommitKey and OffsetCommitValue; spec 06 section 3), big-endian:
 *
 *   key 0, 1    type int16 | group string16 | topic string16 | partition int32
 *   value 0, 2  version int16 | offset int64 | metadata string16 | commit time int64
 *   value 1     the same | expire time int64
 *   value 3     version int16 | offset int64 | leader epoch int32 | metadata string16 | commit time int64
 *   value 4     version int16 | offset int64 | leader epoch int32 | metadata compact string | commit time int64 | tagged fields
 *
 *   string16         length int16, -1 = null | bytes
 *   compact string   length + 1 as varint, 0 = null | bytes
 *   tagged fields    count varint | each: tag varint, size varint, bytes. Tag 0 is the topic id, 16 bytes
 *
 * All places are indexes in the bytes of the call.
 */
export class OffsetCommitReader {
  /** First int16 of the key, -1 if there is none. */
  keyType = -1

  groupAt = 0
  groupLength = 0
  topicAt = 0
  topicLength = 0
  partition = -1

  valueVersion = -1
  offset = -1
  /** -1 = absent. */
  leaderEpoch = -1
  metadataAt = 0
  /** -1 = null. */
  metadataLength = -1
  timestampMs = -1
  /** Version 1 only; -1 = none, absent, or beyond ±(2^53 - 1) (nothing depends on it). */
  expireTimestampMs = -1
  /** Place of the 16 bytes of the topic id, -1 = absent (it often is). */
  topicIdAt = -1

  /** Place after the string that was read last. */
  private afterString = 0

  /**
   * '' or the field where decoding stopped: 'key version', 'group', 'topic', 'partition'. Of other key types than 0 and 1
   * only keyType is set; their group: `readGroup`. Null names read as empty ones. Bytes after the key are ignored.
   */
  readKey(bytes: Uint8Array, view: DataView, at: number, length: number): string {
    this.keyType = -1
    if (length < 2) return 'key version'
    this.keyType = view.getInt16(at)
    if (this.keyType !== KeyType.offsetCommit && this.keyType !== KeyType.legacyOffsetCommit) return ''
    const end = at + length
    const group = this.readGroup(bytes, view, at, length)
    if (group !== '') return group
    const topicLength = this.string16(view, this.afterString, end)
    if (topicLength < -1) return 'topic'
    this.topicAt = this.afterString - Math.max(topicLength, 0)
    this.topicLength = Math.max(topicLength, 0)
    if (end - this.afterString < 4) return 'partition'
    this.partition = view.getInt32(this.afterString)
    return ''
  }

  /** The group of a key of any type: in all of them it follows the type. '' or 'group'. */
  readGroup(_bytes: Uint8Array, view: DataView, at: number, length: number): string {
    const groupLength = this.string16(view, at + 2, at + length)
    if (groupLength < -1) return 'group'
    this.groupAt = this.afterString - Math.max(groupLength, 0)
    this.groupLength = Math.max(groupLength, 0)
    return ''
  }

  /**
   * '' or the field where decoding stopped: 'value version', 'offset', 'leaderEpoch', 'metadata', 'timestamp', or
   * `outOfRange`. A null or empty value is a tombstone: ask before. Nothing after the commit time can refuse a commit: it is
   * read if it is there and sound, else left out.
   */
  readValue(bytes: Uint8Array, view: DataView, at: number, length: number): string {
    this.valueVersion = -1
    this.leaderEpoch = -1
    this.expireTimestampMs = -1
    this.topicIdAt = -1
    this.metadataLength = -1
    if (length < 2) return 'value version'
    const end = at + length
    const version = view.getInt16(at)
    this.valueVersion = version
    if (version < 0 || version > 4) return 'value version'

    let place = at + 2
    if (end - place < 8) return 'offset'
    this.offset = int64At(view, place)
    place += 8
    if (version >= 3) {
      if (end - place < 4) return 'leaderEpoch'
      this.leaderEpoch = view.getInt32(place)
      place += 4
    }

    const metadataLength = version === 4 ? this.compactString(bytes, place, end) : this.string16(view, place, end)
    if (metadataLength < -1) return 'metadata'
    this.metadataLength = metadataLength
    place = this.afterString
    this.metadataAt = place - Math.max(metadataLength, 0)

    if (end - place < 8) return 'timestamp'
    this.timestampMs = int64At(view, place)
    place += 8
    if (Number.isNaN(this.offset) || Number.isNaN(this.timestampMs)) return outOfRange
    if (version === 1 && end - place >= 8) this.readExpireTime(view, place)
    if (version === 4 && place < end) this.readTags(bytes, place, end)
    return ''
  }

  private readExpireTime(view: DataView, at: number): void {
    const time = int64At(view, at)
    this.expireTimestampMs = Number.isNaN(time) ? -1 : time
  }

  /** Each pass consumes at least two bytes or ends, so a lying count does no harm. */
  private readTags(bytes: Uint8Array, at: number, end: number): void {
    const count = unsignedVarintAt(bytes, at, end)
    let place = varintEnd
    for (let index = 0; index < count && place >= 0; index++) {
      const tag = unsignedVarintAt(bytes, place, end)
      place = varintEnd
      if (place < 0) return
      const size = unsignedVarintAt(bytes, place, end)
      place = varintEnd
      if (place < 0 || size > end - place) return
      if (tag === 0 && size === 16) this.topicIdAt = place
      place += size
    }
  }

  /** Length of the string (-1 null), or -2 if it does not fit. Leaves the place after it in afterString. */
  private string16(view: DataView, at: number, end: number): number {
    if (end - at < 2) return -2
    const length = view.getInt16(at)
    this.afterString = at + 2 + Math.max(length, 0)
    return length < -1 || this.afterString > end ? -2 : length
  }

  private compactString(bytes: Uint8Array, at: number, end: number): number {
    const length = unsignedVarintAt(bytes, at, end) - 1
    if (varintEnd < 0 || length > end - varintEnd) return -2
    this.afterString = varintEnd + Math.max(length, 0)
    return length
  }
}
