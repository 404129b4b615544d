import * as zlib from 'node:zlib'
import { BurrowError, messageOf } from '../errors.ts'
import { decompressLz4Frame } from './lz4.ts'
import { decompressSnappy } from './snappy.ts'
import { decompressZstd } from './zstd.ts'

/** Kafka's codec numbers, attribute bits 0-2 of a batch. */
export const codecNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

/**
 * Most bytes that one batch may decompress to. Its records arrived at the broker in a request, of 100 MiB by Kafka's
 * default at most; a small batch that swells to more is a bomb.
 */
export const decompressedBytesMax = 100 * 1024 * 1024

type ZstdDecompress = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array

/** Node has zstd since 22.15 and 23.8, but 22 takes a frame that is cut for a whole one. Then ours does it, as on Node 20. */
const nativeZstd = soundOrNone((zlib as { zstdDecompressSync?: ZstdDecompress }).zstdDecompressSync)

/**
 * The records of a batch, decompressed. Never more than `limitBytes`. Throws BurrowError PROTOCOL_DECODE for an unknown codec,
 * data that is not of that codec, or data that is too much. Any thread.
 */
export function decompress(codec: number, bytes: Uint8Array, limitBytes = decompressedBytesMax): Uint8Array {
  const name = codecNames[codec]
  if (name === undefined) throw new BurrowError('PROTOCOL_DECODE', `unknown compression codec ${codec}`, { codec })
  try {
    switch (name) {
      case 'none':
        return bytes
      case 'gzip':
        return zlib.gunzipSync(bytes, { maxOutputLength: limitBytes })
      case 'snappy':
        return decompressSnappy(bytes, limitBytes)
      case 'lz4':
        return decompressLz4Frame(bytes, limitBytes)
      case 'zstd':
        return nativeZstd?.(bytes, { maxOutputLength: limitBytes }) ?? decompressZstd(bytes, limitBytes)
    }
  } catch (error) {
    const why = messageOf(error)
    throw new BurrowError('PROTOCOL_DECODE', `${name}: ${why}`, { codec, bytes: bytes.length, limitBytes }, error)
  }
}

function soundOrNone(native: ZstdDecompress | undefined): ZstdDecompress | undefined {
  const cutFrame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20) // the magic number and a little, no block
  try {
    native?.(cutFrame, { maxOutputLength: 1024 })
    return undefined
  } catch {
    return native
  }
}
