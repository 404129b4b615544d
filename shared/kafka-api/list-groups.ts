import type { ApiRange } from './version-choice.ts'
import { WireReader } from './wire-reader.ts'
import { WireWriter } from './wire-writer.ts'

/**
 * ListGroups: names of the groups that one broker coordinates, of every kind and in every state (Kafka's ListGroupsRequest.json;
 * KIP-518 states, KIP-848 types). Any thread.
 *
 *   request   v4+ states []   v5+ types []            both empty: all
 *   answer    v1+ throttle   error   groups [id, protocol type, v4+ state, v5+ type]
 *   v3+ flexible
 *
 * A login that may describe neither the cluster nor a group is not told so: the group is just not in the list.
 */
export const listGroupsApi: ApiRange = { key: 16, name: 'ListGroups', minVersion: 0, maxVersion: 5 }

const flexibleFrom = 3

export interface ListedGroups {
  /** With an error there are no names. */
  readonly errorCode: number
  readonly names: readonly string[]
}

export function encodeListGroupsRequest(version: number): Uint8Array {
  const writer = new WireWriter(8)
  if (version < flexibleFrom) return writer.finish()
  writer.noTags() // the end of the request header
  if (version >= 4) writer.count(0, true)
  if (version >= 5) writer.count(0, true)
  return writer.noTags().finish()
}

export function decodeListGroups(bytes: Uint8Array, version: number): ListedGroups {
  const flexible = version >= flexibleFrom
  const reader = new WireReader(bytes, `ListGroups v${version}`)
  if (flexible) reader.skipTags('header')
  if (version >= 1) reader.int32('throttle_time_ms')
  const errorCode = reader.int16('error_code')
  const names: string[] = []
  for (let left = reader.count('groups', flexible, flexible ? 3 : 4); left > 0; left--) {
    names.push(reader.string('group_id', flexible))
    reader.nullableString('protocol_type', flexible)
    if (version >= 4) reader.nullableString('group_state', flexible)
    if (version >= 5) reader.nullableString('group_type', flexible)
    if (flexible) reader.skipTags('group')
  }
  if (flexible) reader.skipTags('answer')
  return { errorCode, names }
}
