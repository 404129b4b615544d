import { BurrowError } from '../../shared/errors.ts'
import { OffsetOf } from '../../shared/kafka-api/list-offsets.ts'
import type { ClusterClient } from './cluster-client.ts'
import { lookUpOffsets } from './offset-lookup.ts'
import type { OffsetsPartition } from './offsets-partition.ts'

/** Told where a partition begins to be read if nothing was read yet, and where it ends now. */
export type OnStart = (p: OffsetsPartition, start: number, end: number) => void

/**
 * Finds first and end offsets of all partitions that have a leader and were not told before. Rejects with BurrowError if some are left;
 * what was found has been told all the same.
 */
export async function findStarts(
  client: ClusterClient,
  topic: string,
  partitions: readonly OffsetsPartition[],
  beginsAtEnd: boolean,
  onStart: OnStart
): Promise<void> {
  const open = partitions.filter(p => p.position < 0 || p.target < 0)
  const results = await Promise.allSettled(
    [...groupByLeader(open)].map(async ([nodeId, led]) => {
      const numbers = led.map(p => p.partition)
      const ends = await lookUpOffsets(client, nodeId, topic, numbers, OffsetOf.end)
      const starts = beginsAtEnd ? ends : await lookUpOffsets(client, nodeId, topic, numbers, OffsetOf.start)
      tellStarts(led, starts, ends, onStart)
    })
  )
  for (const result of results) if (result.status === 'rejected') throw result.reason
  const leaderless = partitions.filter(p => p.leader < 0).map(p => p.partition)
  if (leaderless.length > 0) {
    throw new BurrowError('BROKER_ERROR', `offsets partitions without a leader: ${leaderless.join(', ')}`)
  }
}

function tellStarts(
  partitions: readonly OffsetsPartition[],
  starts: ReadonlyMap<number, number | string>,
  ends: ReadonlyMap<number, number | string>,
  onStart: OnStart
): void {
  let error = ''
  for (const p of partitions) {
    const end = ends.get(p.partition) ?? 'no answer'
    const start = starts.get(p.partition) ?? 'no answer'
    if (typeof end === 'number' && typeof start === 'number') onStart(p, start, end)
    else error = `offsets partition ${p.partition}: ${typeof end === 'string' ? end : start}`
  }
  if (error !== '') throw new BurrowError('BROKER_ERROR', error)
}

function groupByLeader(partitions: readonly OffsetsPartition[]): Map<number, OffsetsPartition[]> {
  const byLeader = new Map<number, OffsetsPartition[]>()
  for (const p of partitions) {
    if (p.leader < 0) continue
    const list = byLeader.get(p.leader)
    if (list) list.push(p)
    else byLeader.set(p.leader, [p])
  }
  return byLeader
}
