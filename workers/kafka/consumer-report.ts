import { appliedToIndex } from '../../shared/actor/position-table.ts'
import type { ConsumerState } from '../../shared/actor/thread-messages.ts'
import type { OffsetsPartition } from './offsets-partition.ts'
import type { StorageSender } from './storage-sender.ts'

/** What a reader tells main of itself, each change once. Kafka threads. */
export class ConsumerReport {
  readonly #consumer: number
  readonly #thread: number
  readonly #sender: StorageSender
  readonly #table: Float64Array
  readonly #post: (message: ConsumerState) => void
  #last: ConsumerState | null = null
  #isCaughtUp = false

  constructor(
    consumer: number,
    thread: number,
    sender: StorageSender,
    table: Float64Array,
    post: (message: ConsumerState) => void
  ) {
    this.#consumer = consumer
    this.#thread = thread
    this.#sender = sender
    this.#table = table
    this.#post = post
  }

  get isCaughtUp(): boolean {
    return this.#isCaughtUp
  }

  /** Something has to be read again: a shard begins empty. */
  fallBack(): void {
    this.#isCaughtUp = false
  }

  /** Having caught up counts more than `state`. */
  say(state: 'connecting' | 'reading', error: string | null): void {
    this.#tell(this.#isCaughtUp ? 'caught-up' : state, error)
  }

  /** There is nothing to read yet. */
  sayNothingToRead(): void {
    this.#tell('caught-up', null)
  }

  /**
   * Caught up: every shard has applied what was there when reading began. The table says so, as shards write it after they have
   * applied something.
   */
  look(partitions: Iterable<OffsetsPartition>): void {
    if (this.#isCaughtUp || !this.#sender.isConnected) return
    for (const { partition, target } of partitions) {
      if (target < 0) return
      for (let shard = 0; shard < this.#sender.shards; shard++) {
        if (this.#table[appliedToIndex(shard, partition)]! < target) return
      }
    }
    this.#isCaughtUp = true
    this.#tell('caught-up', null)
  }

  #tell(state: ConsumerState['state'], error: string | null): void {
    const { epochs } = this.#sender
    if (this.#last?.state === state && this.#last.error === error && this.#last.epochs === epochs) return
    this.#last = { kind: 'consumer-state', consumer: this.#consumer, thread: this.#thread, state, epochs, error }
    this.#post(this.#last)
  }
}
