import { copyBack, GrowingOutput } from './growing-output.ts'

/**
 * LZ4 frames (lz4/doc/lz4_Frame_format.md, lz4_Block_format.md). All little-endian:
 *
 *    0            4     5    6                                          then blocks, a zero word, [content checksum]
 *   +------------+-----+----+----------------+-----------------+----+------------+---------------+------------------+-- -
 *   | 184D2204   | FLG | BD | content size 8 | dictionary id 4 | HC | block size | block         | block checksum 4 |
 *   +------------+-----+----+----------------+-----------------+----+------------+---------------+------------------+-- -
 *                             if FLG bit 3     if FLG bit 0           top bit: not compressed      if FLG bit 4
 *
 * Our own decoder, because lz4js 0.2.0 runs on past the end of bad input, reserves up to 4 MB for each block that a few bytes
 * announce, and expects the block checksum before the block. Checksums are not verified: the CRC of the batch covers
 * the same bytes. Throws Error; memory is bounded by the limit.
 */
const magic = 0x184d2204
const flags = {
  version: 0xc0,
  version1: 0x40,
  blockChecksum: 0x10,
  contentSize: 0x08,
  contentChecksum: 0x04,
  dictionary: 1
}
const storedBit = 0x8000_0000
const matchLengthMin = 4
/** A length byte adds 255 at most, so n bytes never hold more than this times n. */
const bytesPerByteMax = 255

/** One frame; what follows it is ignored. */
export function decompressLz4Frame(bytes: Uint8Array, limitBytes: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  need(bytes, 0, 7)
  if (view.getUint32(0, true) !== magic) throw new Error('no frame magic')
  const flag = bytes[4]!
  if ((flag & flags.version) !== flags.version1) throw new Error('unknown frame version')
  if (flag & flags.dictionary) throw new Error('needs a dictionary')
  const blockBytesMax = blockSizeOf(bytes[5]!)
  let at = 6 + (flag & flags.contentSize ? 8 : 0) + 1

  const output = new GrowingOutput(bytes.length, limitBytes)
  for (;;) {
    need(bytes, at, 4)
    const word = view.getUint32(at, true)
    at += 4
    if (word === 0) return output.bytes.subarray(0, output.length)
    const isStored = word >= storedBit
    const size = isStored ? word - storedBit : word
    if (size > blockBytesMax) throw new Error(`block of ${size} bytes`)
    need(bytes, at, size)
    if (isStored) output.append(bytes, at, size)
    else decompressBlock(bytes, at, at + size, output, Math.min(blockBytesMax, size * bytesPerByteMax))
    at += size + (flag & flags.blockChecksum ? 4 : 0)
  }
}

/**
 * Sequences of: token (literal length, match length), literals, distance int16, match. Matches may reach into earlier blocks.
 * Each pass consumes input, and writing is bounded by `blockBytesMax`, so it ends.
 */
function decompressBlock(
  input: Uint8Array,
  from: number,
  end: number,
  output: GrowingOutput,
  blockBytesMax: number
): void {
  output.reserve(blockBytesMax)
  const limit = Math.min(output.bytes.length, output.length + blockBytesMax)
  const target = output.bytes
  let at = from
  let out = output.length
  while (at < end) {
    const token = input[at++]!
    let length = token >>> 4
    if (length === 15) {
      let more: number
      do {
        if (at >= end) throw new Error('literal length is cut')
        more = input[at++]!
        length += more
      } while (more === 255)
    }
    if (length > end - at || length > limit - out) throw new Error('literals are too long')
    target.set(input.subarray(at, at + length), out)
    at += length
    out += length
    if (at === end) break // the last sequence has literals only

    if (end - at < 2) throw new Error('distance is cut')
    const distance = input[at]! | (input[at + 1]! << 8)
    at += 2
    let match = (token & 15) + matchLengthMin
    if ((token & 15) === 15) {
      let more: number
      do {
        if (at >= end) throw new Error('match length is cut')
        more = input[at++]!
        match += more
      } while (more === 255)
    }
    if (distance === 0 || distance > out || match > limit - out) throw new Error('match from outside')
    copyBack(target, out, distance, match)
    out += match
  }
  output.length = out
}

/** BD bits 4-6: 4 = 64 KiB, each step four times as much, up to 7 = 4 MiB. */
function blockSizeOf(descriptor: number): number {
  const code = (descriptor >>> 4) & 7
  if (code < 4) throw new Error(`block size code ${code}`)
  return 0x1_0000 * 4 ** (code - 4)
}

function need(bytes: Uint8Array, at: number, count: number): void {
  if (count > bytes.length - at) throw new Error('input is cut')
}
