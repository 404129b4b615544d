import type { Api, Call } from '../api.ts'
import { KafkaError } from '../error-codes.ts'

/** The leader of the group's offsets partition. Transactional ids (key type 1) are spread in the same way. */
export const findCoordinator: Api = {
  key: 10,
  name: 'FindCoordinator',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 3,
  handle(call) {
    const { version, request, reply } = call
    const single = version < 4 ? request.string() : ''
    if (version >= 1) request.int8() // key type
    const keys = version < 4 ? [single] : request.array(() => request.string())

    if (version >= 1) reply.int32(0) // throttle
    if (version < 4) {
      const { error, id, host, port } = locate(call, single)
      reply.int16(error)
      if (version >= 1) reply.string(null)
      reply.int32(id)
      reply.string(host)
      reply.int32(port)
    } else {
      reply.array(keys, key => {
        const { error, id, host, port } = locate(call, key)
        reply.string(key)
        reply.int32(id)
        reply.string(host)
        reply.int32(port)
        reply.int16(error)
        reply.string(null)
        reply.tags()
      })
    }
    reply.tags()
    return undefined
  }
}

function locate(
  { cluster, forcedError }: Call,
  key: string
): { error: number; id: number; host: string; port: number } {
  const broker = forcedError === KafkaError.none ? cluster.coordinatorOf(key) : undefined
  if (broker) return { error: KafkaError.none, id: broker.id, host: broker.host, port: broker.port }
  return { error: forcedError || KafkaError.coordinatorNotAvailable, id: -1, host: '', port: -1 }
}
