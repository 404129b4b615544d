import type { MessagePort } from 'node:worker_threads'
import type { Counters } from '../counters.ts'
import { BurrowError, unreachable } from '../errors.ts'
import type { StorageCommand, StorageQuery, StorageReply } from '../protocol/storage.ts'
import { SlabViews } from '../ring/slabs.ts'
import type {
  DirectoriesQuery,
  FromStorage,
  GroupDirectories,
  Reply,
  TopicAddresses,
  TopicAddressesQuery,
  ToStorage
} from './storage-messages.ts'
import { UnackedWindow } from './unacked-window.ts'

/** Deadline of an ask that names none. */
export const askDeadlineMs = 5000
/** Asks without an answer on one port; the next is refused at once. */
export const waitingAsksMax = 10_000
/** Commands of one port that wait for credit; past it `tell` throws QUEUE_FULL. */
export const waitingCommandsMax = 100_000
/** Commands in one message: bounds the time that storage spends between two messages. */
export const commandsPerMessageMax = 1000

interface Waiting {
  readonly resolve: (value: Reply['value']) => void
  readonly reject: (error: BurrowError) => void
  readonly timer: NodeJS.Timeout
}

/**
 * The asking side of one data port to one storage shard (storage-messages.ts). Any thread but storage; kafka threads, which
 * send batches, have a sender of their own.
 *
 * Messages keep the order of the calls; only commands that had to wait for credit may be overtaken by an ask.
 * When the port closes (the shard has died, or `close`), everyone who waits is refused with STORAGE_UNAVAILABLE, and so
 * is everyone who comes later. The successor of a shard has a new port, a new StoragePort, and new slabs.
 */
export class StoragePort {
  /** Shared memory that replies on this port refer to. */
  readonly slabs: SlabViews
  readonly #port: MessagePort
  readonly #counters: Counters | null
  readonly #credit = new UnackedWindow()
  readonly #waitingById = new Map<number, Waiting>()
  #commands: StorageCommand[] = []
  #nextId = 0
  #closed: BurrowError | null = null
  readonly #onClose: (() => void) | null

  /** `onClose` is called once, after everyone was refused. Late answers are added to `late_answers`. */
  constructor(
    port: MessagePort,
    slabs = new SlabViews(),
    options: { readonly counters?: Counters; readonly onClose?: () => void } = {}
  ) {
    this.#port = port
    this.slabs = slabs
    this.#counters = options.counters ?? null
    this.#onClose = options.onClose ?? null
    port.on('message', (message: FromStorage) => this.#receive(message))
    port.on('messageerror', () => this.close())
    port.on('close', () => this.#refuseAll())
  }

  get isClosed(): boolean {
    return this.#closed !== null
  }

  /**
   * Answered once, null = not found. Rejects with BurrowError: DEADLINE_EXCEEDED, STORAGE_UNAVAILABLE (the port is or gets
   * closed) or QUEUE_FULL (`waitingAsksMax` others wait).
   */
  ask<Q extends StorageQuery>(query: Q, options?: { readonly deadlineMs?: number }): Promise<StorageReply<Q>>
  ask(query: DirectoriesQuery, options?: { readonly deadlineMs?: number }): Promise<GroupDirectories | null>
  ask(query: TopicAddressesQuery, options?: { readonly deadlineMs?: number }): Promise<TopicAddresses | null>
  ask(
    query: StorageQuery | DirectoriesQuery | TopicAddressesQuery,
    options: { readonly deadlineMs?: number } = {}
  ): Promise<Reply['value']> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(this.#closed)
      if (this.#waitingById.size >= waitingAsksMax) {
        return reject(new BurrowError('QUEUE_FULL', 'too many questions wait for storage', { waitingAsksMax }))
      }
      const id = this.#nextId++
      const deadlineMs = options.deadlineMs ?? askDeadlineMs
      const timer = setTimeout(() => {
        this.#waitingById.delete(id)
        reject(new BurrowError('DEADLINE_EXCEEDED', 'storage did not answer in time', { deadlineMs, type: query.type }))
      }, deadlineMs)
      this.#waitingById.set(id, { resolve, reject, timer })
      this.#send({ kind: 'ask', id, query })
    })
  }

  /** Never answered. Throws BurrowError STORAGE_UNAVAILABLE or QUEUE_FULL; then none of `commands` was sent. */
  tell(commands: readonly StorageCommand[]): void {
    if (this.#closed) throw this.#closed
    if (this.#commands.length + commands.length > waitingCommandsMax) {
      throw new BurrowError('QUEUE_FULL', 'too many commands wait for storage', { waitingCommandsMax })
    }
    this.#commands = this.#commands.length === 0 ? [...commands] : this.#commands.concat(commands)
    this.#sendCommands()
  }

  close(): void {
    this.#port.close()
    this.#refuseAll()
  }

  #receive(message: FromStorage): void {
    switch (message.kind) {
      case 'reply':
        this.#answer(message)
        break
      case 'ack':
        this.#credit.settle(message.sequence)
        this.#sendCommands()
        break
      case 'slab':
        this.slabs.attach(message.id, message.buffer)
        break
      default:
        unreachable(message)
    }
  }

  #answer(reply: Reply): void {
    const waiting = this.#waitingById.get(reply.id)
    if (!waiting) {
      this.#counters?.add('late_answers')
      return
    }
    this.#waitingById.delete(reply.id)
    clearTimeout(waiting.timer)
    waiting.resolve(reply.value)
  }

  #sendCommands(): void {
    while (this.#commands.length > 0 && !this.#credit.isFull) {
      const commands = this.#commands.slice(0, commandsPerMessageMax)
      this.#commands = this.#commands.slice(commands.length)
      this.#send({ kind: 'commands', sequence: this.#credit.take(), commands })
    }
  }

  #send(message: ToStorage): void {
    this.#port.postMessage(message)
  }

  #refuseAll(): void {
    if (this.#closed) return
    const error = new BurrowError('STORAGE_UNAVAILABLE', 'the port to storage is closed')
    this.#closed = error
    this.#commands = []
    this.#credit.close(error)
    for (const waiting of this.#waitingById.values()) {
      clearTimeout(waiting.timer)
      waiting.reject(error)
    }
    this.#waitingById.clear()
    this.#onClose?.()
  }
}
