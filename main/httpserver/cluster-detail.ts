import type { ClientProfile, ClusterSettings, CustomModuleSettings } from '../../shared/settings.ts'
import type { Envelope } from './envelope.ts'
import { moduleDetail } from './module-detail.ts'
import type { PlainJson } from './plain-json.ts'
import type { Route } from './routes.ts'
import { saslJson } from './sasl-detail.ts'

/** A cluster as it is configured (spec 04 section 4.3), whatever the state of its data. Main thread. */
export function clusterDetailRoutes(
  envelope: Envelope,
  clusters: readonly ClusterSettings[],
  custom: readonly CustomModuleSettings[] = []
): Route[] {
  const modules = [
    ...clusters.map(cluster => [cluster.name, clusterModule(cluster)] as const),
    ...custom.map(({ name, className }) => [name, { 'class-name': className }] as const)
  ]
  return ['/v3/kafka/:cluster', '/v3/config/cluster/:cluster'].map(pattern =>
    moduleDetail(envelope, pattern, 'cluster', modules)
  )
}

/** Without passwords, and without `iam`, as in Burrow. */
export function profileJson({ name, clientId, kafkaVersion, tls, sasl }: ClientProfile): PlainJson {
  return {
    name,
    'client-id': clientId,
    'kafka-version': kafkaVersion,
    tls: tls && {
      name: tls.name,
      noverify: tls.noVerify,
      certfile: tls.certFile,
      keyfile: tls.keyFile,
      cafile: tls.caFile
    },
    sasl: sasl && saslJson(sasl)
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
