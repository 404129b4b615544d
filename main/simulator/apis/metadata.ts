import type { Api, Call } from '../api.ts'
import type { Topic } from '../cluster-state.ts'
import { KafkaError } from '../error-codes.ts'

/** Topic ids from version 10 (KIP-516). Automatic creation of topics is off, whatever the request allows. */
export const metadata: Api = {
  key: 3,
  name: 'Metadata',
  minVersion: 0,
  maxVersion: 12,
  flexibleFrom: 9,
  handle(call) {
    const { version, request, reply, cluster } = call
    const wanted = readTopics(call)
    if (version >= 4) request.bool() // allow automatic creation
    const withRights = version >= 8 && version <= 10 && request.bool()
    if (version >= 8) request.bool() // operations on the topics

    if (version >= 3) reply.int32(0) // throttle
    reply.array(cluster.liveBrokers(), broker => {
      reply.int32(broker.id)
      reply.string(broker.host)
      reply.int32(broker.port)
      if (version >= 1) reply.string(null) // rack
      reply.tags()
    })
    if (version >= 2) reply.string(cluster.id)
    if (version >= 1) reply.int32(cluster.controllerId())
    reply.array(wanted ?? cluster.allTopics(), topic => writeTopic(call, topic))
    if (version >= 8 && version <= 10) reply.int32(withRights ? cluster.operations : noOperations)
    reply.tags()
    return undefined
  }
}

const noOperations = -2_147_483_648
const noTopicId = '00000000000000000000000000000000'

interface MissingTopic {
  readonly missing: true
  readonly name: string | null
  readonly id: string
}

/** Undefined: all topics. That is an empty list in version 0, null later. */
function readTopics({ version, request, cluster }: Call): (Topic | MissingTopic)[] | undefined {
  const list = request.nullableArray(() => {
    const id = version >= 10 ? request.uuid() : noTopicId
    const name = version >= 10 ? request.nullableString() : request.string()
    request.tags()
    const topic = id === noTopicId ? cluster.topic(name ?? '') : cluster.topicById(id)
    return topic ?? { missing: true as const, name, id }
  })
  return list === null || (version === 0 && list.length === 0) ? undefined : list
}

function writeTopic(call: Call, topic: Topic | MissingTopic): void {
  const { version, reply, cluster } = call
  const missing = 'missing' in topic
  const missingCode = missing && topic.name === null ? KafkaError.unknownTopicId : KafkaError.unknownTopicOrPartition
  const forced = call.forcedErrorAt(topic.name ?? '', -1)
  reply.int16(missing ? missingCode : forced)
  reply.string(version >= 12 ? topic.name : (topic.name ?? ''))
  if (version >= 10) reply.uuid(topic.id)
  if (version >= 1) reply.bool(!missing && topic.internal)
  const partitions = missing ? [] : topic.partitions
  reply.array(partitions, partition => {
    const down = !cluster.isLive(partition.leader)
    const own = call.forcedErrorAt(topic.name ?? '', partition.index)
    reply.int16(own || (down ? KafkaError.leaderNotAvailable : KafkaError.none))
    reply.int32(partition.index)
    reply.int32(down ? -1 : partition.leader)
    if (version >= 7) reply.int32(partition.leaderEpoch)
    const replicas = cluster.replicas(partition)
    reply.array(replicas, id => reply.int32(id))
    reply.array(
      replicas.filter(id => cluster.isLive(id)),
      id => reply.int32(id)
    )
    if (version >= 5) {
      reply.array(
        replicas.filter(id => !cluster.isLive(id)),
        id => reply.int32(id)
      )
    }
    reply.tags()
  })
  if (version >= 8) reply.int32(noOperations)
  reply.tags()
}
