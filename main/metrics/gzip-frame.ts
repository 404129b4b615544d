import type { MetricsPartResult } from '../../shared/actor/evaluator-tasks.ts'
import { giveBack } from '../../shared/actor/lent-memory.ts'
import { combineCrc32 } from '../../shared/codec/crc32-combine.ts'

/**
 * One gzip stream (RFC 1952) out of parts that were compressed apart, each on the thread that rendered it. Main thread; it only
 * puts the pieces together. One member, since not every client reads on after the first.
 */
export async function* gzipFrame(parts: AsyncIterable<MetricsPartResult>): AsyncGenerator<Uint8Array, void, void> {
  let crc = 0
  let textBytes = 0
  yield header
  for await (const part of parts) {
    crc = combineCrc32(crc, part.crc, part.textBytes)
    textBytes += part.textBytes
    try {
      yield part.body
    } finally {
      giveBack(part.body) // the socket has it, or is gone
    }
  }
  const end = Buffer.alloc(10)
  end.writeUInt16LE(lastBlock, 0)
  end.writeUInt32LE(crc, 2)
  end.writeUInt32LE(textBytes % 2 ** 32, 6)
  yield end
}

/** Deflate, no name, no time, fastest algorithm, unknown file system. */
const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff)
/** An empty block with fixed codes that is the last one (RFC 1951 section 3.2.3). */
const lastBlock = 0x0003
