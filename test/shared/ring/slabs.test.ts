import { expect } from 'chai'
import { SlabSource } from '../../../shared/ring/slab-source.ts'
import { type SlabView, SlabViews } from '../../../shared/ring/slabs.ts'

describe('slabs', () => {
  it('are words of every width over one memory', () => {
    const slab = new SlabViews().attach(0, new SharedArrayBuffer(64))
    slab.f64[1] = 1.5
    slab.i32[0] = -1
    slab.u16[2] = 0xffff
    expect(new DataView(slab.buffer).getFloat64(8, true)).to.equal(1.5)
    expect(slab.u32[0]).to.equal(0xffffffff)
    expect(slab.u32[1]).to.equal(0xffff)
  })

  it('are attached in the order announced, twice without harm', () => {
    const views = new SlabViews()
    const buffer = new SharedArrayBuffer(64)
    const slab = views.attach(0, buffer)
    expect(views.attach(0, buffer)).to.equal(slab)
    expect(views.get(0)).to.equal(slab)
    expect(views.count).to.equal(1)
  })

  it('refuse a hole in the numbers, another size under the same number, and an unknown number', () => {
    const views = new SlabViews()
    expect(() => views.attach(1, new SharedArrayBuffer(64))).to.throw(RangeError, 'announced after 0')
    views.attach(0, new SharedArrayBuffer(64))
    expect(() => views.attach(0, new SharedArrayBuffer(128))).to.throw(RangeError, 'another size')
    expect(() => views.get(1)).to.throw(RangeError, 'never announced')
  })

  it('are numbered and announced by their source', () => {
    const announced: SlabView[] = []
    const source = new SlabSource(slab => announced.push(slab))
    const made = [source.create(64), source.create(128)]
    expect(announced).to.deep.equal(made)
    expect(made.map(({ id }) => id)).to.deep.equal([0, 1])
    expect(source.bytes).to.equal(192)
    expect(source.views.get(1)).to.equal(made[1])
  })
})
