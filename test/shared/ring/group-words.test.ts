import { expect } from 'chai'
import { type GroupWords, GroupWordsAllocator, groupSlabBytes } from '../../../shared/ring/group-words.ts'
import { groupWordsBytes, groupWordsF64, groupWordsI32 } from '../../../shared/ring/ring-layout.ts'
import { runRestMs } from '../../../shared/ring/run-allocator.ts'
import { RingFixture } from '../../support/ring-fixture.ts'

const lastCommitMs = ({ slab, at }: GroupWords) => slab.f64[at / 8 + groupWordsF64.lastCommitMs]
const createdMs = ({ slab, at }: GroupWords) => slab.f64[at / 8 + groupWordsF64.createdMs]
const writes = ({ slab, at }: GroupWords) => slab.i32[at / 4 + groupWordsI32.writes]!

describe('group words', () => {
  it('begin with a version, a creation time and no commit', () => {
    const { slabs, clock } = new RingFixture()
    const words = new GroupWordsAllocator(slabs, clock).allocate(5000)
    expect(words.version).to.be.above(0)
    expect(createdMs(words)).to.equal(5000)
    expect(lastCommitMs(words)).to.equal(0)
  })

  it('count writes and carry the newest commit time', () => {
    const { slabs, clock } = new RingFixture()
    const words = new GroupWordsAllocator(slabs, clock).allocate(0)
    const before = writes(words)
    words.raiseWrites(777)
    expect(writes(words)).to.equal(before + 1)
    expect(lastCommitMs(words)).to.equal(777)
  })

  it('go to the next group after a rest, and no version ever comes back', () => {
    const ring = new RingFixture()
    const allocator = new GroupWordsAllocator(ring.slabs, ring.clock)
    const first = allocator.allocate(1)
    first.raiseWrites(9)
    const seen = first.version
    allocator.free(first)
    expect(first.version).to.be.above(seen)
    expect(allocator.allocate(2).at).not.to.equal(first.at)
    ring.advance(runRestMs)
    const again = allocator.allocate(3)
    expect(again.at).to.equal(first.at)
    expect(again.version).to.be.above(seen + 1)
    expect(lastCommitMs(again)).to.equal(0)
    expect(createdMs(again)).to.equal(3)
  })

  it('open another slab when one is full', () => {
    const ring = new RingFixture()
    const allocator = new GroupWordsAllocator(ring.slabs, ring.clock)
    const perSlab = groupSlabBytes / groupWordsBytes
    const places = new Set<string>()
    for (let group = 0; group <= perSlab; group++) {
      const { slab, at } = allocator.allocate(0)
      places.add(`${slab.id}:${at}`)
    }
    expect(places.size).to.equal(perSlab + 1)
    expect(ring.views.count).to.equal(2)
  })
})
