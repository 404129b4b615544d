import type { Api } from '../api.ts'
import { KafkaError } from '../error-codes.ts'

/** A version the broker lacks is answered in version 0 with UNSUPPORTED_VERSION and the ranges, so the client can come again (KIP-511). */
export const apiVersions: Api = {
  key: 18,
  name: 'ApiVersions',
  minVersion: 0,
  maxVersion: 3,
  flexibleFrom: 3,
  plainReplyHeader: true,
  answersAnyVersion: true,
  handle({ version, reply, forcedError, offered }) {
    const supported = version >= this.minVersion && version <= this.maxVersion
    reply.int16(supported ? forcedError : KafkaError.unsupportedVersion)
    reply.array(offered, api => {
      reply.int16(api.key)
      reply.int16(api.minVersion)
      reply.int16(api.maxVersion)
      reply.tags()
    })
    if (supported && version >= 1) reply.int32(0) // throttle
    reply.tags()
    return undefined
  }
}
