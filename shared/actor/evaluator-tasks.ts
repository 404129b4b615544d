import type { ErrorCode } from '../errors.ts'
import type { FamilyName } from '../metrics/families.ts'
import type { FigureBlock } from '../metrics/figure-block.ts'
import type { StatusConstant } from '../protocol/status.ts'
import type { Verdict } from '../verdict.ts'

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
  | ExplainPage

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

/** The protocol's EvaluatorRequest: the answer is a verdict that main can pass on as it is. */
export interface EvaluateRequest {
  readonly page: 'evaluate'
  readonly cluster: string
  readonly group: string
  readonly showAll: boolean
}

/** Why a group's verdict, or that on one of its partitions, is what it is: a GroupExplanation or PartitionExplanation as JSON. */
export interface ExplainPage {
  readonly page: 'explain'
  readonly cluster: string
  readonly group: string
  /** Null = the whole group. */
  readonly only: { readonly topic: string; readonly partition: number } | null
  /** How often the cluster's end offsets are looked at; only main knows. */
  readonly endOffsetSeconds: number
}

export type TaskRequest = PageRequest | MetricsRequest | ClusterListStep | FeedStep

/** The steps of a list of all groups of a cluster (main/evaluator/cluster-lists.ts), after MetricsGroups. */
export type ClusterListStep = GroupRows | GroupList

/** Judges the groups of a list from its `from`-th on; stops early as MetricsFigures does. */
export interface GroupRows {
  readonly page: 'group-rows'
  readonly list: Uint8Array
  readonly from: number
  readonly filter: GroupListFilter
  /** Rows after these many cannot be shown: what is further back in one list is further back in all. */
  readonly rowsMax: number
}

export interface GroupListFilter {
  /** Part of the group's name, in any case; '' = all. */
  readonly search: string
  /** Groups that are at least as bad. */
  readonly worseOrEqual: StatusConstant
  /** Without: worst first. */
  readonly sort?: GroupOrder
}
/** Largest lag first; by name; longest without a commit first. */
export type GroupOrder = 'lag' | 'name' | 'commit'

/** Puts the rows of all blocks in order, worst first, and writes the JSON. */
export interface GroupList {
  readonly page: 'group-list'
  readonly cluster: string
  readonly blocks: readonly RowBlock[]
  readonly offset: number
  readonly limit: number
}

/**
 * Rows of groups, finished as JSON, and what they are sorted by. Transferred to main and on to the thread that puts rows in order; never
 * shared, since shared memory does not count for the garbage collector and would pile up.
 *
 *    keys   | first | second | end of the row in `text` | ...      doubles; larger ones come first; worst first: status, total lag
 *    text   | row 0 | row 1 | ...
 */
export interface RowBlock {
  readonly keys: Float64Array
  readonly text: Uint8Array
  /** Judged; by status, OK, WARN, ERR. Without regard to `worseOrEqual`, but only what the search finds. */
  readonly counts: readonly [number, number, number]
  /** Groups that the filter lets through; some may not be in the block (`rowsMax`). */
  readonly matched: number
}
export const rowKeyF64 = { first: 0, second: 1, end: 2, words: 3 } as const

/** The steps of a pass over a cluster for `/v3/events` (main/feed/README.md), after MetricsGroups. */
export type FeedStep = GroupChanges | GroupsGone | TopicCount

/** Judges the groups of a list from its `from`-th on, for the rows that have changed; stops early as MetricsFigures does. */
export interface GroupChanges {
  readonly page: 'group-changes'
  readonly list: Uint8Array
  readonly from: number
  /** What was last said of the groups (row-table.ts); becomes what is said now. */
  readonly table: SharedArrayBuffer
  /** Rows wanted whose status has changed, and rows whose status is what it was. */
  readonly statusRowsMax: number
  readonly quietRowsMax: number
}

/** Which groups are in lists of the pass before and in none of this one. */
export interface GroupsGone {
  readonly page: 'groups-gone'
  readonly before: readonly Uint8Array[]
  readonly now: readonly Uint8Array[]
  readonly namesMax: number
}

export interface TopicCount {
  readonly page: 'topic-count'
  readonly cluster: string
}

/** Bytes of rows or names that one answer to a FeedStep may have, and one event. */
export const changeBytesMax = 256 * 1024

