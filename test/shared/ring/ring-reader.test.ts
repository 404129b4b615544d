import { expect } from 'chai'
import { Counters, createCounterBlock, sumCounters } from '../../../shared/counters.ts'
import { runHeader } from '../../../shared/ring/ring-layout.ts'
import { readEndOffsets, readRun, readTriesMax, readWindow } from '../../../shared/ring/ring-reader.ts'
import { runRestMs } from '../../../shared/ring/run-allocator.ts'
import { addressOf, RingFixture } from '../../support/ring-fixture.ts'

describe('ring reader', () => {
  it('reads a window as commits', () => {
    const ring = new RingFixture(3)
    const run = ring.windows(2)
    ring.append(run, 1, 10, 5, 1000, 4)
    ring.writer.release()
    let window: unknown
    const outcome = readRun(ring.views, addressOf(run), (slab, address) => {
      window = readWindow(slab, address, 1, 3)
    })
    expect(outcome).to.equal('ok')
    const commit = { offset: 10, order: 5, timestampMs: 1000, observedTimestampMs: 7000, lag: 4 }
    expect(window).to.deep.equal([null, null, commit])
  })

  it('shows an unknown lag as null', () => {
    const ring = new RingFixture(2)
    const run = ring.windows(1)
    ring.append(run, 0, 10)
    ring.writer.prepend(run, 0, Float64Array.of(5, 1, 1), 0, 1)
    ring.writer.release()
    expect(readWindow(run.slab, run, 0, 2).map(commit => commit?.lag)).to.deep.equal([null, 0])
  })

  it('runs the body again when the writer was inside meanwhile, and counts it', () => {
    const ring = new RingFixture()
    const run = ring.endOffsets(1)
    const block = createCounterBlock()
    let tries = 0
    let seen: number[] = []
    const outcome = readRun(
      ring.views,
      addressOf(run),
      (slab, address) => {
        seen = readEndOffsets(slab, address, 0, 4)
        if (tries++ === 0) {
          ring.writer.addEndOffset(run, 0, 77)
          ring.writer.release()
        }
      },
      new Counters(block)
    )
    expect([outcome, tries, seen]).to.deep.equal(['ok', 2, [77]])
    expect(sumCounters([block]).ring_retries).to.equal(1)
  })

  it('gives up as busy after so many tries against a writer that never pauses', () => {
    const ring = new RingFixture()
    const run = ring.endOffsets(1)
    const block = createCounterBlock()
    let tries = 0
    const outcome = readRun(
      ring.views,
      addressOf(run),
      () => {
        tries++
        ring.writer.addEndOffset(run, 0, tries)
        ring.writer.release()
      },
      new Counters(block)
    )
    expect([outcome, tries]).to.deep.equal(['busy', readTriesMax])
    expect(sumCounters([block]).ring_busy).to.equal(1)
  })

  it('gives up as busy on a writer that never lets go, without running the body', () => {
    const ring = new RingFixture()
    const run = ring.endOffsets(1)
    ring.writer.addEndOffset(run, 0, 1) // held
    expect(readRun(ring.views, addressOf(run), () => expect.fail('inside a held run'))).to.equal('busy')
  })

  it('forgets an error of the body over half-written values, and throws one over whole values', () => {
    const ring = new RingFixture()
    const run = ring.endOffsets(1)
    let tries = 0
    const body = () => {
      if (tries++ > 0) return
      ring.writer.addEndOffset(run, 0, 1)
      ring.writer.release()
      throw new Error('half-written')
    }
    expect(readRun(ring.views, addressOf(run), body)).to.equal('ok')
    const broken = () => {
      throw new Error('whole')
    }
    expect(() => readRun(ring.views, addressOf(run), broken)).to.throw('whole')
  })

  it('never answers a stale address: not while the run rests, not for its next tenant', () => {
    const ring = new RingFixture()
    const first = ring.windows(1)
    const stale = addressOf(first)
    ring.append(first, 0, 1)
    ring.writer.release()
    ring.runs.free(first)
    const body = () => expect.fail('read a run of somebody else')
    expect(readRun(ring.views, stale, body)).to.equal('moved')
    ring.advance(runRestMs)
    const second = ring.windows(1)
    expect(second.at).to.equal(first.at)
    ring.append(second, 0, 2)
    ring.writer.release()
    expect(readRun(ring.views, stale, body)).to.equal('moved')
    expect(readRun(ring.views, addressOf(second), () => {})).to.equal('ok')
  })

  it('says moved when the run is freed and given out again under a running body', () => {
    const ring = new RingFixture(4, 0, 0)
    const first = ring.windows(1)
    let tries = 0
    const outcome = readRun(ring.views, addressOf(first), () => {
      tries++
      ring.runs.free(first)
      ring.append(ring.windows(1), 0, 2)
      ring.writer.release()
    })
    expect([outcome, tries]).to.deep.equal(['moved', 1])
  })

  it('works over the turn of the sequence word', () => {
    const ring = new RingFixture()
    const run = ring.endOffsets(1)
    Atomics.store(run.slab.i32, run.at / 4 + runHeader.seq, 0x7ffffffe)
    ring.writer.addEndOffset(run, 0, 5)
    ring.writer.release()
    expect(readRun(ring.views, addressOf(run), () => {})).to.equal('ok')
  })

  it('stays inside the window when counts are garbage', () => {
    const ring = new RingFixture(3)
    const run = ring.windows(1)
    run.slab.u16.fill(0xffff, (run.at + 64) / 2, (run.at + 128) / 2)
    run.slab.u16[(run.at + 64) / 2 + 22] = 1
    expect(readWindow(run.slab, run, 0, 3)).to.have.length(3)
  })
})
