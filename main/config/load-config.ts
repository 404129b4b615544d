import type { AppConfig, ThreadSettings } from './app-config.ts'
import { ClientProfiles } from './client-profile.ts'
import { readClusters } from './cluster.ts'
import { readConfigFile, type Variables } from './config-file.ts'
import type { ConfigTable } from './config-tree.ts'
import { lowerCaseKeys } from './config-tree.ts'
import { readConsumers } from './consumer.ts'
import { toText } from './conversions.ts'
import { Environment } from './environment.ts'
import { readEvaluator } from './evaluator.ts'
import { FlatKeys } from './flat-keys.ts'
import { envVarPrefixDefault, readGeneral } from './general.ts'
import { readHttpServers } from './httpserver.ts'
import { readLogging } from './logging.ts'
import { readMetrics } from './metrics.ts'
import { configError, type Mistake, Mistakes, showValue } from './mistakes.ts'
import { readNotifiers } from './notifier.ts'
import { parseToml } from './parse-toml.ts'
import type { Reading } from './section-reader.ts'
import { hasModules } from './sections.ts'
import { createSecurity } from './security.ts'
import { readStorage } from './storage.ts'
import { readThreads } from './threads.ts'
import { warnOfUnknownSections } from './unknown-sections.ts'
import { readZookeeper } from './zookeeper.ts'

export interface LoadOptions {
  /** Threads as given on the command line; they win over file and environment. */
  readonly flags?: Partial<ThreadSettings>
  readonly environment?: Variables
}

/** All that reading found. */
export interface ConfigReport {
  /** With a default in the place of every mistake. */
  readonly config: AppConfig
  readonly mistakes: readonly Mistake[]
  /** The variables that were used, and the setting or section that each is about. */
  readonly pathByVariable: ReadonlyMap<string, string>
}

/**
 * Reads the configuration file in `dir`. Throws BurrowError CONFIG_INVALID whose message has one line per mistake, all of them
 * at once; `facts.mistakes` has them as data (empty when the file could not be found, read or parsed). Main thread, at start.
 */
export function loadConfig(dir: string, options: LoadOptions = {}): AppConfig {
  return configOrThrow(examineConfig(dir, options))
}

/** The same from TOML text, for programs that make their configuration themselves (demo, bench, tests). */
export function configFromToml(
  text: string,
  options: LoadOptions = {},
  file = '',
  warnings: readonly string[] = []
): AppConfig {
  return configOrThrow(reportOn(parseToml(text, file || 'burrow.toml'), options, file, warnings))
}

/** For `burrow check`. Throws only if the file cannot be found, read or parsed. */
export function examineConfig(dir: string, options: LoadOptions = {}): ConfigReport {
  const environment = options.environment ?? {}
  const { file, text, parse, warnings } = readConfigFile(dir, environment)
  return reportOn(parse(text, file, environment), options, file, warnings)
}

/** Throws as `loadConfig` does if there are mistakes. */
export function configOrThrow({ config, mistakes }: Pick<ConfigReport, 'config' | 'mistakes'>): AppConfig {
  if (mistakes.length === 0) return config
  throw configError(mistakes.map(mistake => mistake.text).join('\n'), config.file, mistakes)
}

function reportOn(
  tables: object,
  { flags = {}, environment = {} }: LoadOptions,
  file: string,
  warnings: readonly string[]
): ConfigReport {
  const mistakes = new Mistakes()
  const root = lowerCaseKeys(tables, mistakes)
  const flatKeys = new FlatKeys(root)
  const prefix = readPrefix(root, mistakes)
  const reading: Reading = {
    environment: new Environment(prefix, environment),
    flatKeys,
    mistakes,
    warnings: [...warnings],
    customModules: []
  }
  const config = { file, ...readSections(root, reading, prefix, flags), warnings: reading.warnings }
  warnOfUnknownSections(root, reading)
  warnOfNothingToDo(config)
  for (const { variable, near } of reading.environment.misspelt()) {
    reading.warnings.push(`variable ${variable}: names no setting, not used; did you mean ${near}?`)
  }
  const { pathByVariable } = reading.environment
  return { config: deepFreeze(config), mistakes: mistakes.list, pathByVariable }
}

/** In the order in which mistakes are told: what others refer to first. */
function readSections(
  root: ConfigTable,
  reading: Reading,
  prefix: string,
  flags: Partial<ThreadSettings>
): Omit<AppConfig, 'file' | 'warnings'> {
  const security = createSecurity(root, reading)
  const profiles = new ClientProfiles(root, reading, security)
  const clusters = readClusters(root, reading, profiles)
  const general = readGeneral(root, reading, prefix)
  const logging = readLogging(root, reading)
  const threads = readThreads(root, reading, flags)
  const storage = readStorage(root, reading)
  const evaluator = readEvaluator(root, reading)
  const metrics = readMetrics(root, reading)
  const httpServers = readHttpServers(root, reading, security)
  const { consumers, zookeeperConsumers } = readConsumers(root, reading, profiles, clusters)
  const notifiers = readNotifiers(root, reading)
  const zookeeper = readZookeeper(root, reading, security, hasModules(root, 'notifier', reading))
  profiles.finish()
  for (const sections of Object.values(security)) sections.finish()
  const { customModules } = reading
  return {
    general,
    logging,
    threads,
    storage,
    evaluator,
    metrics,
    httpServers,
    clusters,
    consumers,
    zookeeperConsumers,
    notifiers,
    customModules,
    zookeeper
  }
}

/** The one key that the environment cannot override, since it says how variables are called. */
function readPrefix(root: ConfigTable, mistakes: Mistakes): string {
  const general = root.get('general')
  const inSection = general instanceof Map ? general.get('env-var-prefix') : undefined
  const value = root.get('general.env-var-prefix') ?? inSection ?? undefined
  if (value === undefined) return envVarPrefixDefault
  const prefix = toText(value)
  if (prefix === undefined) mistakes.add('general.env-var-prefix', 'not a string', showValue(value), 'a string')
  return prefix ?? envVarPrefixDefault
}

function warnOfNothingToDo({
  clusters,
  consumers,
  zookeeperConsumers,
  customModules,
  warnings
}: Omit<AppConfig, 'warnings'> & { readonly warnings: string[] }): void {
  const custom = (wanted: string) => customModules.filter(({ kind }) => kind === wanted)
  if (clusters.length === 0 && custom('cluster').length === 0)
    warnings.push('cluster: there is no section [cluster.NAME], so nothing is watched')
  for (const { name } of [...clusters, ...custom('cluster')]) {
    if (custom('consumer').some(({ section }) => String(section.cluster).toLowerCase() === name)) continue
    if ([...consumers, ...zookeeperConsumers].some(consumer => consumer.cluster === name)) continue
    warnings.push(`cluster.${name}: no section [consumer.NAME] reads its commits, so it will show no groups`)
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
