import { expect } from 'chai'
import fc from 'fast-check'
import { runHeader, summaryAt, summaryU16, windowState } from '../../../shared/ring/ring-layout.ts'
import { readEndOffsets, readWindow } from '../../../shared/ring/ring-reader.ts'
import { writesPerHoldMax } from '../../../shared/ring/ring-writer.ts'
import type { Run } from '../../../shared/ring/run.ts'
import { RingFixture } from '../../support/ring-fixture.ts'
import { checkSummary, readSummary } from '../../support/summary-oracle.ts'

const seq = (run: Run) => Atomics.load(run.slab.i32, run.at / 4 + runHeader.seq)
const offsets = (run: Run, partition: number, intervals = 4) =>
  readWindow(run.slab, run, partition, intervals).map(commit => commit?.offset)
const commit = (offset: number, order: number, timestampMs: number) => Float64Array.of(offset, order, timestampMs)

describe('ring writer', () => {
  it('holds a run over neighbouring writes and lets it go before the next one', () => {
    const ring = new RingFixture()
    const [a, b] = [ring.windows(2), ring.windows(2)]
    const [beforeA, beforeB] = [seq(a), seq(b)]
    ring.append(a, 0, 1)
    ring.append(a, 1, 1)
    expect([seq(a), seq(b)]).to.deep.equal([beforeA + 1, beforeB])
    ring.append(b, 0, 1)
    expect([seq(a), seq(b)]).to.deep.equal([beforeA + 2, beforeB + 1])
    ring.writer.release()
    ring.writer.release()
    expect(seq(b)).to.equal(beforeB + 2)
  })

  it('lets readers in after so many writes to one run', () => {
    const ring = new RingFixture()
    const run = ring.windows(1)
    const before = seq(run)
    for (let i = 0; i < writesPerHoldMax; i++) ring.append(run, 0, i)
    expect(seq(run)).to.equal(before + 1)
    ring.append(run, 0, writesPerHoldMax)
    expect(seq(run)).to.equal(before + 3)
  })

  it('keeps the newest commits of a window, nulls in front', () => {
    const ring = new RingFixture()
    const run = ring.windows(3)
    expect(offsets(run, 1)).to.deep.equal([])
    ring.append(run, 1, 10)
    expect(offsets(run, 1)).to.deep.equal([undefined, undefined, undefined, 10])
    for (let offset = 11; offset <= 15; offset++) ring.append(run, 1, offset)
    expect(offsets(run, 1)).to.deep.equal([12, 13, 14, 15])
    expect(offsets(run, 0)).to.deep.equal([])
    expect(offsets(run, 2)).to.deep.equal([])
  })

  it('opens a window without commits', () => {
    const ring = new RingFixture()
    const run = ring.windows(1)
    ring.writer.openWindow(run, 0)
    expect(readWindow(run.slab, run, 0, 4)).to.deep.equal([null, null, null, null])
    expect(ring.writer.hasWindow(run, 0)).to.equal(true)
  })

  it('merges into the newest, which keeps its time', () => {
    const ring = new RingFixture()
    const run = ring.windows(1)
    ring.append(run, 0, 10, 1, 1000, 5)
    ring.writer.mergeNewest(run, 0, commit(12, 2, 1500), 0, 3, 9)
    expect(readWindow(run.slab, run, 0, 4).at(-1)).to.deep.equal({
      offset: 12,
      order: 2,
      timestampMs: 1000,
      observedTimestampMs: 9000,
      lag: 3
    })
    checkSummary(run.slab, run, 0, 4, 0)
  })

  it('removes one window and leaves its neighbours', () => {
    const ring = new RingFixture()
    const run = ring.windows(3)
    for (const partition of [0, 1, 2]) ring.append(run, partition, 10 + partition)
    ring.writer.removeWindow(run, 1)
    expect([0, 1, 2].map(partition => offsets(run, partition).at(-1))).to.deep.equal([10, undefined, 12])
    expect(run.slab.u16[summaryAt(run.at, 1) / 2 + summaryU16.state]).to.equal(windowState.none)
    ring.append(run, 1, 99)
    expect(offsets(run, 1)).to.deep.equal([undefined, undefined, undefined, 99])
    checkSummary(run.slab, run, 1, 4, 0)
  })

  it('copies windows into a larger run, whose new partitions are empty', () => {
    const ring = new RingFixture(3)
    const [small, large] = [ring.windows(2), ring.windows(5)]
    for (let offset = 1; offset <= 5; offset++) ring.append(small, offset % 2, offset)
    ring.writer.copyWindows(small, large)
    ring.writer.release()
    for (const partition of [0, 1]) {
      expect(readWindow(large.slab, large, partition, 3)).to.deep.equal(readWindow(small.slab, small, partition, 3))
      expect(readSummary(large.slab, large, partition)).to.deep.equal(readSummary(small.slab, small, partition))
    }
    for (const partition of [2, 3, 4]) expect(offsets(large, partition, 3)).to.deep.equal([])
  })

  it('keeps the newest end offsets and copies them into a larger run', () => {
    const ring = new RingFixture()
    const [small, large] = [ring.endOffsets(2), ring.endOffsets(3)]
    for (let offset = 1; offset <= 6; offset++) ring.writer.addEndOffset(small, 1, offset)
    ring.writer.addEndOffset(small, 0, 100)
    ring.writer.copyEndOffsets(small, large)
    ring.writer.release()
    for (const run of [small, large]) {
      expect(readEndOffsets(run.slab, run, 0, 4)).to.deep.equal([100])
      expect(readEndOffsets(run.slab, run, 1, 4)).to.deep.equal([3, 4, 5, 6])
      expect(readEndOffsets(run.slab, run, 2, 4)).to.deep.equal([])
    }
    expect(readEndOffsets(large.slab, large, 3, 4)).to.deep.equal([])
  })

  it('keeps the summary true over any appends and merges, and leaves the neighbours alone', () => {
    const step = fc.record({
      merge: fc.boolean(),
      offset: fc.nat(6),
      lag: fc.nat(4),
      stepMs: fc.integer({ min: -2, max: 3 })
    })
    const scene = fc.record({ intervals: fc.integer({ min: 1, max: 5 }), allowed: fc.nat(2), steps: fc.array(step) })
    fc.assert(
      fc.property(scene, ({ intervals, allowed, steps }) => {
        const ring = new RingFixture(intervals, allowed)
        const run = ring.windows(3)
        ring.append(run, 0, 1)
        ring.append(run, 2, 2)
        const neighbours = [0, 2].map(partition => readSummary(run.slab, run, partition))
        for (const [order, { merge, offset, lag, stepMs }] of steps.entries()) {
          const change = merge && ring.writer.count(run, 1) > 0 ? 'mergeNewest' : 'append'
          ring.writer[change](run, 1, commit(offset, order, 100 * order + stepMs), 0, lag, 1)
          checkSummary(run.slab, run, 1, intervals, allowed)
        }
        expect([0, 2].map(partition => readSummary(run.slab, run, partition))).to.deep.equal(neighbours)
      }),
      { numRuns: 300 }
    )
  })
})
