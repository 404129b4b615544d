import { expect } from 'chai'
import { lineBytes, runHeader, windowRunBytes } from '../../../shared/ring/ring-layout.ts'
import { runBytesMax, runRestMs, runSlabBytes, sharedRunBytesMax } from '../../../shared/ring/run-allocator.ts'
import { RingFixture } from '../../support/ring-fixture.ts'

describe('run allocator', () => {
  it('cuts runs from a slab without overlap and opens the next slab when it is full', () => {
    const ring = new RingFixture()
    const bytes = windowRunBytes(100, 4)
    const runs = Array.from({ length: Math.floor(runSlabBytes / bytes) + 1 }, () => ring.windows(100))
    expect(ring.views.count).to.equal(2)
    expect(runs.at(-1)!.slab.id).to.equal(1)
    for (const [i, run] of runs.entries()) {
      expect(run.at % lineBytes).to.equal(0)
      expect(run.bytes).to.equal(bytes)
      if (i > 0 && i < runs.length - 1) expect(run.at).to.equal(runs[i - 1]!.at + bytes)
    }
  })

  it('gives a large run a slab of its own and goes on in the shared one', () => {
    const ring = new RingFixture()
    const small = ring.windows(1)
    const large = ring.windows(Math.ceil(sharedRunBytesMax / lineBytes))
    const next = ring.windows(1)
    expect(large.slab.buffer.byteLength).to.equal(large.bytes)
    expect(large.slab).not.to.equal(small.slab)
    expect(next.slab).to.equal(small.slab)
  })

  it('lets a freed run rest, then gives it out again as zeros under a new generation', () => {
    const ring = new RingFixture()
    const first = ring.windows(2)
    ring.append(first, 1, 42)
    ring.writer.release()
    ring.runs.free(first)
    ring.advance(runRestMs - 1)
    expect(ring.windows(2).at, 'still resting').not.to.equal(first.at)
    ring.advance(1)
    const again = ring.windows(2)
    expect(again.at).to.equal(first.at)
    expect(again.generation).to.equal(first.generation + 2)
    const words = again.slab.f64.subarray((again.at + lineBytes) / 8, (again.at + again.bytes) / 8)
    expect(words.every(word => word === 0)).to.equal(true)
    expect(again.slab.i32[again.at / 4 + runHeader.seq]! % 2).to.equal(0)
  })

  it('changes the generation in memory when a run is freed', () => {
    const ring = new RingFixture()
    const run = ring.windows(2)
    const word = () => Atomics.load(run.slab.i32, run.at / 4 + runHeader.generation)
    expect(word()).to.equal(run.generation)
    ring.runs.free(run)
    expect(word()).not.to.equal(run.generation)
  })

  it('uses a place again only for a run of the same size, the longest freed first', () => {
    const ring = new RingFixture()
    const [a, b] = [ring.windows(3), ring.windows(3)]
    ring.runs.free(b)
    ring.advance(1)
    ring.runs.free(a)
    ring.advance(runRestMs)
    expect(ring.windows(2).at).to.be.above(Math.max(a.at, b.at))
    expect([ring.windows(3).at, ring.windows(3).at]).to.deep.equal([b.at, a.at])
  })

  it('says how much is in use', () => {
    const ring = new RingFixture()
    const run = ring.windows(3)
    expect(ring.runs.stats).to.deep.equal({ runs: 1, runBytes: run.bytes, slabBytes: runSlabBytes })
    ring.runs.free(run)
    expect(ring.runs.stats).to.deep.equal({ runs: 0, runBytes: 0, slabBytes: runSlabBytes })
  })

  it('refuses a run beyond the largest, or not of whole lines', () => {
    const { runs } = new RingFixture()
    expect(() => runs.allocate(runBytesMax + lineBytes, 1)).to.throw(RangeError)
    expect(() => runs.allocate(lineBytes + 8, 1)).to.throw(RangeError)
  })
})
