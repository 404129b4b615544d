import { BroadcastChannel, MessageChannel, type MessagePort } from 'node:worker_threads'
import { StoragePort } from '../../shared/actor/actor-ref.ts'
import { shardOf } from '../../shared/actor/shard.ts'
import { type EpochRaised, epochChannelName } from '../../shared/actor/thread-messages.ts'
import type { Counters } from '../../shared/counters.ts'

/** Wait before a shard is dialled again unasked; doubles from the first to the last. */
export const redialFirstMs = 100
export const redialLastMs = 10_000

/**
 * This thread's ports to all shards of storage. It dials: makes a channel per shard and gives main the other ends, which
 * passes them on. When main says that a shard was replaced, that shard is dialled again; when a port closes and nothing is
 * said, after a back-off. Never in a busy loop: while storage is down everyone who asks is refused at once.
 */
export class ShardPorts {
  readonly #shards: number
  readonly #counters: Counters
  readonly #dial: (ports: readonly (MessagePort | null)[]) => void
  readonly #onReplaced: (shard: number) => void
  readonly #ports: StoragePort[] = []
  readonly #backOffMs: number[]
  readonly #timers: (NodeJS.Timeout | null)[]
  readonly #epochs: BroadcastChannel
  #closed = false

  /** `onReplaced`: what was learned on the shard's old port (directories, slabs) holds no longer. */
  constructor(
    shards: number,
    counters: Counters,
    dial: (ports: readonly (MessagePort | null)[]) => void,
    onReplaced: (shard: number) => void
  ) {
    this.#shards = shards
    this.#counters = counters
    this.#dial = dial
    this.#onReplaced = onReplaced
    this.#backOffMs = Array.from({ length: shards }, () => redialFirstMs)
    this.#timers = Array.from({ length: shards }, () => null)
    // Listen first, dial then: a shard replaced in between is heard of.
    this.#epochs = new BroadcastChannel(epochChannelName(process.pid))
    this.#epochs.onmessage = event => this.#onEpoch((event as { data: EpochRaised }).data)
    this.#dial(Array.from({ length: shards }, (_, shard) => this.#open(shard)))
  }

  of(shard: number): StoragePort {
    return this.#ports[shard]!
  }

  shardOf(cluster: string, group: string): number {
    return shardOf(cluster, group, this.#shards)
  }

  get all(): readonly StoragePort[] {
    return this.#ports
  }

  /** Nobody is dialled again after this. */
  close(): void {
    this.#closed = true
    this.#epochs.close()
    for (const timer of this.#timers) if (timer) clearTimeout(timer)
    for (const port of this.#ports) port.close()
  }

  #onEpoch({ shard }: EpochRaised): void {
    this.#backOffMs[shard] = redialFirstMs
    this.#redial(shard)
  }

  #redial(shard: number): void {
    const timer = this.#timers[shard]
    if (timer) clearTimeout(timer)
    this.#timers[shard] = null
    const old = this.#ports[shard]!
    const port = this.#open(shard)
    old.close()
    this.#onReplaced(shard)
    this.#dial(Array.from({ length: this.#shards }, (_, other) => (other === shard ? port : null)))
  }

  /** Makes the channel; returns the end for storage. */
  #open(shard: number): MessagePort {
    const { port1, port2 } = new MessageChannel()
    const ref: StoragePort = new StoragePort(port1, undefined, {
      counters: this.#counters,
      onClose: () => {
        if (this.#ports[shard] === ref) this.#redialLater(shard)
      }
    })
    this.#ports[shard] = ref
    return port2
  }

  #redialLater(shard: number): void {
    if (this.#closed || this.#timers[shard]) return
    const waitMs = this.#backOffMs[shard]!
    this.#backOffMs[shard] = Math.min(waitMs * 2, redialLastMs)
    this.#timers[shard] = setTimeout(() => this.#redial(shard), waitMs)
  }
}
