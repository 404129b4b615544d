/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82F63B78): what Kafka puts over a record batch. zlib's crc32 is another
 * polynomial. Any thread.
 *
 * Eight bytes a step with eight tables ("slicing by 8"): table k holds what a byte does to the CRC when k more bytes follow
 * it, so that eight look-ups are independent of each other and only one chain of XOR remains.
 */
const polynomial = 0x82f63b78
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables()

/** CRC-32C of bytes[from, to), 0..2^32-1. */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1
  let at = from
  for (const last = to - 8; at <= last; at += 8) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    crc =
      t7[crc & 0xff]! ^
      t6[(crc >>> 8) & 0xff]! ^
      t5[(crc >>> 16) & 0xff]! ^
      t4[crc >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!
  }
  for (; at < to; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]!) & 0xff]!
  return ~crc >>> 0
}

type Tables = [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array]

function tables(): Tables {
  const first = new Int32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    first[byte] = crc
  }
  const all = [first]
  for (let k = 1; k < 8; k++) {
    const before = all[k - 1]!
    all.push(before.map(crc => (crc >>> 8) ^ first[crc & 0xff]!))
  }
  return all as Tables
}
