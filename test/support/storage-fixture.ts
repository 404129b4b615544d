import { type Clock, clockFromWord, createClockWord } from '../../shared/clock.ts'
import { type CounterName, Counters, createCounterBlock, sumCounters } from '../../shared/counters.ts'
import type { StorageSettings } from '../../shared/settings.ts'
import { StorageActor } from '../../workers/storage/storage-actor.ts'
import { StoragePeer } from './storage-peer.ts'

/** Where the clock of storage tests begins, ms; a whole second. */
export const baseMs = 1_700_000_000_000

export interface StorageFixtureOptions extends Partial<StorageSettings> {
  readonly clusters?: readonly string[]
  readonly allowedLag?: number
  readonly positionTables?: readonly SharedArrayBuffer[]
  readonly shard?: number
}

export function storageSettings(options: Partial<StorageSettings> = {}): StorageSettings {
  return {
    name: 'default',
    intervals: options.intervals ?? 10,
    expireGroupSeconds: options.expireGroupSeconds ?? 604_800,
    minDistanceSeconds: options.minDistanceSeconds ?? 0,
    groupAllowlist: options.groupAllowlist ?? '',
    groupDenylist: options.groupDenylist ?? ''
  }
}

/** A storage actor in this thread, with cluster `c`, a clock moved by hand and one peer. */
export class StorageFixture {
  readonly clock: Clock
  readonly actor: StorageActor
  readonly peer: StoragePeer
  readonly #word = createClockWord(baseMs)
  readonly #block = createCounterBlock()

  constructor(options: StorageFixtureOptions = {}) {
    this.clock = clockFromWord(this.#word)
    this.actor = new StorageActor({
      shard: options.shard ?? 0,
      clusters: options.clusters ?? ['c'],
      settings: storageSettings(options),
      allowedLag: options.allowedLag ?? 0,
      clock: this.clock,
      counters: new Counters(this.#block),
      positionTables: options.positionTables ?? []
    })
    this.peer = StoragePeer.inPlace(this.actor)
  }

  advance(ms: number): void {
    const view = new Float64Array(this.#word)
    view[0]! += ms
  }

  count(name: CounterName): number {
    return sumCounters([this.#block])[name]
  }
}
