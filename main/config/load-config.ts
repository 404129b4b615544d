import type { AppConfig, ThreadSettings } from './app-config.ts'
import { ClientProfiles } from './client-profile.ts'
import { readClusters } from './cluster.ts'
import type { ConfigTable } from './config-tree.ts'
import { lowerCaseKeys } from './config-tree.ts'
import { readConsumers } from './consumer.ts'
import { toText } from './conversions.ts'
import { Environment } from './environment.ts'
import { readEvaluator } from './evaluator.ts'
import { envVarPrefixDefault, readGeneral } from './general.ts'
import { readHttpServers } from './httpserver.ts'
import { warnOfOtherSections } from './later-sections.ts'
import { readLogging } from './logging.ts'
import { Mistakes, showValue } from './mistakes.ts'
import type { Reading } from './section-reader.ts'
import { readStorage } from './storage.ts'
import { readThreads } from './threads.ts'
import { parseToml, readTomlFile } from './toml-file.ts'

export interface LoadOptions {
  /** Threads as given on the command line; they win over file and environment. */
  readonly flags?: Partial<ThreadSettings>
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/**
 * Reads `burrow.toml` in `dir`. Throws BurrowError CONFIG_INVALID whose message has one line per mistake, all of them at
 * once; `facts.mistakes` has them as data (empty when the file could not be found, read or parsed). Main thread, at start.
 */
export function loadConfig(dir: string, options: LoadOptions = {}): AppConfig {
  const { file, text, warnings } = readTomlFile(dir, options.environment ?? {})
  return configFromToml(text, options, file, warnings)
}

/** The same from text, for programs that make their configuration themselves (demo, bench, tests). */
export function configFromToml(
  text: string,
  { flags = {}, environment = {} }: LoadOptions = {},
  file = '',
  warnings: readonly string[] = []
): AppConfig {
  const mistakes = new Mistakes()
  const root = lowerCaseKeys(parseToml(text, file || 'burrow.toml'), mistakes)
  const prefix = readPrefix(root, mistakes)
  const reading: Reading = { environment: new Environment(prefix, environment), mistakes, warnings: [...warnings] }
  const profiles = new ClientProfiles(root, reading)
  const clusters = readClusters(root, reading, profiles)
  const config = {
    file,
    general: readGeneral(root, reading, prefix),
    logging: readLogging(root, reading),
    threads: readThreads(root, reading, flags),
    storage: readStorage(root, reading),
    evaluator: readEvaluator(root, reading),
    httpServers: readHttpServers(root, reading),
    clusters,
    consumers: readConsumers(root, reading, profiles, clusters),
    warnings: reading.warnings
  }
  profiles.finish()
  warnOfOtherSections(root, reading)
  warnOfNothingToDo(config)
  for (const { variable, near } of reading.environment.misspelt()) {
    reading.warnings.push(`variable ${variable}: names no setting, not used; did you mean ${near}?`)
  }
  mistakes.throwIfAny(file)
  return deepFreeze(config)
}

/** The one key that the environment cannot override, since it says how variables are called. */
function readPrefix(root: ConfigTable, mistakes: Mistakes): string {
  const general = root.get('general')
  const value = general instanceof Map ? general.get('env-var-prefix') : undefined
  if (value === undefined) return envVarPrefixDefault
  const prefix = toText(value)
  if (prefix === undefined) mistakes.add('general.env-var-prefix', 'not a string', showValue(value), 'a string')
  return prefix ?? envVarPrefixDefault
}

function warnOfNothingToDo({
  clusters,
  consumers,
  warnings
}: Pick<AppConfig, 'clusters' | 'consumers'> & { warnings: string[] }): void {
  if (clusters.length === 0) warnings.push('cluster: there is no section [cluster.NAME], so nothing is watched')
  for (const { name } of clusters) {
    if (consumers.some(consumer => consumer.cluster === name)) continue
    warnings.push(`cluster.${name}: no section [consumer.NAME] reads its commits, so it will show no groups`)
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
