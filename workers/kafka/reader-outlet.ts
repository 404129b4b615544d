import type { StorageCommand } from '../../shared/protocol/storage.ts'
import type { BatchBuilder } from './batch-builder.ts'
import type { OffsetsPartition } from './offsets-partition.ts'
import type { StorageSender } from './storage-sender.ts'

/**
 * What a reader has for the shards, on its way out: packed records and commands, in the order of their effective positions
 * (offsets-partition.ts), each batch with the positions that hold once it is applied. Kafka threads; one per reader.
 */
export class ReaderOutlet {
  readonly #sender: StorageSender
  readonly #builders: readonly BatchBuilder[]

  constructor(sender: StorageSender, consumer: number) {
    this.#sender = sender
    this.#builders = sender.builders(consumer)
  }

  /** Whether the shard still has to get what takes effect there. */
  wants(p: OffsetsPartition, shard: number, effective: number): boolean {
    return effective >= p.sentTo[shard]!
  }

  /** Makes room for records that all take effect at `effective` and must come in one batch. */
  room(p: OffsetsPartition, shard: number, effective: number, records: number): void {
    if (!this.#builders[shard]!.hasRoomFor(records)) this.#flushAt(p, shard, effective)
  }

  add(
    shard: number,
    type: number,
    key: number,
    partition: number,
    count: number,
    offset: number,
    order: number,
    timestampMs: number
  ): void {
    this.#builders[shard]!.add(type, key, partition, count, offset, order, timestampMs)
  }

  commands(p: OffsetsPartition, shard: number, effective: number, commands: readonly StorageCommand[]): void {
    this.#flushAt(p, shard, effective)
    this.#sender.lanes[shard]!.commands(commands)
  }

  /** Everything below `next` has been added. */
  finish(p: OffsetsPartition, next: number): void {
    for (const [shard, builder] of this.#builders.entries()) {
      if (next <= p.sentTo[shard]!) continue
      p.sentTo[shard] = next
      builder.position(p.partition, next, p.resumeFrom(next))
    }
  }

  /** Says where a shard is though nothing was read: it must know even if there is nothing for it. */
  sayPosition(p: OffsetsPartition, shard: number): void {
    const sentTo = p.sentTo[shard]!
    this.#builders[shard]!.position(p.partition, sentTo, Math.min(sentTo, p.position))
    this.#builders[shard]!.flush()
  }

  flush(): void {
    for (const builder of this.#builders) builder.flush()
  }

  #flushAt(p: OffsetsPartition, shard: number, effective: number): void {
    const builder = this.#builders[shard]!
    p.sentTo[shard] = effective
    builder.position(p.partition, effective, p.resumeFrom(effective))
    builder.flush()
  }
}
