import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { FromStorage, ToStorage } from '../../shared/actor/storage-messages.ts'
import type { Mailbox, StorageActor } from './storage-actor.ts'

/** Messages taken from one port at once before a new port is served; its sender has far fewer open. */
export const drainedMessagesMax = 10_000

/** The data ports of the shard, each with its mailbox. Storage thread only. */
export class StoragePorts {
  readonly #actor: StorageActor
  readonly #mailboxByPort = new Map<MessagePort, Mailbox>()

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
    for (const [other, mailbox] of this.#mailboxByPort) drain(other, mailbox)
    const mailbox = this.#actor.connect(message => port.postMessage(message, spareOf(message)))
    this.#mailboxByPort.set(port, mailbox)
    port.on('message', (message: ToStorage) => mailbox.receive(message))
    port.on('messageerror', error => {
      throw error
    })
    port.on('close', () => {
      mailbox.close()
      this.#mailboxByPort.delete(port)
    })
  }

  close(): void {
    for (const port of this.#mailboxByPort.keys()) port.close()
  }
}

function spareOf(message: FromStorage): readonly ArrayBuffer[] {
  return message.kind === 'ack' && message.spare ? [message.spare] : []
}

function drain(port: MessagePort, mailbox: Mailbox): void {
  for (let taken = 0; taken < drainedMessagesMax; taken++) {
    const received = receiveMessageOnPort(port) as { message: ToStorage } | undefined
    if (!received) return
    mailbox.receive(received.message)
  }
}
