import type { RunAddress } from '../../shared/actor/storage-messages.ts'
import { clockFromWord, createClockWord } from '../../shared/clock.ts'
import { endOffsetRunBytes, windowRunBytes } from '../../shared/ring/ring-layout.ts'
import { RingWriter } from '../../shared/ring/ring-writer.ts'
import type { Run } from '../../shared/ring/run.ts'
import { RunAllocator } from '../../shared/ring/run-allocator.ts'
import { SlabSource } from '../../shared/ring/slab-source.ts'
import { SlabViews } from '../../shared/ring/slabs.ts'

export function addressOf(run: Run): RunAddress {
  return { slab: run.slab.id, at: run.at, generation: run.generation, partitions: run.partitions }
}

/** Writer's memory on one side, a reader's views of it on the other, and a clock moved by hand. */
export class RingFixture {
  readonly views = new SlabViews()
  readonly slabs = new SlabSource(({ id, buffer }) => this.views.attach(id, buffer))
  readonly runs: RunAllocator
  readonly writer: RingWriter
  readonly #time = createClockWord(1_000_000)

  constructor(intervals = 4, allowedLag = 0, restMs?: number) {
    this.runs = new RunAllocator(this.slabs, this.clock, restMs)
    this.writer = new RingWriter(intervals, allowedLag)
  }

  get clock() {
    return clockFromWord(this.#time)
  }

  advance(ms: number): void {
    new Float64Array(this.#time)[0]! += ms
  }

  windows(partitions: number): Run {
    return this.runs.allocate(windowRunBytes(partitions, this.writer.intervals), partitions)
  }

  endOffsets(partitions: number): Run {
    return this.runs.allocate(endOffsetRunBytes(partitions, this.writer.intervals), partitions)
  }

  append(run: Run, partition: number, offset: number, order = offset, timestampMs = offset, lag = 0): void {
    this.writer.append(run, partition, Float64Array.of(offset, order, timestampMs), 0, lag, 7)
  }
}
