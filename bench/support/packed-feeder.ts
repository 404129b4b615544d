import { MessageChannel } from 'node:worker_threads'
import type { StorageCoordinator } from '../../main/storage/storage-coordinator.ts'
import { PackedType } from '../../shared/actor/packed-batch.ts'
import { shardOf } from '../../shared/actor/shard.ts'
import { StorageRequestConstant } from '../../shared/protocol/storage.ts'
import type { BatchBuilder } from '../../workers/kafka/batch-builder.ts'
import { StorageSender } from '../../workers/kafka/storage-sender.ts'

/** A group's topic, or a topic, by its number on the ports. */
export interface FeederKey {
  readonly key: number
  /** -1: every shard. */
  readonly shard: number
}

/**
 * Fills storage threads as a kafka thread does, by packed batches, without a Kafka: for suites that are about what comes after.
 * The cluster is `c`.
 */
export class PackedFeeder {
  readonly #sender: StorageSender
  readonly #builders: readonly BatchBuilder[]

  constructor(storage: StorageCoordinator, shards: number) {
    this.#sender = new StorageSender(shards)
    for (let shard = 0; shard < shards; shard++) {
      const { port1, port2 } = new MessageChannel()
      storage.connect(shard, port2)
      this.#sender.connect(shard, storage.epoch(shard), port1)
    }
    this.#builders = this.#sender.builders(-1)
  }

  topic(topic: string): FeederKey {
    return { key: this.#sender.keys.add('c', null, topic, -1), shard: -1 }
  }

  groupTopic(group: string, topic: string): FeederKey {
    const shard = shardOf('c', group, this.#sender.shards)
    return { key: this.#sender.keys.add('c', group, topic, shard), shard }
  }

  endOffset({ key }: FeederKey, partition: number, partitions: number, offset: number): void {
    for (const builder of this.#builders) {
      if (!builder.hasRoomFor(1)) builder.flush()
      builder.add(PackedType.SetBrokerOffset, key, partition, partitions, offset, 0, 0)
    }
  }

  commit({ key, shard }: FeederKey, partition: number, offset: number, order: number, timestampMs: number): void {
    const builder = this.#builders[shard]!
    if (!builder.hasRoomFor(1)) builder.flush()
    builder.add(PackedType.SetConsumerOffset, key, partition, 0, offset, order, timestampMs)
  }

  deleteGroup(group: string): void {
    for (const builder of this.#builders) builder.flush()
    const shard = shardOf('c', group, this.#sender.shards)
    this.#sender.lanes[shard]!.commands([{ type: StorageRequestConstant.SetDeleteGroup, cluster: 'c', group }])
  }

  /** Await it often: what is added without it piles up in memory. */
  room(): Promise<void> {
    return this.#sender.room()
  }

  /** Everything that was added is applied. */
  async settled(): Promise<void> {
    for (const builder of this.#builders) builder.flush()
    await this.#sender.settled()
  }

  close(): void {
    this.#sender.close()
  }
}
