import type { Api, Call } from '../api.ts'
import { KafkaError } from '../error-codes.ts'
import type { AbortedTransaction, PartitionLog } from '../partition-log.ts'

const readCommitted = 1

/** Without fetch sessions (KIP-227): every request is a full one, the session id in the answer is 0. */
export const fetch: Api = {
  key: 1,
  name: 'Fetch',
  minVersion: 4,
  maxVersion: 12,
  flexibleFrom: 12,
  async handle(call) {
    const wanted = readRequest(call)
    let found = readLogs(call, wanted)
    if (found.bytes < wanted.minBytes && !found.failed && wanted.maxWaitMs > 0) {
      const logs = found.partitions.flatMap(({ log }) => (log ? [log] : []))
      await untilAppended(logs, wanted.maxWaitMs, call.closed, () => {
        found = readLogs(call, wanted)
        return found.bytes >= wanted.minBytes
      })
    }
    writeReply(call, wanted, found)
    return undefined
  }
}

interface WantedPartition {
  readonly index: number
  readonly leaderEpoch: number
  readonly offset: number
  readonly maxBytes: number
}
interface Wanted {
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly isolation: number
  readonly sessionId: number
  readonly topics: readonly { readonly name: string; readonly partitions: readonly WantedPartition[] }[]
}

function readRequest({ version, request }: Call): Wanted {
  request.int32() // replica
  const maxWaitMs = request.int32()
  const minBytes = request.int32()
  const maxBytes = request.int32()
  const isolation = request.int8()
  const sessionId = version >= 7 ? request.int32() : 0
  if (version >= 7) request.int32() // session epoch
  const topics = request.array(() => {
    const name = request.string()
    const partitions = request.array(() => {
      const index = request.int32()
      const leaderEpoch = version >= 9 ? request.int32() : -1
      const offset = request.int64()
      if (version >= 12) request.int32() // epoch of the last record fetched
      if (version >= 5) request.int64() // log start offset of a follower
      const partition = { index, leaderEpoch, offset, maxBytes: request.int32() }
      request.tags()
      return partition
    })
    request.tags()
    return { name, partitions }
  })
  return { maxWaitMs, minBytes, maxBytes, isolation, sessionId, topics }
}

interface FoundPartition {
  readonly index: number
  readonly error: number
  readonly log: PartitionLog | undefined
  readonly records: Buffer
  readonly aborted: readonly AbortedTransaction[] | null
}
interface Found {
  readonly bytes: number
  readonly failed: boolean
  /** In the order of the request, over all topics. */
  readonly partitions: readonly FoundPartition[]
}

const nothing = Buffer.alloc(0)

function readLogs(call: Call, wanted: Wanted): Found {
  let bytes = 0
  let failed = false
  const partitions = wanted.topics.flatMap(({ name, partitions }) =>
    partitions.map(each => {
      const found = readLog(call, name, each, wanted, bytes)
      bytes += found.records.length
      failed ||= found.error !== KafkaError.none
      return found
    })
  )
  return { bytes, failed, partitions }
}

function readLog(call: Call, name: string, wanted: WantedPartition, all: Wanted, bytesBefore: number): FoundPartition {
  const { cluster, brokerId } = call
  const { index, offset } = wanted
  const error = call.forcedErrorAt(name, index) || cluster.leaderError(name, index, brokerId, wanted.leaderEpoch)
  if (error !== KafkaError.none) return { index, error, log: undefined, records: nothing, aborted: null }
  const { log } = cluster.topic(name)!.partitions[index]!
  if (offset < log.startOffset || offset > log.endOffset) {
    return { index, error: KafkaError.offsetOutOfRange, log, records: nothing, aborted: null }
  }
  const committedOnly = all.isolation === readCommitted
  const before = committedOnly ? log.lastStableOffset : log.endOffset
  const records = log.read(offset, Math.min(wanted.maxBytes, all.maxBytes - bytesBefore), bytesBefore === 0, before)
  return { index, error, log, records, aborted: committedOnly ? log.abortedBetween(offset, before) : null }
}

function writeReply({ version, reply }: Call, wanted: Wanted, found: Found): void {
  let next = 0
  reply.int32(0) // throttle
  if (version >= 7) {
    reply.int16(wanted.sessionId === 0 ? KafkaError.none : KafkaError.fetchSessionIdNotFound)
    reply.int32(0) // session id
  }
  reply.array(wanted.topics, ({ name, partitions }) => {
    reply.string(name)
    reply.array(partitions, () => {
      const { index, error, log, records, aborted } = found.partitions[next++]!
      reply.int32(index)
      reply.int16(error)
      reply.int64(log?.endOffset ?? -1)
      reply.int64(log?.lastStableOffset ?? -1)
      if (version >= 5) reply.int64(log?.startOffset ?? -1)
      if (aborted === null) reply.arrayLength(-1)
      else {
        reply.array(aborted, ({ producerId, firstOffset }) => {
          reply.int64(producerId)
          reply.int64(firstOffset)
          reply.tags()
        })
      }
      if (version >= 11) reply.int32(-1) // preferred replica
      reply.bytesLength(records.length)
      reply.raw(records)
      reply.tags()
    })
    reply.tags()
  })
  reply.tags()
}

/** Ends when `enough` says so after an append to one of the logs, after `maxWaitMs`, or when the client is gone. */
function untilAppended(
  logs: readonly PartitionLog[],
  maxWaitMs: number,
  closed: AbortSignal,
  enough: () => boolean
): Promise<void> {
  return new Promise(resolve => {
    let looking = false
    let ended = false
    const look = () => {
      if (looking) return
      looking = true
      // Appends of one turn are seen together, not one by one.
      setImmediate(() => {
        looking = false
        if (!ended && enough()) end()
      })
    }
    const forget = logs.map(log => log.onAppend(look))
    const end = () => {
      ended = true
      clearTimeout(timer)
      closed.removeEventListener('abort', end)
      for (const each of forget) each()
      resolve()
    }
    const timer = setTimeout(end, maxWaitMs)
    closed.addEventListener('abort', end, { once: true })
  })
}
