import { appliedToIndex, resumeFromIndex, startAtIndex } from '../../shared/actor/position-table.ts'
import { GroupMembers } from './group-members.ts'
import { type HoldBudget, OpenTransactions } from './transactions.ts'

/** Before the end of a walk, and after everything in it. */
export const endStep = 1 / 256

/**
 * How far one partition of an offsets topic has been read, and for whom. Kafka threads; one owner, the reader.
 *
 * Positions are offsets of the partition. A record takes effect at an *effective position*, in the order of which everything
 * is sent; for a shard, everything below `sentTo` has been sent and nothing at or above it:
 *
 *   a commit, owners of a classic group    its own offset
 *   a commit in a transaction              offset of the marker + (its index in the transaction / 4096, rounded down) / 128
 *   a deletion decided at a batch's end    last offset of the batch + 1/2
 *   owners of a KIP-848 group              where the walk ended - 1/256; not always in the same place when read again, but they
 *                                          may be told twice, and are kept until they could be told
 *
 * The fractions are exact up to 2^45 and let a batch end inside a long transaction: what a shard has said to have applied is always
 * just what it has.
 */
export class OffsetsPartition {
  readonly partition: number
  readonly transactions: OpenTransactions
  readonly members: GroupMembers
  /** Group tombstones in the batch that is being read, whose groups may yet turn out to live on (spec 09, E5). */
  readonly tombstones: GroupTombstone[] = []
  /** By shard. */
  readonly sentTo: Float64Array
  /** Next offset to fetch, -1 = not decided yet. */
  position = -1
  /** Changes when the position was set anew: an answer to an older fetch is worth nothing. */
  turn = 0
  leader = -1
  /** End of the partition when reading (re)started: caught up when every shard is past it. -1 = not known yet. */
  target = -1
  maxBytes = 0
  /** It is left alone until then (ms since the epoch). */
  restUntilMs = 0
  /** Where a commit waits for its topic, -1 = none does. */
  waitingAt = -1
  /** Walks in a row that gave nothing but refusals. */
  refusedWalks = 0

  /** Budgets are shared by the partitions of a reader: commits in open transactions, members of groups. */
  constructor(partition: number, shards: number, held: HoldBudget, members: HoldBudget) {
    this.partition = partition
    this.transactions = new OpenTransactions(held)
    this.members = new GroupMembers(members)
    this.sentTo = new Float64Array(shards)
  }

  /** Where reading must begin again after a crash that happens now, with everything below `at` applied. */
  resumeFrom(at: number): number {
    const tombstone = this.tombstones[0]?.offset ?? Number.POSITIVE_INFINITY
    return Math.min(at, this.transactions.oldestOffset, this.members.oldestOffset, tombstone)
  }

  /** Begins at what the shards have applied; `startAt` must be in the table. */
  restore(table: Float64Array): void {
    let from = Number.POSITIVE_INFINITY
    for (let shard = 0; shard < this.sentTo.length; shard++) {
      this.sentTo[shard] = orStart(table, appliedToIndex(shard, this.partition), this.partition)
      from = Math.min(from, orStart(table, resumeFromIndex(shard, this.partition), this.partition))
    }
    this.goTo(Math.floor(from))
  }

  /** The shard begins empty: reads again from the start for it; the others get nothing twice. */
  refill(shard: number, startAt: number): void {
    this.sentTo[shard] = startAt
    this.goTo(startAt)
  }

  /** `offset` is at or below everything that is held, or what is held is lost anyway. */
  goTo(offset: number): void {
    this.transactions.clear()
    this.members.clear()
    this.tombstones.length = 0
    this.position = offset
    this.waitingAt = -1
    this.restUntilMs = 0
    this.turn++
  }
}

export interface GroupTombstone {
  readonly group: string
  readonly offset: number
  /** The record that was written right after it, or the end of the batch, was seen. */
  isFollowed: boolean
}

function orStart(table: Float64Array, index: number, partition: number): number {
  const value = table[index]!
  return value >= 0 ? value : Math.max(0, table[startAtIndex(partition)]!)
}
