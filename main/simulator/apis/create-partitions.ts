import type { Api, Call } from '../api.ts'
import { KafkaError } from '../error-codes.ts'

export const createPartitions: Api = {
  key: 37,
  name: 'CreatePartitions',
  minVersion: 0,
  maxVersion: 3,
  flexibleFrom: 2,
  handle(call) {
    const { request, reply } = call
    const wanted = request.array(() => {
      const name = request.string()
      const total = request.int32()
      request.array(() => {
        request.array(() => request.int32())
        request.tags()
      })
      request.tags()
      return { name, total }
    })
    request.int32() // timeout
    const onlyCheck = request.bool()

    reply.int32(0) // throttle
    reply.array(wanted, ({ name, total }) => {
      reply.string(name)
      reply.int16(grow(call, name, total, onlyCheck))
      reply.string(null)
      reply.tags()
    })
    reply.tags()
    return undefined
  }
}

function grow({ cluster, forcedError }: Call, name: string, total: number, onlyCheck: boolean): number {
  if (forcedError !== KafkaError.none) return forcedError
  const topic = cluster.topic(name)
  if (!topic) return KafkaError.unknownTopicOrPartition
  if (total <= topic.partitions.length) return KafkaError.invalidPartitions
  if (!onlyCheck) cluster.addPartitions(name, total)
  return KafkaError.none
}
