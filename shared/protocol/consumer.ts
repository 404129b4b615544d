import type { StatusConstant } from './status.ts'

/**
 * What is known of a group: offsets, partitions, topics, and the verdict on them (spec 01 section 5).
 * Plain data, safe to send between threads. Offsets, orders, lags and times are integers within ±(2^53 - 1); what a
 * broker sends beyond that was refused and counted where it entered. JSON forms are in `json.ts`.
 */

/** One commit in a window. */
export interface ConsumerOffset {
  readonly offset: number
  /** Place of the commit record in its partition of the offsets topic; ordering is by this alone. Not in JSON. */
  readonly order: number
  /** When the group committed, ms since the epoch, as the broker stored it. */
  readonly timestampMs: number
  /** When this process stored it, ms since the epoch, whole seconds. */
  readonly observedTimestampMs: number
  /** Records the group was behind at the time of the commit, never below 0; null = not known (came out of order). */
  readonly lag: number | null
}

/** One partition of one group. */
export interface ConsumerPartition {
  /** Oldest first, always `intervals` long, empty places (null) in front; [] if nothing was ever committed here. */
  readonly offsets: readonly (ConsumerOffset | null)[]
  /** End offsets of the partition, oldest first, at most `intervals`. Not in JSON. */
  readonly brokerOffsets: readonly number[]
  /** Host that owns the partition, '' if not known. */
  readonly owner: string
  readonly clientId: string
  /** Newest end offset minus last committed offset, never below 0. */
  readonly currentLag: number
}

/** Index = partition; no holes. */
export type ConsumerPartitions = readonly ConsumerPartition[]

/** Topic name to its partitions. JSON sorts the names by their UTF-8 bytes, as Go sorts map keys. */
export type ConsumerTopics = ReadonlyMap<string, ConsumerPartitions>

/** Verdict on one partition. */
export interface PartitionStatus {
  readonly topic: string
  readonly partition: number
  readonly owner: string
  readonly clientId: string
  readonly status: StatusConstant
  /** Oldest and newest commit in the window; both null when there is none. */
  readonly start: ConsumerOffset | null
  readonly end: ConsumerOffset | null
  readonly currentLag: number
  /** Share of the window that is filled, 0..1, as a 32-bit float. */
  readonly complete: number
}

/** Verdict on a group: the reply to an EvaluatorRequest. */
export interface ConsumerGroupStatus {
  readonly cluster: string
  readonly group: string
  readonly status: StatusConstant
  /** Share of partitions whose window is full, 0..1, as a 32-bit float. */
  readonly complete: number
  /** All partitions, or only those worse than OK, by topic and then number (spec 09, C8). */
  readonly partitions: readonly PartitionStatus[]
  /** Partitions that the group is known to have, whatever `partitions` shows. */
  readonly totalPartitions: number
  /** The first partition, in that order, with the largest current lag; null for a group without partitions. */
  readonly maxlag: PartitionStatus | null
  readonly totalLag: number
}
