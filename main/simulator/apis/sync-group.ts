import type { Api } from '../api.ts'
import { KafkaError } from '../error-codes.ts'
import { coordinatorError } from '../groups/coordinator-error.ts'

/** The leader brings the assignments, the others wait for theirs. */
export const syncGroup: Api = {
  key: 14,
  name: 'SyncGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 4,
  async handle(call) {
    const { version, request, reply } = call
    const name = request.string()
    const generation = request.int32()
    const memberId = request.string()
    if (version >= 3) request.nullableString() // instance id
    if (version >= 5) request.nullableString() // protocol type
    if (version >= 5) request.nullableString() // protocol
    const assignments = request.array((): [string, Buffer] => {
      const entry: [string, Buffer] = [request.string(), Buffer.from(request.nullableBytes() ?? [])]
      request.tags()
      return entry
    })
    const group = call.cluster.groups.find(name)
    const error = coordinatorError(call, name) || (group ? KafkaError.none : KafkaError.unknownMemberId)
    const result =
      error || !group
        ? { error, assignment: Buffer.alloc(0) }
        : await group.sync(memberId, generation, new Map(assignments))

    if (version >= 1) reply.int32(0) // throttle
    reply.int16(result.error)
    if (version >= 5) {
      reply.string(group?.protocolType ?? null)
      reply.string(group?.protocol ?? null)
    }
    reply.bytes(result.assignment)
    reply.tags()
    return undefined
  }
}
