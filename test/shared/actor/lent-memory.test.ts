import { expect } from 'chai'
import {
  giveBack,
  isLent,
  keep,
  Lender,
  lentBuffersMax,
  lentBytesMax,
  lentBytesMin
} from '../../../shared/actor/lent-memory.ts'

const mebibyte = 2 ** 20
const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value)

describe('lent memory', () => {
  it('copies few bytes into memory of their own, fit to be transferred', () => {
    const pooled = Buffer.from('from the pool of Buffer')
    const copy = new Lender().copy(pooled)
    expect(isLent(copy)).to.equal(false)
    expect(copy.buffer.byteLength).to.equal(pooled.length)
    expect(Buffer.from(copy).toString()).to.equal('from the pool of Buffer')
    giveBack(copy) // without effect
  })

  it('uses memory again once it was given back, and not before', () => {
    const lender = new Lender()
    const first = lender.copy(filled(lentBytesMin, 1))
    const second = lender.copy(filled(lentBytesMin, 2))
    expect(second.buffer).not.to.equal(first.buffer)
    expect(first.every(byte => byte === 1)).to.equal(true)
    giveBack(first)
    const third = lender.copy(filled(lentBytesMin, 3))
    expect(third.buffer).to.equal(first.buffer)
    expect(second.every(byte => byte === 2)).to.equal(true)
  })

  it('takes the smallest buffer that fits', () => {
    const lender = new Lender()
    const [large, small] = [lender.copy(filled(4 * mebibyte, 1)), lender.copy(filled(mebibyte, 2))]
    giveBack(large)
    giveBack(small)
    expect(lender.copy(filled(mebibyte - 5, 3)).buffer).to.equal(small.buffer)
    expect(lender.copy(filled(mebibyte + 5, 3)).buffer).to.equal(large.buffer)
  })

  it('never uses memory again that is kept', () => {
    const lender = new Lender()
    const kept = lender.copy(filled(mebibyte, 1))
    keep(kept)
    giveBack(kept)
    expect(lender.copy(filled(mebibyte, 2)).buffer).not.to.equal(kept.buffer)
    expect(kept.every(byte => byte === 1)).to.equal(true)
  })

  it('forgets the oldest beyond its bounds', () => {
    const many = new Lender()
    for (let index = 0; index < lentBuffersMax * 2; index++) many.copy(filled(lentBytesMin, 1))
    expect(many.byteLength).to.be.within(lentBytesMin * lentBuffersMax, lentBytesMin * (lentBuffersMax + 1))
    const large = new Lender()
    for (let index = 0; index < 10; index++) large.copy(filled(lentBytesMax / 4, 1))
    expect(large.byteLength).to.be.at.most(lentBytesMax)
    const huge = large.copy(filled(lentBytesMax * 2, 7))
    expect(huge.length).to.equal(lentBytesMax * 2)
    expect(large.byteLength).to.equal(0)
  })
})
