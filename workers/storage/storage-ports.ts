import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { FromStorage, ToStorage } from '../../shared/actor/storage-messages.ts'
import type { Mailbox, StorageActor } from './storage-actor.ts'

/** Messages taken from one port at once before a new port is served; its sender has far fewer open. */
export const drainedMessagesMax = 10_000

/**
 * After a batch of so many records, questions are answered before the next. A port gives all that has arrived on it in one turn, and a backlog
 * comes sixteen big batches at a time: whoever asks would wait for all of them (0.1 s while V8 still compiles).
 */
const bigBatchRecords = 1024
/** Of one port, between two batches. */
const questionsMax = 100

/** The data ports of the shard, each with its mailbox. Storage thread only. */
export class StoragePorts {
  readonly #actor: StorageActor
  readonly #mailboxByPort = new Map<MessagePort, Mailbox>()
  /** Ports on which no batch has come: those of main and the evaluators. */
  readonly #askers = new Map<MessagePort, Mailbox>()

  constructor(actor: StorageActor) {
    this.#actor = actor
  }

  get count(): number {
    return this.#mailboxByPort.size
  }

  /**
   * Serves `port` until it closes. What has arrived on the other ports is applied first: if the new port belongs to the successor
   * of a dead thread, all that the dead one had sent is in the windows and in the position table before the new one gets its first
   * answer. (The step it prevents: the successor reads the table, the rest of its predecessor's batches is applied, and the successor
   * sends the same commits again.)
   */
  serve(port: MessagePort): void {
    for (const [other, mailbox] of this.#mailboxByPort) this.#drain(other, mailbox, drainedMessagesMax)
    const mailbox = this.#actor.connect(message => port.postMessage(message, spareOf(message)))
    this.#mailboxByPort.set(port, mailbox)
    this.#askers.set(port, mailbox)
    port.on('message', (message: ToStorage) => {
      this.#receive(port, mailbox, message)
      if (message.kind === 'batch' && message.count >= bigBatchRecords) this.#answerAskers()
    })
    port.on('messageerror', error => {
      throw error
    })
    port.on('close', () => {
      mailbox.close()
      this.#mailboxByPort.delete(port)
      this.#askers.delete(port)
    })
  }

  close(): void {
    for (const port of this.#mailboxByPort.keys()) port.close()
  }

  #answerAskers(): void {
    for (const [port, mailbox] of this.#askers) this.#drain(port, mailbox, questionsMax)
  }

  /** Takes up to `max` messages that have arrived, in their order. */
  #drain(port: MessagePort, mailbox: Mailbox, max: number): void {
    for (let taken = 0; taken < max; taken++) {
      const received = receiveMessageOnPort(port) as { message: ToStorage } | undefined
      if (!received) return
      this.#receive(port, mailbox, received.message)
    }
  }

  #receive(port: MessagePort, mailbox: Mailbox, message: ToStorage): void {
    if (message.kind === 'batch') this.#askers.delete(port)
    mailbox.receive(message)
  }
}

function spareOf(message: FromStorage): readonly ArrayBuffer[] {
  return message.kind === 'ack' && message.spare ? [message.spare] : []
}
