import type { Api } from '../api.ts'
import { KafkaError } from '../error-codes.ts'
import { coordinatorError } from '../groups/coordinator-error.ts'
import type { Commit } from '../groups/group-store.ts'

/** All offsets of a request make one batch in __consumer_offsets, as a broker writes them. */
export const offsetCommit: Api = {
  key: 8,
  name: 'OffsetCommit',
  minVersion: 2,
  maxVersion: 8,
  flexibleFrom: 8,
  handle(call) {
    const { version, request, reply, cluster } = call
    const group = request.string()
    const generation = request.int32()
    const memberId = request.string()
    if (version >= 7) request.nullableString() // instance id
    if (version <= 4) request.int64() // retention time
    const timestampMs = Date.now()
    const topics = request.array(() => {
      const topic = request.string()
      const commits = request.array((): Commit => {
        const partition = request.int32()
        const offset = request.int64()
        const leaderEpoch = version >= 6 ? request.int32() : -1
        const metadata = request.string()
        request.tags()
        return { group, topic, partition, offset, leaderEpoch, metadata, timestampMs }
      })
      request.tags()
      return { topic, commits }
    })
    const groupError =
      coordinatorError(call, group) || cluster.groups.findOrCreate(group).commitError(memberId, generation)
    const errorOf = ({ topic, partition }: Commit) =>
      groupError ||
      call.forcedErrorAt(topic, partition) ||
      (cluster.topic(topic)?.partitions[partition] ? KafkaError.none : KafkaError.unknownTopicOrPartition)
    const good = topics.flatMap(({ commits }) => commits.filter(commit => errorOf(commit) === KafkaError.none))
    if (good.length > 0) cluster.commitMany(good)

    if (version >= 3) reply.int32(0) // throttle
    reply.array(topics, ({ topic, commits }) => {
      reply.string(topic)
      reply.array(commits, commit => {
        reply.int32(commit.partition)
        reply.int16(errorOf(commit))
        reply.tags()
      })
      reply.tags()
    })
    reply.tags()
    return undefined
  }
}
