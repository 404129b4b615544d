import { PackedType } from '../../shared/actor/packed-batch.ts'
import { type StorageCommand, StorageRequestConstant } from '../../shared/protocol/storage.ts'
import type { BatchBuilder } from './batch-builder.ts'
import type { StorageSender } from './storage-sender.ts'
import type { SweptTopic } from './swept-topic.ts'

/** Deletions in one Commands message. */
const commandsMax = 1000

/** End offsets and deletions of topics on their way to every shard. Kafka threads; one per sweeper. */
export class EndOffsetOutlet {
  readonly #cluster: string
  readonly #sender: StorageSender
  readonly #builders: readonly BatchBuilder[]
  #keysLife: number

  constructor(cluster: string, sender: StorageSender) {
    this.#cluster = cluster
    this.#sender = sender
    this.#builders = sender.builders(-1)
    this.#keysLife = sender.keys.life
  }

  nameTopic(topic: SweptTopic): void {
    topic.key = this.#sender.keys.add(this.#cluster, null, topic.name, -1)
  }

  /** To be called before offsets are added: the sender may have forgotten all numbers. */
  renameIfForgotten(topics: () => Iterable<SweptTopic>): void {
    if (this.#keysLife === this.#sender.keys.life) return
    this.#keysLife = this.#sender.keys.life
    for (const topic of topics()) this.nameTopic(topic)
  }

  add(topic: SweptTopic, partition: number, offset: number, timestampMs: number): void {
    for (let shard = 0; shard < this.#builders.length; shard++)
      this.#addTo(shard, topic, partition, offset, timestampMs)
  }

  flush(): void {
    for (const builder of this.#builders) builder.flush()
  }

  /** A shard that begins empty is told all that is known. */
  fill(shard: number, topics: readonly SweptTopic[], timestampMs: number): void {
    this.renameIfForgotten(() => topics)
    for (const topic of topics) {
      for (const [partition, offset] of topic.ends.entries()) {
        if (!Number.isNaN(offset)) this.#addTo(shard, topic, partition, offset, timestampMs)
      }
    }
    this.#builders[shard]!.flush()
  }

  /** After what was added before, and before what is added next. */
  deleteTopics(names: readonly string[]): void {
    this.flush()
    for (let from = 0; from < names.length; from += commandsMax) {
      const commands: StorageCommand[] = names
        .slice(from, from + commandsMax)
        .map(topic => ({ type: StorageRequestConstant.SetDeleteTopic, cluster: this.#cluster, topic }))
      this.#sender.commandAll(commands)
    }
  }

  /** The topic is another one of its name, with so many partitions. After what was added before, and before what is added next. */
  restartTopic(topic: SweptTopic, partitions: number): void {
    this.flush()
    for (const builder of this.#builders) {
      builder.add(PackedType.RestartTopic, topic.key, 0, partitions, 0, 0, 0)
      builder.flush()
    }
  }

  #addTo(shard: number, topic: SweptTopic, partition: number, offset: number, timestampMs: number): void {
    const builder = this.#builders[shard]!
    if (!builder.hasRoomFor(1)) builder.flush()
    builder.add(PackedType.SetBrokerOffset, topic.key, partition, topic.partitions, offset, 0, timestampMs)
  }
}
