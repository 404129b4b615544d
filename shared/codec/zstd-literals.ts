import { BackwardBits, type HuffmanTable, readHuffmanTable } from './zstd-entropy.ts'
import { blockBytesMax, type FrameState, littleEndian, needUpTo } from './zstd-input.ts'

/**
 * Literals (RFC 8878 section 3.1.1.3.1): header of type:2, size format:2 and sizes, then stored bytes (type 0), one byte (1), or
 * Huffman codes with a tree (2) or with the last tree (3), in one stream or in four.
 */
export function readLiterals(
  bytes: Uint8Array,
  from: number,
  end: number,
  state: FrameState
): { literals: Uint8Array; end: number } {
  needUpTo(from + 1, end)
  const type = bytes[from]! & 3
  const format = (bytes[from]! >>> 2) & 3
  if (type < 2) {
    const headerBytes = [1, 2, 1, 3][format]!
    needUpTo(from + headerBytes, end)
    const size = Math.floor(littleEndian(bytes, from, headerBytes) / (format % 2 === 0 ? 8 : 16))
    if (size > blockBytesMax) throw new Error(`${size} literals`)
    const at = from + headerBytes
    const after = at + (type === 0 ? size : 1)
    needUpTo(after, end)
    return { literals: type === 0 ? bytes.subarray(at, after) : new Uint8Array(size).fill(bytes[at]!), end: after }
  }

  const sizeBits = [10, 10, 14, 18][format]!
  const headerBytes = [3, 3, 4, 5][format]!
  needUpTo(from + headerBytes, end)
  const sizes = Math.floor(littleEndian(bytes, from, headerBytes) / 16)
  const size = sizes % 2 ** sizeBits
  let at = from + headerBytes
  const after = at + Math.floor(sizes / 2 ** sizeBits)
  if (size > blockBytesMax) throw new Error(`${size} literals`)
  needUpTo(after, end)
  if (type === 2) {
    const tree = readHuffmanTable(bytes, at, after)
    state.huffman = tree.table
    at = tree.end
  }
  if (state.huffman === undefined) throw new Error('no Huffman tree')
  const literals = new Uint8Array(size)
  if (format === 0) decodeHuffman(bytes, at, after, state.huffman, literals)
  else decodeFourStreams(bytes, at, after, state.huffman, literals)
  return { literals, end: after }
}

/** Three sizes of two bytes, then four streams; each but the last makes a quarter of the literals, rounded up. */
function decodeFourStreams(
  bytes: Uint8Array,
  at: number,
  end: number,
  table: HuffmanTable,
  literals: Uint8Array
): void {
  needUpTo(at + 6, end)
  const quarter = (literals.length + 3) >>> 2
  let from = at + 6
  for (let stream = 0; stream < 4; stream++) {
    const to = stream < 3 ? from + littleEndian(bytes, at + stream * 2, 2) : end
    needUpTo(to, end)
    decodeHuffman(
      bytes,
      from,
      to,
      table,
      literals.subarray(quarter * stream, stream < 3 ? quarter * (stream + 1) : undefined)
    )
    from = to
  }
}

function decodeHuffman(bytes: Uint8Array, from: number, to: number, table: HuffmanTable, target: Uint8Array): void {
  const stream = new BackwardBits(bytes, from, to)
  const { maxBits, symbols, bits } = table
  for (let index = 0; index < target.length; index++) {
    const code = stream.peek(maxBits)
    target[index] = symbols[code]!
    stream.left -= bits[code]!
  }
  if (stream.left !== 0) throw new Error('Huffman stream has another size')
}
