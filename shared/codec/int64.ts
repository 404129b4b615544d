/**
 * 64-bit big-endian integers as JavaScript numbers, without BigInt. Any thread.
 *
 * A number is exact up to 2^53 - 1. Beyond that we refuse instead of rounding: the answer is NaN, and the caller says which
 * field it was.
 */
const highUnit = 0x1_0000_0000
/** The high halves that an exact number can have: -2^21 up to 2^21 - 1. */
const highLimit = 0x20_0000

/** The signed integer at `at`, or NaN beyond ±(2^53 - 1). */
export function int64At(view: DataView, at: number): number {
  const high = view.getInt32(at)
  const value = high * highUnit + view.getUint32(at + 4)
  // -2^53 has a fitting high half but is one too far
  return high >= -highLimit && high < highLimit && value >= Number.MIN_SAFE_INTEGER ? value : Number.NaN
}

/** Writes a safe integer, or any 64-bit one as a bigint (tests make offsets that we must refuse). */
export function setInt64(view: DataView, at: number, value: number | bigint): void {
  if (typeof value === 'bigint') {
    view.setBigInt64(at, value)
    return
  }
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${value}`)
  const high = Math.floor(value / highUnit)
  view.setInt32(at, high)
  view.setUint32(at + 4, value - high * highUnit)
}
