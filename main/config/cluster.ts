import type { ClusterSettings } from '../../shared/settings.ts'
import type { ClientProfiles } from './client-profile.ts'
import type { ConfigTable } from './config-tree.ts'
import { isCustomClass, readCustomModule } from './custom-class.ts'
import { parseHostPort } from './host-port.ts'
import { showValue } from './mistakes.ts'
import type { Reading, SectionReader } from './section-reader.ts'
import { timerSecondsMax } from './section-reader.ts'
import { checkClass, namedSections } from './sections.ts'

/** `[cluster.NAME]` (spec 05 section 5.5). */
export function readClusters(
  root: ConfigTable,
  reading: Reading,
  profiles: ClientProfiles
): readonly ClusterSettings[] {
  return namedSections(root, 'cluster', reading).flatMap(({ name, reader }) => {
    const className = checkClass(reader, 'cluster', ['kafka'], true)
    if (className !== null && isCustomClass(className)) {
      reading.customModules.push(readCustomModule('cluster', name, reader))
      return []
    }
    const settings = {
      name,
      servers: readServers(reader, `cluster ${name}`, `Cluster '${name}'`),
      profile: profiles.of(reader),
      topicRefreshSeconds: reader.integer('topic-refresh', 60, { min: 1, max: timerSecondsMax }),
      offsetRefreshSeconds: reader.integer('offset-refresh', 10, { min: 1, max: timerSecondsMax }),
      groupsReaperRefreshSeconds: reader.integer('groups-reaper-refresh', 0, { min: 0, max: timerSecondsMax })
    }
    reader.finish()
    if (settings.groupsReaperRefreshSeconds === 0 || listsGroups(settings.profile.kafkaVersion)) return settings
    reader.warn('groups-reaper-refresh', 'not used, the client profile says kafka-version below 0.11.0.0')
    return { ...settings, groupsReaperRefreshSeconds: 0 }
  })
}

/** Spec 06 section 1.1. */
function listsGroups(kafkaVersion: string): boolean {
  const [first = 0, second = 0] = kafkaVersion.split('.').map(Number)
  return first > 0 || second >= 11
}

/** Brokers, as written. `owner` and `sentenceOwner` are how Burrow's two sentences call the section. */
export function readServers(reader: SectionReader, owner: string, sentenceOwner: string): readonly string[] {
  const servers = reader.list('servers')
  const allowed = 'a list of host:port, for example ["kafka-1:9092", "kafka-2:9092"]'
  if (servers.length === 0) reader.refuse('servers', `No Kafka brokers specified for ${owner}`, allowed)
  const bad = servers.filter(server => parseHostPort(server) === null)
  if (bad.length > 0) {
    const sentence = `${sentenceOwner} has one or more improperly formatted servers (must be host:port)`
    reader.refuse('servers', `${sentence}: ${bad.map(showValue).join(', ')}`, allowed)
  }
  return servers
}
