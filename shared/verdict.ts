import { deserialize, serialize } from 'node:v8'
import type { ConsumerGroupStatus, PartitionStatus } from './protocol/consumer.ts'

/** Partitions that a short text about a group names. */
export const worstPartitionsMax = 10
/** Of more partitions than these a verdict is packed: of so many the objects cost main some tenths of a millisecond. */
export const unpackedPartitionsMax = 100

/**
 * A verdict on a group on its way through main. Of many partitions it is bytes, which main passes on without making objects of them: a
 * partition is up to three, and of thousands main would be held for milliseconds. Of few, bytes would cost more.
 */
export interface Verdict {
  /** What main looks at. Of a packed verdict its `partitions` are only the `worstPartitionsMax` with the largest lag. */
  readonly head: ConsumerGroupStatus
  /** How many partitions the whole verdict shows: all, or those worse than OK. */
  readonly shownPartitions: number
  /** The whole ConsumerGroupStatus, by the structured clone of V8; null: it is `head`. */
  readonly packed: Uint8Array<ArrayBuffer> | null
}

/** Takes microseconds for each partition. Any thread, but main for groups of any size. */
export function packVerdict(status: ConsumerGroupStatus): Verdict {
  const shownPartitions = status.partitions.length
  if (shownPartitions <= unpackedPartitionsMax) return { head: status, shownPartitions, packed: null }
  const head = { ...status, partitions: worstOf(status.partitions) }
  return { head, shownPartitions, packed: serialize(status) as Uint8Array<ArrayBuffer> }
}

/** The whole verdict. Takes microseconds for each partition. Any thread, but main for groups of any size. */
export function unpackVerdict({ head, packed }: Verdict): ConsumerGroupStatus {
  return packed ? deserialize(packed) : head
}

/** Those to name, the largest lag first, else in the order of the verdict. */
export function worstOf(partitions: readonly PartitionStatus[]): readonly PartitionStatus[] {
  return partitions.toSorted((a, b) => b.currentLag - a.currentLag).slice(0, worstPartitionsMax)
}
