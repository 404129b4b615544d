import { copyBack } from './growing-output.ts'

/**
 * Snappy (google/snappy format_description.txt), as raw data and in the framing of Kafka's Java code (xerial):
 *
 *    0                          8         12       16
 *   +--------------------------+---------+--------+--------+-------+--------+-- -
 *   | 82 'S' 'N' 'A' 'P' 'P' 'Y' 00 | version | compat | length | block | length | ...      int32 big-endian
 *   +--------------------------+---------+--------+--------+-------+--------+-- -
 *
 * Our own decoder, because snappyjs 0.7.0 does not end on some bad input: a literal whose four length bytes have the top
 * bit set is taken as negative and sends it back in its input, again and again. Throws Error; memory is bounded by the limit.
 */
const xerialMagic = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]
export const xerialHeaderBytes = 16

/** A block cannot say that it holds more than this times its size: the best element makes 64 bytes of 3. */
const bytesPerByteMax = 22

export function decompressSnappy(bytes: Uint8Array, limitBytes: number): Uint8Array {
  if (!isXerial(bytes)) return rawBlock(bytes, limitBytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const blocks: Uint8Array[] = []
  let total = 0
  let at = xerialHeaderBytes
  while (at < bytes.length) {
    if (bytes.length - at < 4) throw new Error('block length is cut')
    const length = view.getInt32(at)
    at += 4
    if (length < 1 || length > bytes.length - at) throw new Error(`block of ${length} bytes`)
    const block = rawBlock(bytes.subarray(at, at + length), limitBytes - total)
    blocks.push(block)
    total += block.length
    at += length
  }
  return blocks.length === 1 ? blocks[0]! : joined(blocks, total)
}

export function isXerial(bytes: Uint8Array): boolean {
  return bytes.length >= xerialHeaderBytes && xerialMagic.every((byte, index) => bytes[index] === byte)
}

/** Each pass of the loop consumes at least a byte of input and stays inside `output`, so it ends. */
function rawBlock(input: Uint8Array, limitBytes: number): Uint8Array {
  const { size, at: start } = uncompressedSize(input)
  if (size > limitBytes) throw new Error(`more than ${limitBytes} bytes`)
  if (size > input.length * bytesPerByteMax) throw new Error(`${input.length} bytes cannot hold ${size}`)
  const output = new Uint8Array(size)
  let at = start
  let out = 0
  while (at < input.length) {
    const tag = input[at++]!
    const kind = tag & 3
    let length = (tag >>> 2) + 1
    if (kind === 0) {
      if (length > 60) {
        const lengthBytes = length - 60
        length = littleEndian(input, at, lengthBytes) + 1
        at += lengthBytes
      }
      if (length > input.length - at || length > size - out) throw new Error('literal is too long')
      output.set(input.subarray(at, at + length), out)
      at += length
    } else {
      const offsetBytes = kind === 3 ? 4 : kind
      let distance = littleEndian(input, at, offsetBytes)
      at += offsetBytes
      if (kind === 1) {
        distance += (tag >>> 5) << 8
        length = ((tag >>> 2) & 7) + 4
      }
      if (distance === 0 || distance > out || length > size - out) throw new Error('copy from outside')
      copyBack(output, out, distance, length)
    }
    out += length
  }
  if (out !== size) throw new Error(`${out} bytes instead of ${size}`)
  return output
}

function uncompressedSize(input: Uint8Array): { size: number; at: number } {
  let size = 0
  let unit = 1
  for (let at = 0; at < Math.min(5, input.length); at++) {
    const byte = input[at]!
    size += (byte & 0x7f) * unit
    if (byte < 0x80) return { size, at: at + 1 }
    unit *= 128
  }
  throw new Error('size is cut or too long')
}

function littleEndian(input: Uint8Array, at: number, count: number): number {
  if (count > input.length - at) throw new Error('input is cut')
  let value = 0
  for (let index = count - 1; index >= 0; index--) value = value * 256 + input[at + index]!
  return value
}

function joined(blocks: readonly Uint8Array[], total: number): Uint8Array {
  const all = new Uint8Array(total)
  let at = 0
  for (const block of blocks) {
    all.set(block, at)
    at += block.length
  }
  return all
}
