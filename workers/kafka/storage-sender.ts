import type { MessagePort } from 'node:worker_threads'
import { type FetchConsumers, type StorageCommand, StorageRequestConstant } from '../../shared/protocol/storage.ts'
import { BatchBuilder } from './batch-builder.ts'
import { KeyNames } from './key-names.ts'
import { ShardLane } from './shard-lane.ts'

/** Told that a shard (re)starts; `isNew` = it begins empty, or we see it for the first time. Called before anything is sent on the port. */
export type ShardListener = (shard: number, beginsEmpty: boolean) => void

/** The ways of one kafka thread to all storage shards. */
export class StorageSender {
  readonly lanes: readonly ShardLane[]
  readonly keys: KeyNames
  readonly #listeners: ShardListener[] = []
  readonly #ackListeners: (() => void)[] = []

  constructor(shards: number, keys = new KeyNames()) {
    this.keys = keys
    const onAck = () => {
      for (const listener of this.#ackListeners) listener()
    }
    this.lanes = Array.from({ length: shards }, (_, shard) => new ShardLane(shard, keys, onAck))
  }

  get shards(): number {
    return this.lanes.length
  }

  /** Sum of the shards' epochs; meaningful once all were connected. */
  get epochs(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.epoch, 0)
  }

  get isConnected(): boolean {
    return this.lanes.every(lane => lane.isOpen)
  }

  onShard(listener: ShardListener): void {
    this.#listeners.push(listener)
  }

  /** Called after every acknowledgement of any shard. */
  onAck(listener: () => void): void {
    this.#ackListeners.push(listener)
  }

  connect(shard: number, epoch: number, port: MessagePort): void {
    const lane = this.lanes[shard]
    if (!lane) throw new RangeError(`no shard ${shard}`)
    const beginsEmpty = lane.epoch >= 0 && epoch > lane.epoch
    lane.connect(epoch, port)
    for (const listener of this.#listeners) listener(shard, beginsEmpty)
  }

  builders(consumer: number): readonly BatchBuilder[] {
    return this.lanes.map(lane => new BatchBuilder(lane, consumer))
  }

  /** To every shard. */
  commandAll(commands: readonly StorageCommand[]): void {
    for (const lane of this.lanes) lane.commands(commands)
  }

  /** Resolves when every shard is there and has room for more. */
  async room(): Promise<void> {
    for (;;) {
      const busy = this.lanes.find(lane => !lane.hasRoom)
      if (!busy) return
      await busy.changed.next()
    }
  }

  /**
   * Forgets all key numbers if there are too many of them; true if so. To be called when `room` has just resolved and every
   * builder is flushed.
   */
  forgetKeysIfFull(): boolean {
    if (!this.keys.isFull) return false
    this.keys.forget()
    return true
  }

  /** Resolves when every shard has applied all that was sent so far. */
  async settled(): Promise<void> {
    await Promise.all(this.lanes.map(lane => lane.settled()))
  }

  /**
   * Resolves when every shard has applied what a predecessor of this thread had sent before it died; only then the position
   * tables say all. The dead thread's messages lay in the shard's queues before ours; of two answered messages in a row, the second
   * was handled in a later turn of the shard's event loop than the first, and each turn empties all queues that had something.
   */
  async drained(): Promise<void> {
    for (let turn = 0; turn < 2; turn++) {
      for (const lane of this.lanes) lane.batch(null, 0, null)
      await this.settled()
    }
  }

  /** Groups of a cluster, by shard. Rejects with BurrowError if a shard does not answer. */
  groups(cluster: string): Promise<readonly (readonly string[])[]> {
    const query: FetchConsumers = { type: StorageRequestConstant.FetchConsumers, cluster }
    return Promise.all(this.lanes.map(async lane => (await lane.ask(query)) ?? []))
  }

  close(): void {
    for (const lane of this.lanes) lane.close()
  }
}
