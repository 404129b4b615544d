import type { ConsumerGroupStatus } from '../protocol/consumer.ts'

/**
 * What main asks of the evaluator pool. One Piscina task carries all requests of one turn of main's event loop:
 * EvaluatorTask in, the results in the same order out.
 */
export type PageRequest =
  | StatusPage
  | ConsumerPage
  | ConsumersPage
  | TopicsPage
  | TopicPage
  | TopicConsumersPage
  | EvaluateRequest

/** `/status` (showAll false) and `/lag` (true): a ConsumerGroupStatus as JSON; always found, NOTFOUND is in the JSON. */
export interface StatusPage {
  readonly page: 'status'
  readonly cluster: string
  readonly group: string
  readonly showAll: boolean
}

/** Consumer detail: ConsumerTopics as JSON. */
export interface ConsumerPage {
  readonly page: 'consumer'
  readonly cluster: string
  readonly group: string
}

/** Names of groups, a JSON array, sorted. */
export interface ConsumersPage {
  readonly page: 'consumers'
  readonly cluster: string
}

export interface TopicsPage {
  readonly page: 'topics'
  readonly cluster: string
}

/** End offsets of a topic, a JSON array. */
export interface TopicPage {
  readonly page: 'topic'
  readonly cluster: string
  readonly topic: string
}

export interface TopicConsumersPage {
  readonly page: 'topic-consumers'
  readonly cluster: string
  readonly topic: string
}

/** The protocol's EvaluatorRequest: the answer is an object. */
export interface EvaluateRequest {
  readonly page: 'evaluate'
  readonly cluster: string
  readonly group: string
  readonly showAll: boolean
}

export type PageResult =
  /** Finished UTF-8 JSON of the value itself (no envelope); its buffer is transferred. `status` only for status pages. */
  | { readonly kind: 'bytes'; readonly body: Uint8Array; readonly status: number }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'status'; readonly status: ConsumerGroupStatus }
  /** A code of errors.ts, for example STORAGE_UNAVAILABLE. */
  | { readonly kind: 'error'; readonly code: string; readonly message: string }

export interface EvaluatorTask {
  readonly requests: readonly PageRequest[]
}
