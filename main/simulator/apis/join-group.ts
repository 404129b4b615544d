import type { Api } from '../api.ts'
import { coordinatorError } from '../groups/coordinator-error.ts'
import type { JoinRequest, JoinResult } from '../groups/group-member.ts'

/** Answered when the rebalance is over: until then the connection is kept waiting, as by a broker. */
export const joinGroup: Api = {
  key: 11,
  name: 'JoinGroup',
  minVersion: 0,
  maxVersion: 7,
  flexibleFrom: 6,
  async handle(call) {
    const { version, request, reply, clientId, clientHost } = call
    const group = request.string()
    const sessionTimeoutMs = request.int32()
    const rebalanceTimeoutMs = version >= 1 ? request.int32() : sessionTimeoutMs
    const memberId = request.string()
    const instanceId = version >= 5 ? request.nullableString() : null
    const protocolType = request.string()
    const protocols = request.array(() => {
      const protocol = { name: request.string(), metadata: request.nullableBytes() ?? Buffer.alloc(0) }
      request.tags()
      return protocol
    })
    const join: JoinRequest = {
      memberId,
      instanceId,
      clientId,
      clientHost,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      protocolType,
      protocols,
      mustReturnWithId: version >= 4 && instanceId === null
    }
    const error = coordinatorError(call, group)
    const result = error ? refusal(error, memberId) : await call.cluster.groups.findOrCreate(group).join(join)

    if (version >= 2) reply.int32(0) // throttle
    reply.int16(result.error)
    reply.int32(result.generation)
    if (version >= 7) reply.string(result.protocolType)
    reply.string(version >= 7 ? result.protocol : (result.protocol ?? ''))
    reply.string(result.leader)
    reply.string(result.memberId)
    reply.array(result.members, member => {
      reply.string(member.id)
      if (version >= 5) reply.string(member.instanceId)
      reply.bytes(member.metadata)
      reply.tags()
    })
    reply.tags()
    return undefined
  }
}

function refusal(error: number, memberId: string): JoinResult {
  return { error, generation: -1, protocolType: null, protocol: null, leader: '', memberId, members: [] }
}
