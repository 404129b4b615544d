import type { Api, Call } from '../api.ts'
import { KafkaError } from '../error-codes.ts'
import { coordinatorError } from '../groups/coordinator-error.ts'

/** Only of groups without members (KIP-229). */
export const deleteGroups: Api = {
  key: 42,
  name: 'DeleteGroups',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 2,
  handle(call) {
    const { request, reply } = call
    const names = request.array(() => request.string())

    reply.int32(0) // throttle
    reply.array(names, name => {
      reply.string(name)
      reply.int16(remove(call, name))
      reply.tags()
    })
    reply.tags()
    return undefined
  }
}

function remove(call: Call, name: string): number {
  const error = coordinatorError(call, name)
  if (error !== KafkaError.none) return error
  const group = call.cluster.groups.find(name)
  if (!group) return KafkaError.groupIdNotFound
  if (group.members.size > 0) return KafkaError.nonEmptyGroup
  call.cluster.deleteGroup(name)
  return KafkaError.none
}
