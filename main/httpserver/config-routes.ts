import { compareUtf8 } from '../../shared/json/utf8-order.ts'
import type {
  ConsumerSettings,
  EvaluatorSettings,
  StorageSettings,
  ZookeeperConsumerSettings
} from '../../shared/settings.ts'
import type { AppConfig } from '../config/app-config.ts'
import { profileJson } from './cluster-detail.ts'
import type { Envelope } from './envelope.ts'
import { moduleDetail } from './module-detail.ts'
import { notifierModule } from './notifier-detail.ts'
import type { PlainJson } from './plain-json.ts'
import type { Route } from './routes.ts'

/**
 * The configuration as it was read, defaults filled in (spec 04 section 5). Main thread. The page of a cluster is in cluster-detail.ts.
 *
 * Nothing shown here is secret; what may hold a secret is shown as `***` (spec 09, D1; notifier-detail.ts).
 */
export function configRoutes(envelope: Envelope, config: AppConfig): Route[] {
  const { storage, evaluator, clusters, consumers, zookeeperConsumers, notifiers } = config
  const custom = (wanted: string) => config.customModules.filter(({ kind }) => kind === wanted)
  return [
    {
      method: 'GET',
      pattern: '/v3/config',
      answer: ({ url }) => envelope.config('main config returned', mainConfig(config), url)
    },
    moduleList(envelope, 'storage', [storage]),
    moduleList(envelope, 'evaluator', [evaluator]),
    moduleList(envelope, 'cluster', [...clusters, ...custom('cluster')]),
    moduleList(envelope, 'consumer', [...consumers, ...zookeeperConsumers, ...custom('consumer')]),
    moduleList(envelope, 'notifier', notifiers),
    moduleDetail(envelope, '/v3/config/storage/:name', 'storage', [[storage.name, storageModule(storage)]]),
    moduleDetail(envelope, '/v3/config/evaluator/:name', 'evaluator', [[evaluator.name, evaluatorModule(evaluator)]]),
    moduleDetail(envelope, '/v3/config/consumer/:name', 'consumer', [
      ...consumers.map(consumer => [consumer.name, consumerModule(consumer)] as const),
      ...zookeeperConsumers.map(consumer => [consumer.name, zookeeperConsumerModule(consumer)] as const),
      ...custom('consumer').map(({ name, className }) => [name, { 'class-name': className }] as const)
    ]),
    moduleDetail(
      envelope,
      '/v3/config/notifier/:name',
      'notifier',
      notifiers.map(notifier => [notifier.name, notifierModule(notifier)])
    )
  ]
}

function moduleList(envelope: Envelope, coordinator: string, modules: readonly { readonly name: string }[]): Route {
  const values = { coordinator, modules: modules.map(({ name }) => name) }
  return {
    method: 'GET',
    pattern: `/v3/config/${coordinator}`,
    answer: ({ url }) => envelope.config('module list returned', values, url)
  }
}

/** The names differ from the configuration keys here and there (spec 09, A7: shape kept). */
function mainConfig({ general, logging, httpServers, zookeeper }: AppConfig): { readonly [key: string]: PlainJson } {
  const servers = httpServers.toSorted((left, right) => compareUtf8(left.name, right.name))
  return {
    general: {
      pidfile: general.pidFile,
      'stdout-logfile': general.stdoutLogFile,
      'access-control-allow-origin': general.accessControlAllowOrigin
    },
    logging: {
      filename: logging.filename,
      'max-size': logging.maxSizeMb,
      'max-backups': logging.maxBackups,
      'max-age': logging.maxAgeDays,
      'use-local-time': logging.useLocalTime,
      'use-compression': logging.useCompression,
      level: logging.level
    },
    zookeeper: zookeeper
      ? { servers: zookeeper.servers, timeout: zookeeper.timeoutSeconds, 'root-path': zookeeper.rootPath }
      : { servers: null, timeout: 0, 'root-path': '' },
    httpserver: Object.fromEntries(
      servers.map(({ name, address, tls, timeoutSeconds }) => [
        name,
        { address, tls: tls?.name ?? '', timeout: timeoutSeconds }
      ])
    )
  }
}

function storageModule(storage: StorageSettings): PlainJson {
  return {
    'class-name': 'inmemory',
    intervals: storage.intervals,
    'min-distance': storage.minDistanceSeconds,
    'group-allowlist': storage.groupAllowlist,
    'expire-group': storage.expireGroupSeconds
  }
}

function evaluatorModule(evaluator: EvaluatorSettings): PlainJson {
  return { 'class-name': 'caching', 'expire-cache': evaluator.expireCacheSeconds }
}

/** Without a Kafka connection of its own: the profile is the empty one. */
function zookeeperConsumerModule(consumer: ZookeeperConsumerSettings): PlainJson {
  return {
    'class-name': 'kafka_zk',
    cluster: consumer.cluster,
    servers: consumer.servers,
    'group-allowlist': consumer.groupAllowlist,
    'zookeeper-path': consumer.zookeeperPath,
    'zookeeper-timeout': consumer.zookeeperTimeoutSeconds,
    'client-profile': { name: '', 'client-id': 'burrow-lagchecker', 'kafka-version': '2.8.0', tls: null, sasl: null },
    'offsets-topic': '',
    'start-latest': false
  }
}

function consumerModule(consumer: ConsumerSettings): PlainJson {
  return {
    'class-name': 'kafka',
    cluster: consumer.cluster,
    servers: consumer.servers,
    'group-allowlist': consumer.groupAllowlist,
    'zookeeper-path': '',
    'zookeeper-timeout': 0,
    'client-profile': profileJson(consumer.profile),
    'offsets-topic': consumer.offsetsTopic,
    'start-latest': consumer.startLatest
  }
}
