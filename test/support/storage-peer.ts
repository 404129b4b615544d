import type { MessagePort } from 'node:worker_threads'
import { PackedType, packedF64, packedI32, packedRecordBytes } from '../../shared/actor/packed-batch.ts'
import type {
  DirectoriesQuery,
  FromStorage,
  GroupDirectories,
  Positions,
  Reply,
  ToStorage
} from '../../shared/actor/storage-messages.ts'
import type { StorageCommand, StorageQuery, StorageReply } from '../../shared/protocol/storage.ts'
import { SlabViews } from '../../shared/ring/slabs.ts'
import type { StorageActor } from '../../workers/storage/storage-actor.ts'

/** One record of a packed batch, as a test writes it. */
export interface PackedRecord {
  readonly type: number
  readonly key: number
  readonly partition: number
  readonly topicPartitionCount?: number
  readonly offset?: number
  readonly order?: number
  readonly timestampMs?: number
}

export function packRecords(records: readonly PackedRecord[]): ArrayBuffer {
  const buffer = new ArrayBuffer(records.length * packedRecordBytes)
  const i32 = new Int32Array(buffer)
  const f64 = new Float64Array(buffer)
  for (const [index, record] of records.entries()) {
    i32[index * packedI32.words + packedI32.type] = record.type
    i32[index * packedI32.words + packedI32.key] = record.key
    i32[index * packedI32.words + packedI32.partition] = record.partition
    i32[index * packedI32.words + packedI32.topicPartitionCount] = record.topicPartitionCount ?? 0
    f64[index * packedF64.words + packedF64.offset] = record.offset ?? 0
    f64[index * packedF64.words + packedF64.order] = record.order ?? 0
    f64[index * packedF64.words + packedF64.timestampMs] = record.timestampMs ?? 0
  }
  return buffer
}

export const endOffsetRecord = (
  key: number,
  partition: number,
  topicPartitionCount: number,
  offset: number
): PackedRecord => ({
  type: PackedType.SetBrokerOffset,
  key,
  partition,
  topicPartitionCount,
  offset
})

export const commitRecord = (
  key: number,
  partition: number,
  order: number,
  offset: number,
  timestampMs: number
): PackedRecord => ({ type: PackedType.SetConsumerOffset, key, partition, order, offset, timestampMs })

export const deleteWindowRecord = (key: number, partition: number): PackedRecord => ({
  type: PackedType.DeleteWindow,
  key,
  partition
})

export const restartTopicRecord = (key: number, topicPartitionCount: number): PackedRecord => ({
  type: PackedType.RestartTopic,
  key,
  partition: 0,
  topicPartitionCount
})

/** A peer of the storage actor that can do everything on one port: a kafka thread and an asker in one. */
export class StoragePeer {
  readonly slabs = new SlabViews()
  readonly acked: number[] = []
  /** Kinds of messages in the order they came. */
  readonly kinds: string[] = []
  readonly #post: (message: ToStorage, transfer: readonly ArrayBuffer[]) => void
  readonly #waitingById = new Map<number, (value: Reply['value']) => void>()
  #sequence = 0
  #id = 0

  constructor(post: (message: ToStorage, transfer: readonly ArrayBuffer[]) => void) {
    this.#post = post
  }

  static inPlace(actor: StorageActor): StoragePeer {
    const mailbox = actor.connect(message => peer.receive(message))
    const peer = new StoragePeer(message => mailbox.receive(message))
    return peer
  }

  static overPort(port: MessagePort): StoragePeer {
    const peer = new StoragePeer((message, transfer) => port.postMessage(message, transfer))
    port.on('message', (message: FromStorage) => peer.receive(message))
    return peer
  }

  receive(message: FromStorage): void {
    this.kinds.push(message.kind)
    if (message.kind === 'ack') this.acked.push(message.sequence)
    else if (message.kind === 'slab') this.slabs.attach(message.id, message.buffer)
    else {
      this.#waitingById.get(message.id)!(message.value)
      this.#waitingById.delete(message.id)
    }
  }

  /** Key 0, 1, 2 … in the order given; group null = a topic of the cluster. */
  names(names: readonly { cluster?: string; group: string | null; topic: string; key?: number }[]): void {
    this.#post(
      {
        kind: 'names',
        keys: names.map(({ key }, index) => key ?? index),
        clusters: names.map(({ cluster }) => cluster ?? 'c'),
        groups: names.map(({ group }) => group),
        topics: names.map(({ topic }) => topic)
      },
      []
    )
  }

  batch(records: readonly PackedRecord[], positions: Positions | null = null): void {
    const buffer = records.length > 0 ? packRecords(records) : null
    this.#post(
      { kind: 'batch', sequence: this.#sequence++, records: buffer, count: records.length, positions },
      buffer ? [buffer] : []
    )
  }

  tell(...commands: StorageCommand[]): void {
    this.#post({ kind: 'commands', sequence: this.#sequence++, commands }, [])
  }

  ask<Q extends StorageQuery>(query: Q): Promise<StorageReply<Q>>
  ask(query: DirectoriesQuery): Promise<GroupDirectories | null>
  ask(query: StorageQuery | DirectoriesQuery): Promise<Reply['value']> {
    return new Promise(resolve => {
      const id = this.#id++
      this.#waitingById.set(id, resolve)
      this.#post({ kind: 'ask', id, query }, [])
    })
  }
}
