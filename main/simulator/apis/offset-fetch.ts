import type { Api, Call } from '../api.ts'
import { KafkaError } from '../error-codes.ts'
import { coordinatorError } from '../groups/coordinator-error.ts'

interface WantedTopic {
  readonly name: string
  readonly partitions: readonly number[]
}

/** All of a group when no topics are named (version 2 on); several groups at once from version 8 (KIP-709). */
export const offsetFetch: Api = {
  key: 9,
  name: 'OffsetFetch',
  minVersion: 1,
  maxVersion: 8,
  flexibleFrom: 6,
  handle(call) {
    const { version, request, reply } = call
    const readGroup = () => {
      const name = request.string()
      const topics = request.nullableArray((): WantedTopic => {
        const topic = { name: request.string(), partitions: request.array(() => request.int32()) }
        request.tags()
        return topic
      })
      if (version >= 8) request.tags()
      return { name, topics }
    }
    const groups = version >= 8 ? request.array(readGroup) : [readGroup()]

    if (version >= 3) reply.int32(0) // throttle
    if (version >= 8) {
      reply.array(groups, ({ name, topics }) => {
        reply.string(name)
        writeGroup(call, name, topics)
        reply.tags()
      })
    } else writeGroup(call, groups[0]!.name, groups[0]!.topics)
    reply.tags()
    return undefined
  }
}

function writeGroup(call: Call, name: string, wanted: readonly WantedTopic[] | null): void {
  const { version, reply, cluster } = call
  const error = coordinatorError(call, name)
  const offsetsByTopic = cluster.groups.find(name)?.offsetsByTopic
  const everything = () =>
    [...(offsetsByTopic ?? [])].map(([topic, byPartition]) => ({ name: topic, partitions: [...byPartition.keys()] }))
  const topics = error === KafkaError.none ? (wanted ?? everything()) : version < 2 ? (wanted ?? []) : []
  reply.array(topics, topic => {
    reply.string(topic.name)
    reply.array(topic.partitions, partition => {
      const committed = offsetsByTopic?.get(topic.name)?.get(partition)
      reply.int32(partition)
      reply.int64(committed?.offset ?? -1)
      if (version >= 5) reply.int32(committed?.leaderEpoch ?? -1)
      reply.string(committed?.metadata ?? '')
      reply.int16(error || call.forcedErrorAt(topic.name, partition))
      reply.tags()
    })
    reply.tags()
  })
  if (version >= 2) reply.int16(error)
}
