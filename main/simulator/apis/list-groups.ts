import type { Api } from '../api.ts'

const groupType = 'classic'

/** Groups that this broker coordinates; states from version 4 (KIP-518), types from version 5 (KIP-848): ours are all classic. */
export const listGroups: Api = {
  key: 16,
  name: 'ListGroups',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 3,
  handle(call) {
    const { version, request, reply, cluster, brokerId, forcedError } = call
    const states = version >= 4 ? request.array(() => request.string()) : []
    const types = version >= 5 ? request.array(() => request.string().toLowerCase()) : []
    const groups = cluster.groups
      .all()
      .filter(group => cluster.coordinatorOf(group.name)?.id === brokerId)
      .filter(group => states.length === 0 || states.includes(group.state))
      .filter(() => types.length === 0 || types.includes(groupType))

    if (version >= 1) reply.int32(0) // throttle
    reply.int16(forcedError)
    reply.array(forcedError ? [] : groups, group => {
      reply.string(group.name)
      reply.string(group.protocolType)
      if (version >= 4) reply.string(group.state)
      if (version >= 5) reply.string(groupType)
      reply.tags()
    })
    reply.tags()
    return undefined
  }
}
