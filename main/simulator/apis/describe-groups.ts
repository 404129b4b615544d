import type { Api } from '../api.ts'
import { KafkaError } from '../error-codes.ts'
import { coordinatorError } from '../groups/coordinator-error.ts'

const noOperations = -2_147_483_648

/** A group that is not there is Dead, without an error, as brokers say it up to version 5. */
export const describeGroups: Api = {
  key: 15,
  name: 'DescribeGroups',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 5,
  handle(call) {
    const { version, request, reply, cluster } = call
    const names = request.array(() => request.string())

    if (version >= 1) reply.int32(0) // throttle
    reply.array(names, name => {
      const error = coordinatorError(call, name)
      const group = error === KafkaError.none ? cluster.groups.find(name) : undefined
      reply.int16(error)
      reply.string(name)
      reply.string(group?.state ?? (error ? '' : 'Dead'))
      reply.string(group?.protocolType ?? '')
      const protocol = group?.state === 'Stable' ? (group.protocol ?? '') : ''
      reply.string(protocol)
      reply.array([...(group?.members.values() ?? [])], member => {
        reply.string(member.id)
        if (version >= 4) reply.string(member.instanceId)
        reply.string(member.clientId)
        reply.string(member.clientHost)
        reply.bytes(member.metadataFor(protocol))
        reply.bytes(member.assignment)
        reply.tags()
      })
      if (version >= 3) reply.int32(noOperations)
      reply.tags()
    })
    reply.tags()
    return undefined
  }
}
