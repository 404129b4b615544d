import type { Api } from '../api.ts'

/** Every resource is there and has no settings of its own: enough for clients that ask before they work. */
export const describeConfigs: Api = {
  key: 32,
  name: 'DescribeConfigs',
  minVersion: 1,
  maxVersion: 4,
  flexibleFrom: 4,
  handle({ version, request, reply, forcedError }) {
    const resources = request.array(() => {
      const resource = { type: request.int8(), name: request.string() }
      request.nullableArray(() => request.string())
      request.tags()
      return resource
    })
    request.bool() // synonyms
    if (version >= 3) request.bool() // documentation

    reply.int32(0) // throttle
    reply.array(resources, ({ type, name }) => {
      reply.int16(forcedError)
      reply.string(null)
      reply.int8(type)
      reply.string(name)
      reply.arrayLength(0)
      reply.tags()
    })
    reply.tags()
    return undefined
  }
}
