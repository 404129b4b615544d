import type { Api, Call } from '../api.ts'
import { KafkaError } from '../error-codes.ts'

export const deleteTopics: Api = {
  key: 20,
  name: 'DeleteTopics',
  minVersion: 1,
  maxVersion: 5,
  flexibleFrom: 4,
  handle(call) {
    const { version, request, reply } = call
    const names = request.array(() => request.string())

    reply.int32(0) // throttle
    reply.array(names, name => {
      reply.string(name)
      reply.int16(remove(call, name))
      if (version >= 5) reply.string(null)
      reply.tags()
    })
    reply.tags()
    return undefined
  }
}

function remove({ cluster, forcedError }: Call, name: string): number {
  if (forcedError !== KafkaError.none) return forcedError
  const topic = cluster.topic(name)
  if (!topic) return KafkaError.unknownTopicOrPartition
  if (topic.internal) return KafkaError.invalidTopic
  cluster.deleteTopic(name)
  return KafkaError.none
}
