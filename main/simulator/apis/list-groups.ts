import type { Api } from '../api.ts'

/** Groups that this broker coordinates; states from version 4 (KIP-518). */
export const listGroups: Api = {
  key: 16,
  name: 'ListGroups',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 3,
  handle(call) {
    const { version, request, reply, cluster, brokerId, forcedError } = call
    const states = version >= 4 ? request.array(() => request.string()) : []
    const groups = cluster.groups
      .all()
      .filter(group => cluster.coordinatorOf(group.name)?.id === brokerId)
      .filter(group => states.length === 0 || states.includes(group.state))

    if (version >= 1) reply.int32(0) // throttle
    reply.int16(forcedError)
    reply.array(forcedError ? [] : groups, group => {
      reply.string(group.name)
      reply.string(group.protocolType)
      if (version >= 4) reply.string(group.state)
      reply.tags()
    })
    reply.tags()
    return undefined
  }
}