/** The steps of a page of metrics (main/metrics/README.md), in this order. */
export type MetricsRequest = MetricsGroups | MetricsFigures | MetricsTopics | MetricsPart

/** Which groups there are: lists for MetricsFigures, in the order of the page. */
export interface MetricsGroups {
  readonly page: 'metrics-groups'
  readonly cluster: string
}

/** Judges the groups of a list, from its `from`-th on; stops early once `figuresPerRequestMax` partitions are reached. */
export interface MetricsFigures {
  readonly page: 'metrics-figures'
  readonly list: Uint8Array
  readonly from: number
  /** False: the figures of groups only, without their partitions. */
  readonly withPartitions: boolean
}

/** End offsets of all topics of a cluster; only their number if they are more than `partitionsMax`. */
export interface MetricsTopics {
  readonly page: 'metrics-topics'
  readonly cluster: string
  readonly partitionsMax: number
}

/** Lines of one family from blocks that came before. */
export interface MetricsPart {
  readonly page: 'metrics-part'
  /** Finished text that comes before the lines. */
  readonly head: Uint8Array
  /** Null = nothing but `head`. */
  readonly family: FamilyName | null
  readonly blocks: readonly FigureBlock[]
  readonly compress: boolean
}

/** Partitions judged for one MetricsFigures, before the group that goes beyond is finished: a millisecond or two. */
export const figuresPerRequestMax = 50_000
/** Groups in one list. */
export const groupsPerListMax = 256

export type PageResult =
  | { readonly kind: 'lists'; readonly lists: readonly Uint8Array[] }
  | MetricsFigureResult
  | MetricsPartResult
  | RowsResult
  | ChangesResult
  | GoneResult
  | { readonly kind: 'count'; readonly count: number }
  | BytesResult
  | { readonly kind: 'not-found' }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'error'; readonly code: ErrorCode; readonly message: string }

export interface BytesResult {
  readonly kind: 'bytes'
  /** Finished UTF-8 JSON of the value itself (no envelope); whoever has read it gives it back (lent-memory.ts). */
  readonly body: Uint8Array
  /** Only for status pages. */
  readonly status: number
  /** Put here by main's cache of verdicts (main/evaluator/status-cache.ts): until then, by the clock, it may be given again. */
  readonly validToMs?: number
}

/** Answers MetricsFigures and MetricsTopics. */
export interface MetricsFigureResult {
  readonly kind: 'figures'
  /** To be given back, all together, when no question about them is open (lent-memory.ts). */
  readonly blocks: readonly FigureBlock[]
  /** What is in the blocks, or would be: groups, partitions, and partitions whose window is full. */
  readonly groups: number
  readonly partitions: number
  readonly fullPartitions: number
  /** Where to go on in the list; null = it is done. */
  readonly next: number | null
}

export interface MetricsPartResult {
  readonly kind: 'part'
  /** Text, or a piece of a raw deflate stream that ends at a byte and is not the last (RFC 1951). To be given back (lent-memory.ts). */
  readonly body: Uint8Array
  /** Length and CRC-32 of the text, for the end of a gzip stream; 0 when not compressed. */
  readonly textBytes: number
  readonly crc: number
}

/** Answers GroupRows. */
export interface RowsResult {
  readonly kind: 'rows'
  readonly block: RowBlock
  /** Where to go on in the list; null = it is done. */
  readonly next: number | null
}

/**
 * Answers GroupChanges: rows as in a RowBlock, in the order of the list.
 *
 *    keys   | 1 = another status | status | total lag | end of the row in `text` | ...      doubles
 */
export interface ChangesResult {
  readonly kind: 'changes'
  readonly keys: Float64Array
  readonly text: Uint8Array
  /** All groups that were judged; by status, OK, WARN, ERR. */
  readonly counts: readonly [number, number, number]
  readonly totalLag: number
  /** Groups that have changed; not all need have a row. */
  readonly changed: number
  /** Where to go on in the list; null = it is done. */
  readonly next: number | null
}
export const changeKeyF64 = { statusChanged: 0, status: 1, totalLag: 2, end: 3, words: 4 } as const

/** Answers GroupsGone: a JSON array of names. */
export interface GoneResult {
  readonly kind: 'gone'
  readonly names: number
  readonly text: Uint8Array
  /** There are others, too many to be named. */
  readonly more: boolean
}

export interface EvaluatorTask {
  readonly requests: readonly TaskRequest[]
}
