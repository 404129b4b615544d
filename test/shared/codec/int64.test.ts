import { expect } from 'chai'
import fc from 'fast-check'
import { int64At, setInt64 } from '../../../shared/codec/int64.ts'

const view = new DataView(new ArrayBuffer(8))

function read(value: bigint): number {
  view.setBigInt64(0, value)
  return int64At(view, 0)
}

describe('int64', () => {
  it('is exact up to 2^53 - 1 on both sides and refuses the next', () => {
    const most = BigInt(Number.MAX_SAFE_INTEGER)
    for (const value of [0n, 1n, -1n, 0xffffffffn, 0x100000000n, -0x100000000n, most - 1n, most, -most]) {
      expect(read(value)).to.equal(Number(value))
    }
    for (const value of [most + 1n, most + 2n, -most - 1n, -most - 2n, 2n ** 63n - 1n, -(2n ** 63n)]) {
      expect(read(value)).to.be.NaN
    }
  })

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), value => {
        setInt64(view, 0, value)
        return view.getBigInt64(0) === BigInt(value) && int64At(view, 0) === value
      }),
      { numRuns: 300 }
    )
  })

  it('does not write what it would have to round', () => {
    expect(() => setInt64(view, 0, 2 ** 53)).to.throw(RangeError)
    expect(() => setInt64(view, 0, 0.5)).to.throw(RangeError)
    setInt64(view, 0, 2n ** 63n - 1n)
    expect(view.getBigInt64(0)).to.equal(2n ** 63n - 1n)
  })
})
