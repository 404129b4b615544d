import type { Api, Call } from '../api.ts'
import { KafkaError } from '../error-codes.ts'
import { firstOffsetSince } from '../first-offset-since.ts'

const latest = -1
const earliest = -2
const newestRecord = -3
const readCommitted = 1

/**
 * Timestamp -1 = end (the last stable offset for readers of committed records), -2 = start,
 * -3 = the record with the newest time (KIP-734), else the first record at or after it.
 */
export const listOffsets: Api = {
  key: 2,
  name: 'ListOffsets',
  minVersion: 1,
  maxVersion: 7,
  flexibleFrom: 6,
  handle(call) {
    const { version, request, reply } = call
    request.int32() // replica
    const isolation = version >= 2 ? request.int8() : 0
    const topics = request.array(() => {
      const name = request.string()
      const partitions = request.array(() => {
        const index = request.int32()
        const leaderEpoch = version >= 4 ? request.int32() : -1
        const timestampMs = request.int64()
        request.tags()
        return { index, leaderEpoch, timestampMs }
      })
      request.tags()
      return { name, partitions }
    })

    if (version >= 2) reply.int32(0) // throttle
    reply.array(topics, ({ name, partitions }) => {
      reply.string(name)
      reply.array(partitions, ({ index, leaderEpoch, timestampMs }) => {
        const found = lookUp(call, name, index, leaderEpoch, timestampMs, isolation)
        reply.int32(index)
        reply.int16(found.error)
        reply.int64(found.timestampMs)
        reply.int64(found.offset)
        if (version >= 4) reply.int32(found.leaderEpoch)
        reply.tags()
      })
      reply.tags()
    })
    reply.tags()
    return undefined
  }
}

function lookUp(
  call: Call,
  name: string,
  index: number,
  leaderEpoch: number,
  timestampMs: number,
  isolation: number
): { error: number; timestampMs: number; offset: number; leaderEpoch: number } {
  const none = { timestampMs: -1, offset: -1, leaderEpoch: -1 }
  const { cluster, brokerId } = call
  const error = call.forcedErrorAt(name, index) || cluster.leaderError(name, index, brokerId, leaderEpoch)
  if (error !== KafkaError.none) return { error, ...none }
  const partition = cluster.topic(name)!.partitions[index]!
  const { log } = partition
  const answer = { error, timestampMs: -1, leaderEpoch: partition.leaderEpoch }
  if (timestampMs === latest) {
    return { ...answer, offset: isolation === readCommitted ? log.lastStableOffset : log.endOffset }
  }
  if (timestampMs === earliest) return { ...answer, offset: log.startOffset }
  const first = firstOffsetSince(log, timestampMs === newestRecord ? log.newestTimestampMs() : timestampMs)
  return first ? { ...answer, ...first } : { error, ...none }
}
