import type { Api, Call } from '../api.ts'
import { KafkaError } from '../error-codes.ts'

/** Assignments by hand count only as a number of partitions; configuration is taken and not kept. */
export const createTopics: Api = {
  key: 19,
  name: 'CreateTopics',
  minVersion: 2,
  maxVersion: 5,
  flexibleFrom: 5,
  handle(call) {
    const { version, request, reply } = call
    const wanted = request.array(() => {
      const name = request.string()
      const count = request.int32()
      request.int16() // replication factor
      const assigned = request.array(() => {
        request.int32()
        request.array(() => request.int32())
        request.tags()
      })
      request.array(() => {
        request.string()
        request.nullableString()
        request.tags()
      })
      request.tags()
      return { name, partitions: assigned.length || (count === -1 ? 1 : count) }
    })
    request.int32() // timeout
    const onlyCheck = request.bool()

    reply.int32(0) // throttle
    reply.array(wanted, ({ name, partitions }) => {
      reply.string(name)
      reply.int16(create(call, name, partitions, onlyCheck))
      reply.string(null)
      if (version >= 5) {
        reply.int32(partitions)
        reply.int16(call.cluster.brokers.length)
        reply.arrayLength(0) // settings
      }
      reply.tags()
    })
    reply.tags()
    return undefined
  }
}

function create({ cluster, forcedError }: Call, name: string, partitions: number, onlyCheck: boolean): number {
  if (forcedError !== KafkaError.none) return forcedError
  if (!/^[\w.-]{1,249}$/.test(name)) return KafkaError.invalidTopic
  if (cluster.topic(name)) return KafkaError.topicAlreadyExists
  if (partitions < 1) return KafkaError.invalidPartitions
  if (!onlyCheck) cluster.createTopic(name, partitions)
  return KafkaError.none
}
