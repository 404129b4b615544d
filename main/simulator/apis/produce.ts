import type { Api, Call } from '../api.ts'
import { KafkaError } from '../error-codes.ts'
import { batchHeaderBytes } from '../partition-log.ts'
import { WireError } from '../wire.ts'

/** Stores the batches as they come, with new base offsets. Only record format 2, hence from version 3 on. acks 0 is not answered. */
export const produce: Api = {
  key: 0,
  name: 'Produce',
  minVersion: 3,
  maxVersion: 9,
  flexibleFrom: 9,
  handle(call) {
    const { version, request, reply } = call
    request.nullableString() // transactional id
    const acks = request.int16()
    request.int32() // timeout
    const topics = request.array(() => {
      const name = request.string()
      const partitions = request.array(() => {
        const index = request.int32()
        const records = request.nullableBytes() ?? Buffer.alloc(0)
        request.tags()
        return { index, ...store(call, name, index, records) }
      })
      request.tags()
      return { name, partitions }
    })
    if (acks === 0) return 'noReply'

    reply.array(topics, ({ name, partitions }) => {
      reply.string(name)
      reply.array(partitions, ({ index, error, baseOffset, startOffset }) => {
        reply.int32(index)
        reply.int16(error)
        reply.int64(baseOffset)
        reply.int64(-1) // log append time
        if (version >= 5) reply.int64(startOffset)
        if (version >= 8) {
          reply.arrayLength(0) // errors by record
          reply.string(null)
        }
        reply.tags()
      })
      reply.tags()
    })
    reply.int32(0) // throttle
    reply.tags()
    return undefined
  }
}

function store(
  call: Call,
  topic: string,
  index: number,
  records: Buffer
): { error: number; baseOffset: number; startOffset: number } {
  const { cluster, brokerId } = call
  const error = call.forcedErrorAt(topic, index) || cluster.leaderError(topic, index, brokerId) || batchesError(records)
  if (error !== KafkaError.none) return { error, baseOffset: -1, startOffset: -1 }
  let baseOffset = -1
  for (const batch of splitBatches(records)) {
    const offset = cluster.appendBatch(topic, index, batch)
    if (baseOffset < 0) baseOffset = offset
  }
  return { error, baseOffset, startOffset: cluster.partition(topic, index).log.startOffset }
}

const magicAt = 16

function batchesError(records: Buffer): number {
  try {
    const batches = splitBatches(records)
    const isV2 = batches.length > 0 && batches.every(batch => batch.readInt8(magicAt) === 2)
    return isV2 ? KafkaError.none : KafkaError.unsupportedForMessageFormat
  } catch {
    return KafkaError.corruptMessage
  }
}

function splitBatches(records: Buffer): Buffer[] {
  const batches: Buffer[] = []
  for (let at = 0; at < records.length; ) {
    const size = records.length - at >= batchHeaderBytes ? 12 + records.readInt32BE(at + 8) : 0
    if (size < batchHeaderBytes || size > records.length - at) throw new WireError(`a batch of ${size} bytes`)
    batches.push(records.subarray(at, at + size))
    at += size
  }
  return batches
}
