import { GrowingOutput } from './growing-output.ts'
import { blockBytesMax, type FrameState, littleEndian, need } from './zstd-input.ts'
import { readLiterals } from './zstd-literals.ts'
import { readSequences } from './zstd-sequences.ts'

/**
 * Zstandard (RFC 8878 section 3.1), for a Node whose zlib has none. All little-endian:
 *
 *    0            4            5          5 or 6          then the content size, 0, 1, 2, 4 or 8 bytes, then blocks:
 *   +------------+------------+----------+---------------+--------------+-------------------------------+------+-- -
 *   | FD2FB528   | descriptor | [window] | dictionary id | content size | last:1 type:2 size:21 (3 bytes) | data | ...
 *   +------------+------------+----------+---------------+--------------+-------------------------------+------+-- -
 *
 *   descriptor   bits 0-1 dictionary id, 2 checksum at the end, 5 single segment (no window byte), 6-7 content size
 *   block type   0 stored, 1 one byte repeated, 2 compressed: literals, then sequences
 *
 * Our own, because fzstd 0.1.1 does not stop at the size of a block: 22 bytes kept it busy for 19 seconds here. The checksum
 * is not verified: the CRC of the batch covers the same bytes. Throws Error; a block is 128 KiB at most, all of it `limitBytes`.
 */
export function decompressZstd(bytes: Uint8Array, limitBytes: number): Uint8Array {
  const output = new GrowingOutput(bytes.length, limitBytes)
  let at = 0
  do at = readFrame(bytes, at, output, limitBytes)
  while (at < bytes.length)
  return output.bytes.subarray(0, output.length)
}

const frameMagic = 0xfd2fb528
const skippableMagic = 0x184d2a50
const dictionaryIdBytes = [0, 1, 2, 4]
const contentSizeBytes = [0, 2, 4, 8]

/** Answers the place after the frame, which is always later. */
function readFrame(bytes: Uint8Array, from: number, output: GrowingOutput, limitBytes: number): number {
  const magic = littleEndian(bytes, from, 4)
  if (magic >= skippableMagic && magic < skippableMagic + 16) return from + 8 + littleEndian(bytes, from + 4, 4)
  if (magic !== frameMagic) throw new Error('no frame magic')
  const descriptor = littleEndian(bytes, from + 4, 1)
  const isSingleSegment = (descriptor & 0x20) !== 0
  let at = from + 5 + (isSingleSegment ? 0 : 1)
  const idBytes = dictionaryIdBytes[descriptor & 3]!
  if (littleEndian(bytes, at, idBytes) !== 0) throw new Error('needs a dictionary')
  at += idBytes
  const sizeBytes = contentSizeBytes[descriptor >>> 6]! || (isSingleSegment ? 1 : 0)
  const contentSize = littleEndian(bytes, at, sizeBytes) + (sizeBytes === 2 ? 256 : 0)
  if (contentSize > limitBytes) throw new Error(`claims more than ${limitBytes} bytes`)
  at += sizeBytes

  const state: FrameState = { start: output.length, huffman: undefined, tables: [], repeats: [1, 4, 8] }
  for (let isLast = false; !isLast; ) {
    const header = littleEndian(bytes, at, 3)
    at += 3
    isLast = (header & 1) !== 0
    at += readBlock(bytes, at, (header >>> 1) & 3, header >>> 3, state, output)
  }
  if (sizeBytes > 0 && output.length - state.start !== contentSize) throw new Error('content has another size')
  const checksumBytes = descriptor & 4
  need(bytes, at, checksumBytes)
  return at + checksumBytes
}

/** Answers how many bytes of input the block took. */
function readBlock(
  bytes: Uint8Array,
  at: number,
  type: number,
  size: number,
  state: FrameState,
  output: GrowingOutput
): number {
  if (type === 3 || size > blockBytesMax) throw new Error('bad block')
  need(bytes, at, type === 1 ? 1 : size)
  if (type === 1) {
    output.fill(bytes[at]!, size)
    return 1
  }
  if (type === 0) output.append(bytes, at, size)
  else readCompressedBlock(bytes, at, at + size, state, output)
  return size
}

function readCompressedBlock(
  bytes: Uint8Array,
  from: number,
  end: number,
  state: FrameState,
  output: GrowingOutput
): void {
  const { literals, end: at } = readLiterals(bytes, from, end, state)
  output.reserve(blockBytesMax)
  readSequences(bytes, at, end, state, literals, output)
}
