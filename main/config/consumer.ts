import type { ClusterSettings, ConsumerSettings } from '../../shared/settings.ts'
import type { ClientProfiles } from './client-profile.ts'
import { readServers } from './cluster.ts'
import type { ConfigTable } from './config-tree.ts'
import { readGroupLists } from './group-lists.ts'
import { didYouMean } from './near-spelling.ts'
import type { Reading, SectionReader } from './section-reader.ts'
import { checkClass, namedSections } from './sections.ts'

/** Longest topic name that Kafka takes, and the characters it takes. */
const topicPattern = /^[A-Za-z0-9._-]{1,249}$/

/** `[consumer.NAME]` (spec 05 section 5.6). `clusters`: all, those with mistakes included. */
export function readConsumers(
  root: ConfigTable,
  reading: Reading,
  profiles: ClientProfiles,
  clusters: readonly ClusterSettings[]
): readonly ConsumerSettings[] {
  const clusterNames = clusters.map(cluster => cluster.name)
  return namedSections(root, 'consumer', reading).flatMap(({ name, reader }) => {
    const cluster = readCluster(name, reader, clusterNames)
    if (reader.text('class-name') === 'kafka_zk') {
      // Its other keys are not ours to judge, and without it these groups would be missing unseen.
      reader.refuse('class-name', 'this version reads commits from Kafka only, not from ZooKeeper', 'kafka')
      return []
    }
    checkClass(reader, 'consumer', ['kafka'])
    const settings = {
      name,
      cluster,
      servers: readServers(reader, `consumer ${name}`, `Consumer '${name}'`),
      profile: profiles.of(reader),
      offsetsTopic: reader.text('offsets-topic', '__consumer_offsets'),
      startLatest: reader.flag('start-latest', false),
      backfillEarliest: reader.flag('backfill-earliest', false),
      ...readGroupLists(reader)
    }
    if (!topicPattern.test(settings.offsetsTopic)) {
      reader.refuse('offsets-topic', 'not a topic name', '1 to 249 of letters, digits, dot, dash and underscore')
    }
    for (const key of ['zookeeper-path', 'zookeeper-timeout']) {
      if (reader.has(key)) reader.warn(key, 'only the class kafka_zk uses it')
    }
    if (settings.backfillEarliest && !settings.startLatest) {
      reader.warn('backfill-earliest', 'has no effect without start-latest = true')
    }
    reader.finish()
    return settings
  })
}

/** Compared in lower case, as section names are, and handed on so: all parts then use one spelling (spec 09, A1). */
function readCluster(consumer: string, reader: SectionReader, clusterNames: readonly string[]): string {
  const written = reader.text('cluster')
  const cluster = written.toLowerCase()
  if (!clusterNames.includes(cluster)) {
    const known = clusterNames.join(', ') || 'none: there is no section [cluster.NAME]'
    const sentence = `Consumer '${consumer}' references an unknown cluster '${written}'`
    reader.refuse('cluster', sentence, `${known}${didYouMean(cluster, clusterNames)}`)
  }
  return cluster
}
