import { type Clock, wholeSeconds } from '../../shared/clock.ts'
import type { Counters } from '../../shared/counters.ts'
import { BurrowError } from '../../shared/errors.ts'
import { GroupWordsAllocator } from '../../shared/ring/group-words.ts'
import { intervalsMax, lineBytes, windowBytes } from '../../shared/ring/ring-layout.ts'
import { RingWriter } from '../../shared/ring/ring-writer.ts'
import { RunAllocator, runBytesMax } from '../../shared/ring/run-allocator.ts'
import { SlabSource } from '../../shared/ring/slab-source.ts'
import { compileGroupFilter, type GroupFilter } from '../../shared/rules/group-filter.ts'
import type { StorageSettings } from '../../shared/settings.ts'
import { Cluster, type Group } from './directory.ts'
import { Outcomes } from './outcomes.ts'

/** Partitions of one topic at most; a larger count is refused where it enters. Kafka itself stops far below. */
export const topicPartitionsMax = 100_000

/** What the storage shard is given. */
export interface StorageOptions {
  readonly clusters: readonly string[]
  readonly settings: StorageSettings
  readonly allowedLag: number
  readonly clock: Clock
  readonly counters: Counters
}

/** Everything that the shard holds. Storage thread only; made once, changed by the small files beside this one. */
export class StorageState {
  readonly clusterByName: ReadonlyMap<string, Cluster>
  readonly intervals: number
  readonly minDistanceMs: number
  readonly filter: GroupFilter
  readonly clock: Clock
  readonly counters: Counters
  readonly outcomes: Outcomes
  readonly slabs = new SlabSource()
  readonly runs: RunAllocator
  readonly groupWords: GroupWordsAllocator
  readonly writer: RingWriter
  /** `topicPartitionsMax`, or as many as a run of this many intervals can hold. */
  readonly partitionsMax: number
  readonly #expireGroupMs: number
  #changed: Group[] = []

  /** Throws BurrowError CONFIG_INVALID. */
  constructor({ clusters, settings, allowedLag, clock, counters }: StorageOptions) {
    const { intervals } = settings
    if (!Number.isInteger(intervals) || intervals < 1 || intervals > intervalsMax) {
      throw new BurrowError('CONFIG_INVALID', `intervals must be 1..${intervalsMax}`, { intervals })
    }
    this.clusterByName = new Map(clusters.map(name => [name, new Cluster(name)]))
    this.intervals = intervals
    this.minDistanceMs = settings.minDistanceSeconds * 1000
    this.#expireGroupMs = settings.expireGroupSeconds * 1000
    this.filter = compileGroupFilter(settings.groupAllowlist, settings.groupDenylist)
    this.clock = clock
    this.counters = counters
    this.outcomes = new Outcomes(counters)
    this.runs = new RunAllocator(this.slabs, clock)
    this.groupWords = new GroupWordsAllocator(this.slabs, clock)
    this.writer = new RingWriter(intervals, allowedLag)
    const partitionBytes = lineBytes + windowBytes(intervals)
    this.partitionsMax = Math.min(topicPartitionsMax, Math.floor((runBytesMax - 2 * lineBytes) / partitionBytes))
  }

  /** The clock of this module ticks in whole seconds (spec 02 section 2). */
  nowSeconds(): number {
    return wholeSeconds(this.clock)
  }

  /** Commits older than this are refused, and groups whose newest commit is older have expired. */
  expiredBeforeMs(): number {
    return this.nowSeconds() * 1000 - this.#expireGroupMs
  }

  /** A window of the group changed. */
  noteChange(group: Group): void {
    if (group.changed) return
    group.changed = true
    this.#changed.push(group)
  }

  /** After every message: readers get at everything, and can see which groups have changed. */
  settle(): void {
    this.writer.release()
    if (this.#changed.length === 0) return
    for (const group of this.#changed) {
      group.changed = false
      if (group.alive) group.words.raiseWrites(group.lastCommitMs)
    }
    this.#changed = []
  }
}
