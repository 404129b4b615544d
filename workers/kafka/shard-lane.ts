import type { MessagePort } from 'node:worker_threads'
import { askDeadlineMs } from '../../shared/actor/actor-ref.ts'
import {
  type Ack,
  type Ask,
  type Batch,
  type Commands,
  type FromStorage,
  unackedMax
} from '../../shared/actor/storage-messages.ts'
import { UnackedWindow } from '../../shared/actor/unacked-window.ts'
import { BurrowError } from '../../shared/errors.ts'
import type { FetchConsumers, StorageCommand } from '../../shared/protocol/storage.ts'
import type { KeyNames } from './key-names.ts'
import { Signal } from './signal.ts'

type Open = Batch | Commands
/** A message without its sequence number, which it gets when it is posted. */
type Waiting = (sequence: number) => Open

/**
 * The way to one storage shard: one port at a time, a new one for every life (epoch) of the shard. Kafka threads.
 *
 * At most `unackedMax` messages are open on the port; what comes beyond waits here. Callers await `room()` before they fetch
 * more, so what waits is never more than one fetch answer or one sweep holds.
 */
export class ShardLane {
  readonly shard: number
  readonly changed = new Signal()
  readonly #keys: KeyNames
  readonly #afterAck: () => void
  #port: MessagePort | null = null
  #epoch = -1
  #window = new UnackedWindow()
  #waiting: Waiting[] = []
  #put = 0
  #acked = 0
  /** Key numbers below it were said on this port. Numbers are given out in turn and said in turn. */
  #said = 0
  #saidLife = 0
  #asked = 0
  #spares: ArrayBuffer[] = []
  readonly #answerById = new Map<number, (groups: readonly string[] | null | BurrowError) => void>()

  /** `afterAck` is called after every acknowledgement. */
  constructor(shard: number, keys: KeyNames, afterAck: () => void) {
    this.shard = shard
    this.#keys = keys
    this.#afterAck = afterAck
  }

  get isOpen(): boolean {
    return this.#port !== null
  }
  /** -1 = never connected. */
  get epoch(): number {
    return this.#epoch
  }
  get open(): number {
    return this.#window.open + this.#waiting.length
  }

  connect(epoch: number, port: MessagePort): void {
    this.#port?.close()
    this.#refuseAsks()
    this.#port = port
    this.#epoch = epoch
    this.#window = new UnackedWindow()
    this.#waiting = []
    this.#put = 0
    this.#acked = 0
    this.#said = 0
    port.on('message', (message: FromStorage) => {
      if (port !== this.#port) return
      if (message.kind === 'ack') this.#onAck(message)
      else if (message.kind === 'reply') this.#answerById.get(message.id)?.(message.value as readonly string[] | null)
    })
    port.once('close', () => {
      if (port === this.#port) this.#onClose()
    })
    this.changed.raise()
  }

  /** Takes `records`; they are not to be touched again. Nothing while the shard is down: it is filled anew when it is back. */
  batch(records: ArrayBuffer | null, count: number, positions: Batch['positions']): void {
    this.#send(sequence => ({ kind: 'batch', sequence, records, count, positions }))
  }

  /** A buffer of `packedBytesMax` that the shard is done with. What it holds is old. */
  takeSpare(): ArrayBuffer | null {
    return this.#spares.pop() ?? null
  }

  commands(commands: readonly StorageCommand[]): void {
    this.#send(sequence => ({ kind: 'commands', sequence, commands }))
  }

  /**
   * Rare: does not wait for credit, so it may overtake what was given before. Null: not found. Rejects with BurrowError
   * DEADLINE_EXCEEDED or STORAGE_UNAVAILABLE.
   */
  ask(query: FetchConsumers): Promise<readonly string[] | null> {
    return new Promise((resolve, reject) => {
      const id = this.#asked++
      const end = (answer: readonly string[] | null | BurrowError) => {
        clearTimeout(timer)
        this.#answerById.delete(id)
        if (answer instanceof BurrowError) reject(answer)
        else resolve(answer)
      }
      const timer = setTimeout(
        () => end(new BurrowError('DEADLINE_EXCEEDED', `storage shard ${this.shard} did not answer in time`)),
        askDeadlineMs
      )
      this.#answerById.set(id, end)
      if (this.#port) this.#port.postMessage({ kind: 'ask', id, query } satisfies Ask)
      else end(this.#gone())
    })
  }

  /** All that was given to `batch` and `commands` so far has been posted, and there is room for more. */
  get hasRoom(): boolean {
    return this.#port !== null && this.#waiting.length === 0 && !this.#window.isFull
  }

  /**
   * Resolves when the shard has applied all that was given up to now. If the shard is replaced meanwhile: when it has applied
   * what its successor was given by then.
   */
  async settled(): Promise<void> {
    for (;;) {
      const { epoch } = this
      const put = this.#put
      while (this.isOpen && this.epoch === epoch && this.#acked < put) await this.changed.next()
      if (this.isOpen && this.epoch === epoch) return
      while (!this.isOpen) await this.changed.next()
    }
  }

  close(): void {
    this.#port?.close()
    this.#onClose()
  }

  #send(message: Waiting): void {
    if (!this.#port) return
    this.#put++
    this.#waiting.push(message)
    this.#post()
  }

  #post(): void {
    let posted = 0
    while (this.#port && posted < this.#waiting.length && !this.#window.isFull) {
      const message = this.#waiting[posted++]!(this.#window.take())
      this.#sayNames()
      if (message.kind === 'batch' && message.records) this.#port.postMessage(message, [message.records])
      else this.#port.postMessage(message)
    }
    if (posted > 0) this.#waiting.splice(0, posted)
  }

  #sayNames(): void {
    const { count, life } = this.#keys
    if (life !== this.#saidLife) {
      this.#saidLife = life
      this.#said = 0
    }
    if (this.#said === count) return
    const names = this.#keys.names(this.#said, this.shard)
    this.#said = count
    if (names) this.#port!.postMessage(names)
  }

  #onAck({ sequence, spare }: Ack): void {
    if (spare && this.#spares.length < unackedMax) this.#spares.push(spare)
    this.#window.settle(sequence)
    this.#acked = sequence + 1
    this.#post()
    this.changed.raise()
    this.#afterAck()
  }

  #onClose(): void {
    if (!this.#port) return
    this.#port = null
    this.#waiting = []
    this.#refuseAsks()
    this.#window.close(this.#gone())
    this.changed.raise()
  }

  #refuseAsks(): void {
    for (const answer of [...this.#answerById.values()]) answer(this.#gone())
  }

  #gone(): BurrowError {
    return new BurrowError('STORAGE_UNAVAILABLE', `storage shard ${this.shard} is gone`)
  }
}
