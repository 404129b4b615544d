import { startAtIndex } from '../../shared/actor/position-table.ts'
import type { Counters } from '../../shared/counters.ts'
import { offsetsPartitionOf } from '../../shared/kafka-api/offsets-partition.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import { type StorageCommand, StorageRequestConstant } from '../../shared/protocol/storage.ts'
import type { OffsetsPartition } from './offsets-partition.ts'
import type { ReaderOutlet } from './reader-outlet.ts'
import type { SelfReport } from './self-report.ts'
import type { StorageSender } from './storage-sender.ts'

/** Deletions in one Commands message. */
const commandsMax = 1000

export interface LostPartitionOptions {
  readonly cluster: string
  readonly table: Float64Array
  readonly sender: StorageSender
  readonly outlet: ReaderOutlet
  readonly selfReport: SelfReport
  readonly counters: Counters
  readonly logger: Logger
}

/**
 * An offsets partition ends before our position: it was deleted and created again, or lost its end with its leader. What comes
 * now has lower orders than the windows have and would be refused for ever as old, so the groups that live in the partition are
 * deleted and it is read anew: what they committed and is not there any more, Kafka has forgotten too. Kafka threads.
 *
 * The groups are asked of the shards: a reader knows only those that committed since it began. Rejects with BurrowError if a shard
 * does not answer; then nothing was done. A thread that dies in the middle leaves a position that is out of range for its successor.
 *
 * `start` and `end` are the partition's now, `partitions` is how many the offsets topic has.
 */
export async function readLostPartitionAnew(
  p: OffsetsPartition,
  start: number,
  end: number,
  partitions: number,
  options: LostPartitionOptions
): Promise<void> {
  const { cluster, table, sender, outlet, selfReport } = options
  const { turn, partition } = p
  await sender.settled()
  const groupsByShard = await sender.groups(cluster)
  if (p.turn !== turn) return
  options.counters.add('offsets_partitions_lost')
  options.logger.warn('offsets partition ends before our position, reading it anew', {
    partition,
    position: p.position,
    start,
    end
  })
  for (const [shard, groups] of groupsByShard.entries()) {
    const lost = groups.filter(
      group => offsetsPartitionOf(group, partitions) === partition && group !== selfReport.group
    )
    for (let from = 0; from < lost.length; from += commandsMax) {
      const commands: StorageCommand[] = lost
        .slice(from, from + commandsMax)
        .map(group => ({ type: StorageRequestConstant.SetDeleteGroup, cluster, group }))
      sender.lanes[shard]!.commands(commands)
    }
  }
  const startAt = table[startAtIndex(partition)]!
  const from = startAt >= start && startAt <= end ? startAt : start
  table[startAtIndex(partition)] = from
  p.goTo(from)
  p.target = end
  p.sentTo.fill(from)
  selfReport.forget(p)
  for (const shard of p.sentTo.keys()) outlet.sayPosition(p, shard)
  await sender.settled()
}
