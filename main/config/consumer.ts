import type { ClusterSettings, ConsumerSettings, ZookeeperConsumerSettings } from '../../shared/settings.ts'
import type { ClientProfiles } from './client-profile.ts'
import { readServers } from './cluster.ts'
import type { ConfigTable } from './config-tree.ts'
import { customClassForms, isCustomClass, readCustomModule } from './custom-class.ts'
import { readGroupLists } from './group-lists.ts'
import { didYouMean } from './near-spelling.ts'
import type { Reading, SectionReader } from './section-reader.ts'
import { timerSecondsMax } from './section-reader.ts'
import { checkClass, namedSections } from './sections.ts'
import { readZookeeperServers } from './zookeeper.ts'
import { isZookeeperPath } from './zookeeper-path.ts'

/** Longest topic name that Kafka takes, and the characters it takes. */
const topicPattern = /^[A-Za-z0-9._-]{1,249}$/

/** Keys of one class, which the other takes no notice of. */
const keysByClass = {
  kafka: ['client-profile', 'offsets-topic', 'start-latest', 'backfill-earliest', 'self-report'],
  kafka_zk: ['zookeeper-path', 'zookeeper-timeout']
} as const

export interface Consumers {
  readonly consumers: readonly ConsumerSettings[]
  readonly zookeeperConsumers: readonly ZookeeperConsumerSettings[]
}

/** `[consumer.NAME]` (spec 05 section 5.6). `clusters`: all, those with mistakes included. */
export function readConsumers(
  root: ConfigTable,
  reading: Reading,
  profiles: ClientProfiles,
  clusters: readonly ClusterSettings[]
): Consumers {
  const consumers: ConsumerSettings[] = []
  const zookeeperConsumers: ZookeeperConsumerSettings[] = []
  for (const { name, reader } of namedSections(root, 'consumer', reading)) {
    const custom = reading.customModules.filter(({ kind }) => kind === 'cluster').map(each => each.name)
    const cluster = readCluster(name, reader, [...clusters.map(each => each.name), ...custom])
    const className = checkClass(reader, 'consumer', ['kafka', 'kafka_zk'], true)
    if (className !== null && isCustomClass(className)) {
      reading.customModules.push(readCustomModule('consumer', name, reader))
    } else if (className === 'kafka_zk') {
      zookeeperConsumers.push(readZookeeperConsumer(name, cluster, reader))
    } else {
      if (custom.includes(cluster)) {
        const sentence = `the end offsets of cluster ${cluster} come from a module, so its commits must come from one too`
        reader.refuse('class-name', sentence, `kafka_zk, ${customClassForms}`)
      }
      consumers.push(readKafkaConsumer(name, cluster, reader, profiles))
    }
    reader.finish()
  }
  return { consumers, zookeeperConsumers }
}

function readKafkaConsumer(
  name: string,
  cluster: string,
  reader: SectionReader,
  profiles: ClientProfiles
): ConsumerSettings {
  const settings = {
    name,
    cluster,
    servers: readServers(reader, `consumer ${name}`, `Consumer '${name}'`),
    profile: profiles.of(reader),
    offsetsTopic: reader.text('offsets-topic', '__consumer_offsets'),
    startLatest: reader.flag('start-latest', false),
    backfillEarliest: reader.flag('backfill-earliest', false),
    selfReport: reader.flag('self-report', true),
    ...readGroupLists(reader)
  }
  if (!topicPattern.test(settings.offsetsTopic)) {
    reader.refuse('offsets-topic', 'not a topic name', '1 to 249 of letters, digits, dot, dash and underscore')
  }
  if (settings.backfillEarliest && !settings.startLatest) {
    reader.warn('backfill-earliest', 'has no effect without start-latest = true')
  }
  warnOfKeysOf('kafka_zk', reader)
  return settings
}

/** Spec 06 section 6. */
function readZookeeperConsumer(name: string, cluster: string, reader: SectionReader): ZookeeperConsumerSettings {
  const zookeeperPath = reader.text('zookeeper-path')
  if (!isZookeeperPath(`${zookeeperPath}/consumers`)) {
    const allowed = 'nothing, or a path such as /kafka/dc1, without a slash at its end'
    reader.refuse('zookeeper-path', `Consumer '${name}' has a bad zookeeper path configuration`, allowed)
  }
  const settings = {
    name,
    cluster,
    servers: readZookeeperServers(
      reader,
      `No Zookeeper servers specified for consumer ${name}`,
      `Consumer '${name}' has one or more improperly formatted servers (must be host:port)`
    ),
    zookeeperPath,
    zookeeperTimeoutSeconds: reader.integer('zookeeper-timeout', 30, { min: 1, max: timerSecondsMax }),
    ...readGroupLists(reader)
  }
  warnOfKeysOf('kafka', reader)
  return settings
}

function warnOfKeysOf(className: keyof typeof keysByClass, reader: SectionReader): void {
  for (const key of keysByClass[className]) {
    if (reader.has(key)) reader.warn(key, `only the class ${className} uses it`)
  }
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
