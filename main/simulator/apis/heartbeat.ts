import type { Api } from '../api.ts'
import { KafkaError } from '../error-codes.ts'
import { coordinatorError } from '../groups/coordinator-error.ts'

export const heartbeat: Api = {
  key: 12,
  name: 'Heartbeat',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 4,
  handle(call) {
    const { version, request, reply } = call
    const name = request.string()
    const generation = request.int32()
    const memberId = request.string()
    if (version >= 3) request.nullableString() // instance id
    const group = call.cluster.groups.find(name)

    if (version >= 1) reply.int32(0) // throttle
    const error = coordinatorError(call, name)
    reply.int16(error || (group ? group.heartbeat(memberId, generation) : KafkaError.unknownMemberId))
    reply.tags()
    return undefined
  }
}
