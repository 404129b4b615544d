import type { ClientProfile, ClusterSettings } from '../../shared/settings.ts'
import type { Envelope } from './envelope.ts'
import { moduleDetail } from './module-detail.ts'
import type { PlainJson } from './plain-json.ts'
import type { Route } from './routes.ts'

/** A cluster as it is configured (spec 04 section 4.3), whatever the state of its data. Main thread. */
export function clusterDetailRoutes(envelope: Envelope, clusters: readonly ClusterSettings[]): Route[] {
  const modules = clusters.map(cluster => [cluster.name, clusterModule(cluster)] as const)
  return ['/v3/kafka/:cluster', '/v3/config/cluster/:cluster'].map(pattern =>
    moduleDetail(envelope, pattern, 'cluster', modules)
  )
}

/** `tls` and `sasl` are null: a profile that uses either is refused when the configuration is read (main/config). */
export function profileJson(profile: ClientProfile): PlainJson {
  return {
    name: profile.name,
    'client-id': profile.clientId,
    'kafka-version': profile.kafkaVersion,
    tls: null,
    sasl: null
  }
}

function clusterModule(cluster: ClusterSettings): PlainJson {
  return {
    'class-name': 'kafka',
    servers: cluster.servers,
    'client-profile': profileJson(cluster.profile),
    'topic-refresh': cluster.topicRefreshSeconds,
    'offset-refresh': cluster.offsetRefreshSeconds
  }
}
