/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82F63B78): what Kafka puts over a record batch. zlib's crc32 is another
 * polynomial. Any thread.
 *
 * Sixteen bytes a step with sixteen tables ("slicing by 16"): table k holds what a byte does to the CRC when k more bytes follow
 * it, so that the look-ups are independent of each other and only one chain of XOR remains. Four words of a DataView instead of sixteen bytes
 * of an array made it half as fast again as eight bytes a step; with eight bytes, they made it slower.
 */
const polynomial = 0x82f63b78
const tableCount = 16
const [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15] = tables()

/** CRC-32C of the bytes [from, to) of the view, 0..2^32-1. */
export function crc32c(view: DataView, from: number, to: number): number {
  let crc = -1
  let at = from
  for (const last = to - 16; at <= last; at += 16) {
    const a = crc ^ view.getInt32(at, true)
    const b = view.getInt32(at + 4, true)
    const c = view.getInt32(at + 8, true)
    const d = view.getInt32(at + 12, true)
    crc =
      t15[a & 0xff]! ^
      t14[(a >>> 8) & 0xff]! ^
      t13[(a >>> 16) & 0xff]! ^
      t12[a >>> 24]! ^
      (t11[b & 0xff]! ^ t10[(b >>> 8) & 0xff]! ^ t9[(b >>> 16) & 0xff]! ^ t8[b >>> 24]!) ^
      (t7[c & 0xff]! ^ t6[(c >>> 8) & 0xff]! ^ t5[(c >>> 16) & 0xff]! ^ t4[c >>> 24]!) ^
      (t3[d & 0xff]! ^ t2[(d >>> 8) & 0xff]! ^ t1[(d >>> 16) & 0xff]! ^ t0[d >>> 24]!)
  }
  for (; at < to; at++) crc = (crc >>> 8) ^ t0[(crc ^ view.getUint8(at)) & 0xff]!
  return ~crc >>> 0
}

type Table = Int32Array
type Four = [Table, Table, Table, Table]

function tables(): [...Four, ...Four, ...Four, ...Four] {
  const first = new Int32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    first[byte] = crc
  }
  const all = [first]
  for (let k = 1; k < tableCount; k++) {
    const before = all[k - 1]!
    all.push(before.map(crc => (crc >>> 8) ^ first[crc & 0xff]!))
  }
  return all as [...Four, ...Four, ...Four, ...Four]
}
