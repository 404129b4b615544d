import { expect } from 'chai'
import { integerBytesMax, putInteger } from '../../../shared/json/put-bytes.ts'

describe('numbers put straight into memory', () => {
  it('integers, also beyond 2^53', () => {
    for (const value of [0, 7, -7, 99_999_999, 1e8, -1e8, 2 ** 53 - 1, 2 ** 53, 2 ** 54, -(2 ** 54), 1e21 - 2 ** 20]) {
      expect(put(value)).to.equal(BigInt(value).toString())
    }
  })

  it('what half-written memory may hold stays within its bounds', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e21, 0.5, 5e-324])
      expect(put(value)).to.equal('')
  })
})

/** In memory that ends where it may. */
function put(value: number): string {
  const bytes = new Uint8Array(integerBytesMax + 3)
  const end = putInteger(new DataView(bytes.buffer), 3, value)
  return Buffer.from(bytes.subarray(3, end)).toString()
}
