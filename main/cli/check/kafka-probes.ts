import type { KafkaProbe } from '../../../shared/actor/kafka-probe.ts'
import type { ClientProfile } from '../../../shared/settings.ts'
import type { AppConfig } from '../../config/app-config.ts'
import { parseHostPort } from '../../config/host-port.ts'

/** A probe, and why it is wanted. */
export interface PlannedProbe extends KafkaProbe {
  /** Name of the cluster module. */
  readonly cluster: string
  /** The sections that reach it so. */
  readonly users: readonly string[]
  /** The cluster module is among them: it asks for topics and end offsets. */
  readonly sweeps: boolean
  /** `groups-reaper-refresh` is set. */
  readonly reaps: boolean
}

/** A check that tries more than this is no longer a quick look. */
export const serversMax = 1000

/** Modules with the same cluster, servers and profile are tried once. Addresses that are mistakes are passed over. */
export function kafkaProbes(config: AppConfig): { probes: readonly PlannedProbe[]; serversLeftOut: number } {
  const probeByKey = new Map<string, Draft>()
  let room = serversMax
  let serversLeftOut = 0
  const draftOf = (cluster: string, written: readonly string[], profile: ClientProfile): Draft => {
    const servers = [...new Set(written)].filter(server => parseHostPort(server) !== null)
    const key = JSON.stringify([cluster, profile.name, [...servers].sort()])
    const known = probeByKey.get(key)
    if (known) return known
    const tried = servers.slice(0, room)
    room -= tried.length
    serversLeftOut += servers.length - tried.length
    const id = probeByKey.size
    const draft = { id, cluster, servers: tried, profile, users: [], offsetsTopics: [], sweeps: false, reaps: false }
    probeByKey.set(key, draft)
    return draft
  }
  for (const { name, servers, profile, groupsReaperRefreshSeconds } of config.clusters) {
    const draft = draftOf(name, servers, profile)
    draft.users.push(`cluster.${name}`)
    draft.sweeps = true
    draft.reaps ||= groupsReaperRefreshSeconds > 0
  }
  for (const { name, cluster, servers, profile, offsetsTopic } of config.consumers) {
    const draft = draftOf(cluster, servers, profile)
    draft.users.push(`consumer.${name}`)
    if (!draft.offsetsTopics.includes(offsetsTopic)) draft.offsetsTopics.push(offsetsTopic)
  }
  const probes = [...probeByKey.values()].filter(({ servers }) => servers.length > 0)
  return { probes, serversLeftOut }
}

interface Draft extends PlannedProbe {
  readonly users: string[]
  readonly offsetsTopics: string[]
  sweeps: boolean
  reaps: boolean
}
