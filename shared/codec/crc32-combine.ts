/**
 * CRC-32 (IEEE, as in gzip) of two pieces of data put together, from the CRCs of the pieces and the length of the second. Pure; any
 * thread; a microsecond, whatever the lengths.
 *
 * A CRC is a remainder of polynomials over GF(2). Appending n bytes multiplies what came before by x^(8n), and the second piece is
 * then added: crc(AB) = crc(A) · x^(8n) + crc(B) mod P. Coefficients are stored with the highest power in the lowest bit.
 */
export function combineCrc32(first: number, second: number, secondBytes: number): number {
  return (multiply(powerOfX(secondBytes * 8), first) ^ second) >>> 0
}

const polynomial = 0xedb88320
/** The polynomial 1. */
const unit = 0x80000000

function multiply(left: number, right: number): number {
  let product = 0
  let factor = right
  for (let bit = unit; bit !== 0; bit >>>= 1) {
    if (left & bit) product ^= factor
    factor = factor & 1 ? (factor >>> 1) ^ polynomial : factor >>> 1
  }
  return product >>> 0
}

/** x^exponent mod P by repeated squaring; the exponent may go beyond 32 bits. */
function powerOfX(exponent: number): number {
  let power = unit
  let square = 0x40000000 // x
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(power, square)
    square = multiply(square, square)
  }
  return power
}
