/** What tests and benches vary in burrow.toml (spec 05). Short times by default: they wait for these. */
export interface ProgramConfig {
  readonly clusters: readonly { readonly name: string; readonly servers: readonly string[] }[]
  readonly intervals?: number
  readonly minDistanceSeconds?: number
  readonly offsetRefreshSeconds?: number
  readonly topicRefreshSeconds?: number
  readonly groupsReaperRefreshSeconds?: number
  readonly expireCacheSeconds?: number
  readonly startLatest?: boolean
  readonly backfillEarliest?: boolean
  readonly groupDenylist?: string
  readonly logLevel?: 'debug' | 'info' | 'warn'
  /** False: no group `burrow-<module>` among those that the program reads (ours only). */
  readonly selfReport?: boolean
  /** Burrow 1.2.1 does not start without. */
  readonly zookeeper?: string
  readonly metricsSet?: 'burrow' | 'native' | 'both'
  /** Further arguments of the program. */
  readonly flags?: readonly string[]
}

/** One cluster section and one consumer section of the same name for every cluster. */
export function programToml(config: ProgramConfig, address: string, pidfile: string): string {
  const modules = config.clusters.flatMap(({ name, servers }) => [
    section(`cluster.${name}`, {
      'class-name': 'kafka',
      servers,
      'offset-refresh': config.offsetRefreshSeconds ?? 1,
      'topic-refresh': config.topicRefreshSeconds ?? 1,
      'groups-reaper-refresh': config.groupsReaperRefreshSeconds ?? 0
    }),
    section(`consumer.${name}`, {
      'class-name': 'kafka',
      cluster: name,
      servers,
      'start-latest': config.startLatest ?? false,
      'backfill-earliest': config.backfillEarliest ?? false,
      'group-denylist': config.groupDenylist ?? '',
      ...(config.selfReport !== undefined && { 'self-report': config.selfReport })
    })
  ])
  return [
    section('general', { pidfile }),
    section('logging', { level: config.logLevel ?? 'info' }),
    section('storage.default', {
      'class-name': 'inmemory',
      intervals: config.intervals ?? 3,
      'min-distance': config.minDistanceSeconds ?? 0
    }),
    section('evaluator.default', { 'class-name': 'caching', 'expire-cache': config.expireCacheSeconds ?? 1 }),
    section('httpserver.default', { address }),
    ...(config.zookeeper === undefined ? [] : [section('zookeeper', { servers: [config.zookeeper] })]),
    // A section of ours, which the original ignores.
    ...(config.metricsSet === undefined ? [] : [section('metrics', { set: config.metricsSet })]),
    ...modules
  ].join('\n')
}

type Value = string | number | boolean | readonly string[]

function section(name: string, values: Readonly<Record<string, Value>>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
  return `[${name}]\n${lines.join('')}`
}
