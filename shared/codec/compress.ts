import * as zlib from 'node:zlib'
import { compress as lz4Compress } from 'lz4js'
import { compress as snappyCompress } from 'snappyjs'
import { BurrowError } from '../errors.ts'
import { xerialHeaderBytes } from './snappy.ts'

/**
 * The writing side of compression.ts, for the simulator, load and tests. Snappy comes in the Java framing, as brokers write
 * it; zstd only where Node has it (BurrowError UNSUPPORTED elsewhere). Any thread.
 */
export function compress(codec: number, bytes: Uint8Array): Uint8Array {
  switch (codec) {
    case 0:
      return bytes
    case 1:
      return zlib.gzipSync(bytes)
    case 2:
      return snappyInJavaFraming(bytes)
    case 3:
      return lz4Compress(bytes)
    case 4:
      if (zstdCompress === undefined) throw new BurrowError('UNSUPPORTED', 'this Node cannot write zstd', { codec })
      return zstdCompress(bytes)
    default:
      throw new BurrowError('UNSUPPORTED', `unknown compression codec ${codec}`, { codec })
  }
}

const zstdCompress = (zlib as { zstdCompressSync?: (bytes: Uint8Array) => Uint8Array }).zstdCompressSync

/** The block size of Kafka's Java code. */
const snappyBlockBytes = 32 * 1024

function snappyInJavaFraming(bytes: Uint8Array): Uint8Array {
  const header = Buffer.alloc(xerialHeaderBytes)
  header.set([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
  header.writeInt32BE(1, 8)
  header.writeInt32BE(1, 12)
  const parts: Uint8Array[] = [header]
  for (let at = 0; at < bytes.length; at += snappyBlockBytes) {
    const block = snappyCompress(Uint8Array.from(bytes.subarray(at, at + snappyBlockBytes)))
    const length = Buffer.alloc(4)
    length.writeInt32BE(block.length)
    parts.push(length, block)
  }
  return Buffer.concat(parts)
}
