import type { ConsumerTopics } from './consumer.ts'

/**
 * Requests to the storage actor (spec 01 sections 2 and 3, spec 02 section 6).
 *
 * Commands (Set…, Clear…) are told and never answered; queries (Fetch…) are asked and answered exactly once, with null
 * where the original closes the reply channel without a value ("not found"). Numbers are the seed's.
 */
export const StorageRequestConstant = {
  SetBrokerOffset: 0,
  SetConsumerOffset: 1,
  SetConsumerOwner: 2,
  SetDeleteTopic: 3,
  SetDeleteGroup: 4,
  FetchClusters: 5,
  FetchConsumers: 6,
  FetchTopics: 7,
  FetchConsumer: 8,
  FetchTopic: 9,
  ClearConsumerOwners: 10,
  FetchConsumersForTopic: 11
} as const

export type StorageRequestConstant = (typeof StorageRequestConstant)[keyof typeof StorageRequestConstant]
type Code = typeof StorageRequestConstant

const requestTexts = [
  'StorageSetBrokerOffset',
  'StorageSetConsumerOffset',
  'StorageSetConsumerOwner',
  'StorageSetDeleteTopic',
  'StorageSetDeleteGroup',
  'StorageFetchClusters',
  'StorageFetchConsumers',
  'StorageFetchTopics',
  'StorageFetchConsumer',
  'StorageFetchTopic',
  'StorageClearConsumerOwners',
  'StorageFetchConsumersForTopic'
] as const

/** `StorageFetchTopic` for 9 and so on; `UNKNOWN` for a number outside the table. For logs. */
export function storageRequestToText(type: number): string {
  return requestTexts[type] ?? 'UNKNOWN'
}

/** The end offset of one partition. The topic grows to `topicPartitionCount` partitions; it never shrinks. */
export interface SetBrokerOffset {
  readonly type: Code['SetBrokerOffset']
  readonly cluster: string
  readonly topic: string
  readonly partition: number
  readonly topicPartitionCount: number
  readonly offset: number
  readonly timestampMs: number
}

/** A group committed `offset`. `order` is the place of the commit record itself; commits can arrive out of order. */
export interface SetConsumerOffset {
  readonly type: Code['SetConsumerOffset']
  readonly cluster: string
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly order: number
  readonly timestampMs: number
}

/** The member that owns a partition; both strings overwrite what was there, empty ones too. */
export interface SetConsumerOwner {
  readonly type: Code['SetConsumerOwner']
  readonly cluster: string
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly owner: string
  readonly clientId: string
}

/** Removes a topic, its end offsets and every group's windows on it. */
export interface SetDeleteTopic {
  readonly type: Code['SetDeleteTopic']
  readonly cluster: string
  readonly topic: string
}

/** Removes a group, or only one topic of it; without any topic left the group goes too. */
export interface SetDeleteGroup {
  readonly type: Code['SetDeleteGroup']
  readonly cluster: string
  readonly group: string
  readonly topic?: string
}

/** Empties owner and client id in every partition of the group. */
export interface ClearConsumerOwners {
  readonly type: Code['ClearConsumerOwners']
  readonly cluster: string
  readonly group: string
}

export interface FetchClusters {
  readonly type: Code['FetchClusters']
}

export interface FetchConsumers {
  readonly type: Code['FetchConsumers']
  readonly cluster: string
}

export interface FetchTopics {
  readonly type: Code['FetchTopics']
  readonly cluster: string
}

/** Deletes the group and answers null if its newest commit is older than `expire-group`. */
export interface FetchConsumer {
  readonly type: Code['FetchConsumer']
  readonly cluster: string
  readonly group: string
}

export interface FetchTopic {
  readonly type: Code['FetchTopic']
  readonly cluster: string
  readonly topic: string
}

export interface FetchConsumersForTopic {
  readonly type: Code['FetchConsumersForTopic']
  readonly cluster: string
  readonly topic: string
}

export type StorageCommand =
  | SetBrokerOffset
  | SetConsumerOffset
  | SetConsumerOwner
  | SetDeleteTopic
  | SetDeleteGroup
  | ClearConsumerOwners

export type StorageQuery =
  | FetchClusters
  | FetchConsumers
  | FetchTopics
  | FetchConsumer
  | FetchTopic
  | FetchConsumersForTopic

export type StorageRequest = StorageCommand | StorageQuery

/** What each query is answered with. null = cluster, topic or group not known. */
export interface StorageReplies {
  /** Names of the configured clusters. */
  [StorageRequestConstant.FetchClusters]: readonly string[]
  [StorageRequestConstant.FetchConsumers]: readonly string[] | null
  [StorageRequestConstant.FetchTopics]: readonly string[] | null
  [StorageRequestConstant.FetchConsumer]: ConsumerTopics | null
  /** Newest end offset by partition; -1 where it is not known (spec 09, B3). */
  [StorageRequestConstant.FetchTopic]: readonly number[] | null
  /** Groups with the topic in their data; [] for a topic that nobody consumes, or that does not exist. */
  [StorageRequestConstant.FetchConsumersForTopic]: readonly string[] | null
}

export type StorageReply<Q extends StorageQuery> = StorageReplies[Q['type']]
