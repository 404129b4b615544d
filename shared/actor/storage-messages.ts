import type { ConsumerTopics } from '../protocol/consumer.ts'
import type { StorageCommand, StorageQuery } from '../protocol/storage.ts'

/**
 * The whole conversation on a data port of a storage shard. The other end is a kafka thread (batches, commands), an evaluator
 * or main (commands, asks). One standing port per pair of threads; messages on a port are handled in the order sent.
 */
export type ToStorage = Names | Batch | Commands | Ask

/** Says what `key` numbers mean, on this port, from now on. Comes before the batch that uses them. */
export interface Names {
  readonly kind: 'names'
  readonly keys: readonly number[]
  readonly clusters: readonly string[]
  /** null: the key names a topic of the cluster (end offsets), not a group's topic. */
  readonly groups: readonly (string | null)[]
  readonly topics: readonly string[]
}

/** Packed records (packed-batch.ts). Acknowledged when applied; the sender keeps at most `unackedMax` messages open. */
export interface Batch {
  readonly kind: 'batch'
  readonly sequence: number
  /** Transferred. Null when only positions are reported. */
  readonly records: ArrayBuffer | null
  readonly count: number
  readonly positions: Positions | null
}

/** Where a reader is once this message is applied; written to the position table by the shard. */
export interface Positions {
  /** Index of the consumer module, as in StorageInit.positionTables. */
  readonly consumer: number
  readonly partitions: readonly number[]
  readonly appliedTo: readonly number[]
  readonly resumeFrom: readonly number[]
}

/** Rare commands (owners, deletions), applied one after the other without another message in between. Acknowledged too. */
export interface Commands {
  readonly kind: 'commands'
  readonly sequence: number
  readonly commands: readonly StorageCommand[]
}

export interface Ask {
  readonly kind: 'ask'
  readonly id: number
  readonly query: StorageQuery | DirectoriesQuery | TopicAddressesQuery
}

export type FromStorage = Reply | Ack | Slab

export interface Reply {
  readonly kind: 'reply'
  readonly id: number
  readonly value: readonly string[] | readonly number[] | ConsumerTopics | GroupDirectories | TopicAddresses | null
}

export interface Ack {
  readonly kind: 'ack'
  readonly sequence: number
  /** Transferred: the batch's buffer, if it is of the largest size (packed-batch.ts). Left to the collector, they piled up in both threads. */
  readonly spare?: ArrayBuffer
}

/** Shared memory that later replies on this port refer to by number. Sent once per port and slab. */
export interface Slab {
  readonly kind: 'slab'
  readonly id: number
  readonly buffer: SharedArrayBuffer
}

/** Messages that a sender may have open (sent, not acknowledged) on one port. Then it waits, and fetching pauses. */
export const unackedMax = 16

/**
 * Where the data of groups is. Ours, beyond the seed: storage answers with addresses, the asker reads in place. Answered in the order of the
 * groups, null = not there; many in one question, since a question costs more than to read a small group.
 */
export interface DirectoriesQuery {
  readonly type: typeof fetchDirectories
  readonly cluster: string
  /** At most those of one list (evaluator-tasks.ts). */
  readonly groups: readonly string[]
}
export const fetchDirectories = 200

export type GroupDirectories = readonly (GroupDirectory | null)[]

export interface GroupDirectory {
  /** Group words (ring-layout.ts). The directory holds as long as the version word has this value. */
  readonly words: Address
  readonly version: number
  /** Sorted by topic name (UTF-8 byte order). */
  readonly topics: readonly TopicDirectory[]
}

export interface TopicDirectory {
  readonly topic: string
  readonly windows: RunAddress
  /** End offsets; null when the cluster does not know the topic (any more): no lag then (spec 09, B1). */
  readonly endOffsets: RunAddress | null
  /** By partition; null = nobody owns anything here. */
  readonly owners: readonly string[] | null
  readonly clientIds: readonly string[] | null
}

/** Where the end offsets of all topics of a cluster are, in one answer: pages about every topic must not ask topic by topic. */
export interface TopicAddressesQuery {
  readonly type: typeof fetchTopicAddresses
  readonly cluster: string
}
export const fetchTopicAddresses = 201

/** In no order. A run that has been replaced since says so when it is read (generation); then ask for the topic itself. */
export interface TopicAddresses {
  readonly topics: readonly string[]
  /** By topic, laid out as `runAddressF64`: a RunAddress without an object for it. */
  readonly runs: Float64Array
}
export const runAddressF64 = { slab: 0, at: 1, generation: 2, partitions: 3, words: 4 } as const

export interface Address {
  readonly slab: number
  /** Bytes from the start of the slab. */
  readonly at: number
}

export interface RunAddress extends Address {
  readonly generation: number
  readonly partitions: number
}
