import { batchBytesMax, firstBatchBytes } from '../../shared/codec/record-batch.ts'
import { BurrowError } from '../../shared/errors.ts'
import { errorName } from '../../shared/kafka-api/error-codes.ts'
import { decodeFetch, encodeFetchRequest, type FetchedPartition, fetchApi } from '../../shared/kafka-api/fetch.ts'
import type { ClusterClient } from './cluster-client.ts'
import type { OffsetsPartition } from './offsets-partition.ts'

/** How long a broker may wait for records (spec 06 section 2.1). */
export const waitMs = 500
/**
 * The same once it had nothing to tell for a while. It answers at once when there is something; what has to wait is a partition that
 * moves to such a broker, or that must be read again.
 */
export const quietWaitMaxMs = 4_000

/** The wait after an answer with so many bytes of records to a request that waited for `lastMs`. `isWhole`: it named all partitions that the broker leads. */
export function nextWaitMs(lastMs: number, bytes: number, isWhole: boolean): number {
  return bytes === 0 && isWhole ? Math.min(lastMs * 2, quietWaitMaxMs) : waitMs
}
const minBytes = 1
/** For one partition; more once a batch was seen that needs it. */
export const partitionBytes = 1024 * 1024
/** Of one answer: walking it takes a few milliseconds to some tens. */
export const answerBytes = 4 * 1024 * 1024

/** What was fetched for a partition. Only good while `isWanted`: other things go on while an answer waits. */
export interface Fetched {
  readonly p: OffsetsPartition
  readonly turn: number
  readonly offset: number
  readonly found: FetchedPartition
  /** It came first in the request with room for its first batch, and that batch is cut all the same: its length lies. */
  readonly isCutForGood: boolean
}

/** Whether the partition is still where it was when the fetch was sent. */
export function isWanted({ p, turn, offset }: Fetched): boolean {
  return p.turn === turn && p.position === offset
}

/**
 * One round trip: the next records of these partitions from the broker that leads them. Rejects with BurrowError; one that cannot be decoded ends the link.
 */
export async function fetchOnce(
  client: ClusterClient,
  nodeId: number,
  topic: string,
  partitions: readonly OffsetsPartition[],
  maxWaitMs: number
): Promise<Fetched[]> {
  // Brokers give the whole first batch to the partition that is first; one with a batch that is too big must have its turn.
  const wanted = [...partitions].sort((a, b) => b.maxBytes - a.maxBytes)
  const asked = wanted.map(p => ({
    p,
    turn: p.turn,
    offset: p.position,
    maxBytes: Math.max(partitionBytes, p.maxBytes)
  }))
  const { bytes, version } = await client.send(
    nodeId,
    fetchApi,
    each =>
      encodeFetchRequest(each, {
        topic,
        maxWaitMs,
        minBytes,
        maxBytes: Math.max(answerBytes, asked[0]?.maxBytes ?? 0),
        partitions: asked.map(({ p, offset, maxBytes }) => ({ partition: p.partition, offset, maxBytes }))
      }),
    maxWaitMs
  )
  const answer = decoded(client, nodeId, bytes, version)
  if (answer.errorCode !== 0) {
    throw new BurrowError('BROKER_ERROR', `broker ${nodeId} answers Fetch with ${errorName(answer.errorCode)}`, {
      nodeId
    })
  }
  const foundByPartition = new Map<number, FetchedPartition>()
  for (const found of answer.partitions) if (found.topic === topic) foundByPartition.set(found.partition, found)
  return asked.flatMap(({ p, turn, offset, maxBytes }, index) => {
    const found = foundByPartition.get(p.partition)
    if (!found || p.leader !== nodeId) return []
    const first = firstBatchBytes(found.records)
    const isCut = first > found.records.length
    if (isCut) p.maxBytes = Math.min(first, batchBytesMax)
    else p.maxBytes = 0
    return [{ p, turn, offset, found, isCutForGood: isCut && index === 0 && maxBytes >= first }]
  })
}

function decoded(client: ClusterClient, nodeId: number, bytes: Uint8Array, version: number) {
  try {
    return decodeFetch(bytes, version)
  } catch (error) {
    client.distrust(nodeId)
    throw error
  }
}
