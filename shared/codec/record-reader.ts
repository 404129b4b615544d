import type { BatchHeader, RecordSink } from './record-sink.ts'
import { varintAt, varintEnd, varlongAt } from './varint.ts'

/**
 * The records of one batch (decompressed). One record, all integers varints:
 *
 *   length | attributes int8 | timestamp delta | offset delta | key length | key | value length | value | header count | headers
 *
 * Nothing is believed: each length must stay inside the record, the record inside the batch, offsets must rise and stay inside
 * what the batch header says.
 */

/** Bytes of the smallest record: its seven fields, each in one byte. More records than fit are a lie, told before we loop. */
export const smallestRecordBytes = 7

/** Where the last read stopped: the offset of the first record that was not read. Overwritten by each call. */
export let readUpTo = 0

/**
 * Gives records at or above `fromOffset` to the sink. Answers '' or why it stopped; records before the bad one were given.
 * `control`: the records are transaction markers.
 */
export function readRecords(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  end: number,
  batch: BatchHeader,
  isLogAppendTime: boolean,
  fromOffset: number,
  sink: RecordSink
): string {
  const { baseOffset, count, baseTimestampMs, maxTimestampMs, isControl } = batch
  const lastDelta = batch.lastOffset - baseOffset
  let at = from
  let deltaBefore = -1
  readUpTo = baseOffset
  for (let index = 0; index < count; index++) {
    const length = varintAt(bytes, at, end)
    at = varintEnd
    if (at < 0 || length < smallestRecordBytes - 1 || length > end - at) return 'record length'
    const recordEnd = at + length
    at++ // attributes: no bit is used

    const timestampDelta = varlongAt(bytes, at, recordEnd)
    at = varintEnd
    if (at < 0) return 'timestamp delta'
    const timestampMs = isLogAppendTime ? maxTimestampMs : baseTimestampMs + timestampDelta
    if (!(timestampMs <= Number.MAX_SAFE_INTEGER && timestampMs >= Number.MIN_SAFE_INTEGER)) return 'timestamp'

    const delta = varintAt(bytes, at, recordEnd)
    at = varintEnd
    if (at < 0 || delta <= deltaBefore || delta > lastDelta) return 'offset delta'

    const keyLength = varintAt(bytes, at, recordEnd)
    const keyAt = varintEnd
    if (keyAt < 0 || keyLength < -1 || keyLength > recordEnd - keyAt) return 'key length'
    at = keyLength > 0 ? keyAt + keyLength : keyAt

    const valueLength = varintAt(bytes, at, recordEnd)
    const valueAt = varintEnd
    if (valueAt < 0 || valueLength < -1 || valueLength > recordEnd - valueAt) return 'value length'
    at = valueLength > 0 ? valueAt + valueLength : valueAt

    // nearly always one zero byte: no headers
    if (at !== recordEnd - 1 || bytes[at] !== 0) {
      if (!areHeadersSound(bytes, at, recordEnd)) return 'headers'
    }
    at = recordEnd

    const offset = baseOffset + delta
    if (offset >= fromOffset) {
      if (!isControl) sink.record(bytes, view, offset, timestampMs, keyAt, keyLength, valueAt, valueLength)
      else if (!readMarker(view, batch, offset, keyAt, keyLength, valueAt, valueLength, sink)) return 'control key'
    }
    deltaBefore = delta
    readUpTo = offset + 1
  }
  return at === end ? '' : 'bytes after the last record'
}

/** Bounded by the record: each header takes at least two bytes, and the loop ends where the bytes do. */
function areHeadersSound(bytes: Uint8Array, at: number, end: number): boolean {
  const count = varintAt(bytes, at, end)
  let place = varintEnd
  if (place < 0 || count < 0 || count > end - place) return false
  for (let index = 0; index < count; index++) {
    const keyLength = varintAt(bytes, place, end)
    place = varintEnd
    if (place < 0 || keyLength < 0 || keyLength > end - place) return false
    place += keyLength
    const valueLength = varintAt(bytes, place, end)
    place = varintEnd
    if (place < 0 || valueLength < -1 || valueLength > end - place) return false
    if (valueLength > 0) place += valueLength
  }
  return place === end
}

/** Key: version int16, type int16 (0 abort, 1 commit). Value: version int16, coordinator epoch int32. (KIP-98) */
function readMarker(
  view: DataView,
  batch: BatchHeader,
  offset: number,
  keyAt: number,
  keyLength: number,
  valueAt: number,
  valueLength: number,
  sink: RecordSink
): boolean {
  if (keyLength < 4) return false
  const type = view.getInt16(keyAt + 2)
  const coordinatorEpoch = valueLength >= 6 ? view.getInt32(valueAt + 2) : -1
  sink.marker(batch, offset, type === 1 ? 'COMMIT' : type === 0 ? 'ABORT' : 'OTHER', coordinatorEpoch)
  return true
}
