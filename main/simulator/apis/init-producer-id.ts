import type { Api } from '../api.ts'

/** A fresh id each time: nothing is fenced and sequences are not checked. Transactions by API are not offered. */
export const initProducerId: Api = {
  key: 22,
  name: 'InitProducerId',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 2,
  handle({ reply, cluster, forcedError }) {
    reply.int32(0) // throttle
    reply.int16(forcedError)
    reply.int64(forcedError ? -1 : cluster.groups.newProducerId())
    reply.int16(forcedError ? -1 : 0)
    reply.tags()
    return undefined
  }
}
