import { PackedType } from '../../shared/actor/packed-batch.ts'
import { shardOf } from '../../shared/actor/shard.ts'
import { type Clock, wholeSeconds } from '../../shared/clock.ts'
import { selfReportGroup } from '../../shared/rules/self-report-group.ts'
import type { KnownTopicTable } from './known-topics.ts'
import type { OffsetsPartition } from './offsets-partition.ts'
import type { ReaderOutlet } from './reader-outlet.ts'
import type { StorageSender } from './storage-sender.ts'

export interface SelfReportOptions {
  readonly cluster: string
  /** Of the consumer module. */
  readonly module: string
  /** `self-report`; false: nothing is said, and there is no such group (spec 09, E10). */
  readonly enabled: boolean
  readonly offsetsTopic: string
  readonly sender: StorageSender
  readonly outlet: ReaderOutlet
  readonly topics: KnownTopicTable
  readonly clock: Clock
}

/**
 * The group `burrow-<module>` shows how far the offsets topic was read (spec 06 section 2.2). Kafka threads; one per reader. Once
 * for each partition and fetch answer is enough.
 */
export class SelfReport {
  readonly group: string
  readonly #options: SelfReportOptions
  readonly #shard: number
  #key = -1
  #keyLife = -1

  constructor(options: SelfReportOptions) {
    this.#options = options
    this.group = selfReportGroup(options.module)
    this.#shard = shardOf(options.cluster, this.group, options.sender.shards)
  }

  /** Everything below `next` was read; the last record was at `order`, -1 = there was none. */
  say(p: OffsetsPartition, next: number, order: number): void {
    const { outlet, clock, enabled } = this.#options
    if (!enabled || order < 0 || order >= next || !outlet.wants(p, this.#shard, next) || !this.#isKnown(p)) return
    outlet.room(p, this.#shard, next, 1)
    const nowMs = wholeSeconds(clock) * 1000
    outlet.add(this.#shard, PackedType.SetConsumerOffset, this.#ownKey(), p.partition, 0, order + 1, order, nowMs)
  }

  /** The partition begins anew: what was reported of it would be newer than all that comes. */
  forget(p: OffsetsPartition): void {
    const { outlet, enabled } = this.#options
    if (!enabled || !this.#isKnown(p)) return
    outlet.room(p, this.#shard, p.sentTo[this.#shard]!, 1)
    outlet.add(this.#shard, PackedType.DeleteWindow, this.#ownKey(), p.partition, 0, 0, 0, 0)
  }

  #isKnown({ partition }: OffsetsPartition): boolean {
    const { topics, offsetsTopic } = this.#options
    return topics.isKnown(topics.numberOf(offsetsTopic), partition)
  }

  #ownKey(): number {
    const { sender, cluster, offsetsTopic } = this.#options
    if (this.#keyLife !== sender.keys.life) {
      this.#keyLife = sender.keys.life
      this.#key = sender.keys.add(cluster, this.group, offsetsTopic, this.#shard)
    }
    return this.#key
  }
}
