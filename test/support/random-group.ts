import { MessageChannel } from 'node:worker_threads'
import { StoragePort } from '../../shared/actor/actor-ref.ts'
import type { TopicDirectory } from '../../shared/actor/storage-messages.ts'
import { realClock } from '../../shared/clock.ts'
import { compareUtf8 } from '../../shared/json/utf8-order.ts'
import { endOffsetRunBytes, windowRunBytes } from '../../shared/ring/ring-layout.ts'
import { RingWriter } from '../../shared/ring/ring-writer.ts'
import type { Run } from '../../shared/ring/run.ts'
import { RunAllocator } from '../../shared/ring/run-allocator.ts'
import { SlabSource } from '../../shared/ring/slab-source.ts'
import type { LocatedGroup } from '../../workers/evaluator/directory-cache.ts'

/** Newest possible time of a commit, ms. */
export const nowMs = 1_700_000_000_000
const largest = Number.MAX_SAFE_INTEGER
const topicNames = ['t', 'orders-2', 'quote " and \\', '<a>&b', 'Füße 😀\u2028', '\ud800 half', '\u007f\u0000', '']
const owners = ['', '/10.0.0.7', 'host "x"', 'ü😀<']
const clientIds = ['', 'consumer-group-1', '&\n', '\ud800']

/** Groups in rings of their own, written with the real writer: every kind of partition, name and number. */
export class RandomGroups {
  readonly #random: (below: number) => number
  readonly #intervals: number
  readonly #writer: RingWriter
  readonly #source = new SlabSource()
  readonly #runs = new RunAllocator(this.#source, realClock)
  readonly #channel = new MessageChannel()
  readonly #port = new StoragePort(this.#channel.port1, this.#source.views)

  constructor(random: (below: number) => number, intervals: number, allowedLag: number) {
    this.#random = random
    this.#intervals = intervals
    this.#writer = new RingWriter(intervals, allowedLag)
  }

  /** The group's topics are sorted, as in every directory. */
  next(): LocatedGroup {
    const names = topicNames.filter(() => this.#random(3) === 0).sort(compareUtf8)
    const topics = names.map(topic => this.#topic(topic))
    this.#writer.release()
    return { port: this.#port, directory: { words: { slab: 0, at: 0 }, version: 0, topics } }
  }

  close(): void {
    this.#channel.port1.close()
  }

  #topic(topic: string): TopicDirectory {
    const partitions = 1 + this.#random(6)
    const windows = this.#runs.allocate(windowRunBytes(partitions, this.#intervals), partitions)
    // Of the partitions of a topic that shrank or was made anew the last are not known.
    const known = Math.max(1, partitions - this.#random(3))
    const ends = this.#runs.allocate(endOffsetRunBytes(known, this.#intervals), known)
    for (let partition = 0; partition < partitions; partition++) this.#fill(windows, ends, partition)
    const isOwned = this.#random(2) === 0
    const named = (values: readonly string[]): string[] =>
      Array.from({ length: partitions }, () => values[this.#random(values.length)]!)
    return {
      topic,
      windows: addressOf(windows),
      endOffsets: this.#random(8) === 0 ? null : addressOf(ends),
      owners: isOwned ? named(owners) : null,
      clientIds: isOwned ? named(clientIds) : null
    }
  }

  #fill(windows: Run, ends: Run, partition: number): void {
    const random = this.#random
    const commits = random(3) === 0 ? random(this.#intervals + 1) : this.#intervals + random(3)
    // Small numbers, those of every day, and the largest there are.
    const base = [0, 10_000_000, 99_999_990, largest - 5000][random(4)]!
    const habit = random(6)
    let end = base + 1000
    let offset = base + [1000, 1000, 900, 500, 990, 800][habit]!
    let timeMs = nowMs - [0, 0, 0, 0, 0, 900_000][habit]! - commits * 1000
    for (let commit = 0; commit < commits; commit++) {
      const lag = Math.max(0, end - offset)
      timeMs += 1000
      const observedSeconds = random(20) === 0 ? 0 : Math.floor(timeMs / 1000)
      const from = Float64Array.of(offset, commit, timeMs)
      this.#writer.append(windows, partition, from, 0, random(10) === 0 ? -1 : lag, observedSeconds)
      if (partition < ends.partitions && random(10) > 0) this.#writer.addEndOffset(ends, partition, end)
      end += 10
      if (habit === 1) offset += 10
      else if (habit === 2) offset += random(12)
      else if (habit === 4) offset += random(4) === 0 ? -random(80) : 10
      else if (habit === 5) offset += 5
      offset = Math.max(0, offset)
    }
    if (commits === 0 && random(2) === 0) this.#writer.openWindow(windows, partition)
  }
}

function addressOf({ slab, at, generation, partitions }: Run): TopicDirectory['windows'] {
  return { slab: slab.id, at, generation, partitions }
}
