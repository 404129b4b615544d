import type { Api } from '../api.ts'
import { KafkaError } from '../error-codes.ts'
import { coordinatorError } from '../groups/coordinator-error.ts'

/** Several members at once from version 3 (KIP-345). */
export const leaveGroup: Api = {
  key: 13,
  name: 'LeaveGroup',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 4,
  handle(call) {
    const { version, request, reply } = call
    const name = request.string()
    const readMember = () => {
      const id = request.string()
      const instanceId = version >= 3 ? request.nullableString() : null
      if (version >= 3) request.tags()
      return { id, instanceId }
    }
    const leaving = version >= 3 ? request.array(readMember) : [readMember()]
    const group = call.cluster.groups.find(name)
    const error = coordinatorError(call, name)
    const left = leaving.map(member => ({
      ...member,
      error: error || (group ? group.leave(member.id) : KafkaError.unknownMemberId)
    }))

    if (version >= 1) reply.int32(0) // throttle
    reply.int16(version >= 3 ? error : left[0]!.error)
    if (version >= 3) {
      reply.array(left, member => {
        reply.string(member.id)
        reply.string(member.instanceId)
        reply.int16(member.error)
        reply.tags()
      })
    }
    reply.tags()
    return undefined
  }
}
