import type { LogLevelName } from '../../shared/log.ts'
import type { NotifierSettings } from '../../shared/notifier-settings.ts'
import type {
  ClusterSettings,
  ConsumerSettings,
  CustomModuleSettings,
  EvaluatorSettings,
  StorageSettings,
  TlsSettings,
  ZookeeperConsumerSettings,
  ZookeeperSettings
} from '../../shared/settings.ts'

/**
 * Everything the configuration says: checked, defaults filled in, frozen. Main hands parts of it to the coordinators and the
 * threads; nobody reads the file or the environment after that. Keys and defaults: spec 05.
 */
export interface AppConfig {
  /** The file that was read; '' when the text did not come from a file (demo, tests). */
  readonly file: string
  readonly general: GeneralSettings
  readonly logging: LoggingSettings
  readonly threads: ThreadSettings
  readonly storage: StorageSettings
  readonly evaluator: EvaluatorSettings
  readonly metrics: MetricsSettings
  /** Never empty: without a section there is `default` on a random port. */
  readonly httpServers: readonly HttpServerSettings[]
  readonly clusters: readonly ClusterSettings[]
  /** Those of class kafka. */
  readonly consumers: readonly ConsumerSettings[]
  /** Those of class kafka_zk. */
  readonly zookeeperConsumers: readonly ZookeeperConsumerSettings[]
  readonly notifiers: readonly NotifierSettings[]
  /** Modules whose class is not ours; of those that are notifiers, `notifiers` has the rest. */
  readonly customModules: readonly CustomModuleSettings[]
  /** null = no section, or no notifiers: then there is nothing to agree on. */
  readonly zookeeper: ZookeeperSettings | null
  /** What works but is probably not meant, one line each, for the log at start. */
  readonly warnings: readonly string[]
}

export interface GeneralSettings {
  readonly pidFile: string
  /** '' = stdout and stderr stay where they are. */
  readonly stdoutLogFile: string
  /** Value of the CORS header, '' = none. */
  readonly accessControlAllowOrigin: string
  /** '' = variables have no prefix. */
  readonly envVarPrefix: string
}

export interface LoggingSettings {
  readonly level: LogLevelName
  /** '' = stdout. */
  readonly filename: string
  readonly maxSizeMb: number
  /** Rotated files to keep, 0 = all. */
  readonly maxBackups: number
  /** Rotated files older than this are removed, 0 = never. */
  readonly maxAgeDays: number
  readonly useLocalTime: boolean
  readonly useCompression: boolean
}

/** How many threads of a kind; `auto` is settled by auto-threads.ts when the program starts. */
export type ThreadCount = number | 'auto'

export interface ThreadSettings {
  readonly kafka: ThreadCount
  readonly storage: ThreadCount
  readonly evaluator: ThreadCount
}

/** `burrow`: the families of the original; `native`: ours, by today's conventions. */
export const metricsSets = ['burrow', 'native', 'both'] as const

export interface MetricsSettings {
  readonly set: (typeof metricsSets)[number]
  /** A page of `/metrics` with more series about groups and topics than this shows no partitions, only sums. */
  readonly maxSeries: number
}

export interface HttpServerSettings {
  readonly name: string
  /** `host:port` as written; the host may be empty (all addresses), port 0 is a free one. */
  readonly address: string
  /** Read, write, idle and keep-alive time, 0 = no limit. */
  readonly timeoutSeconds: number
  /** null = HTTP. Else its certFile and keyFile are there; with a caFile, clients must show a certificate of it. */
  readonly tls: TlsSettings | null
  /** Where the page is; null = there is none. */
  readonly pagePath: string | null
}
