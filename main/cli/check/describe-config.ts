import type { NotifierSettings } from '../../../shared/notifier-settings.ts'
import type { ClientProfile, SaslSettings } from '../../../shared/settings.ts'
import type { AppConfig } from '../../config/app-config.ts'
import { resolveThreads } from '../../config/auto-threads.ts'
import { parseHostPort } from '../../config/host-port.ts'
import type { ConfigReport } from '../../config/load-config.ts'
import type { Mistake } from '../../config/mistakes.ts'

/** What was read, as lines for people. No secrets: passwords, keys and URLs of notifiers are not among it. */
export function describeConfig({ config, pathByVariable }: ConfigReport): string[] {
  return [
    config.file,
    ...part('Clusters', clusterLines(config)),
    ...part('Consumers', consumerLines(config)),
    ...part('Listeners', listenerLines(config)),
    ...part('Notifiers', config.notifiers.map(notifierLine)),
    ...part(
      'Modules of your own',
      config.customModules.map(({ kind, name, className }) => `${kind}.${name}: ${className}`)
    ),
    ...part('Kept', keptLines(config)),
    ...part(
      'From the environment',
      [...pathByVariable].map(([variable, path]) => `${variable} for ${path}`)
    )
  ]
}

export function describeWarnings(warnings: readonly string[]): string[] {
  return warnings.length === 0 ? [] : part(counted(warnings.length, 'warning'), warnings)
}

export function describeMistakes(mistakes: readonly Mistake[]): string[] {
  if (mistakes.length === 0) return ['', 'No mistakes.']
  const title = `${counted(mistakes.length, 'mistake')}: nothing would start`
  return part(
    title,
    mistakes.map(mistake => mistake.text)
  )
}

function part(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map(line => `  ${line}`)]
}

function clusterLines({ clusters }: AppConfig): string[] {
  return clusters.map(({ name, servers, profile, offsetRefreshSeconds, topicRefreshSeconds }) => {
    const rhythm = `end offsets every ${offsetRefreshSeconds} s, topics every ${topicRefreshSeconds} s`
    return `${name}: ${counted(servers.length, 'server')}, ${security(profile)}, ${rhythm}`
  })
}

function consumerLines({ consumers, zookeeperConsumers }: AppConfig): string[] {
  const fromKafka = consumers.map(({ name, cluster, servers, profile, offsetsTopic, ...rest }) => {
    const from = rest.startLatest
      ? rest.backfillEarliest
        ? 'from the end, and back to the start'
        : 'from the end'
      : 'from the start'
    return `${name}: cluster ${cluster}, ${counted(servers.length, 'server')}, ${security(profile)}, ${offsetsTopic} ${from}${lists(rest)}`
  })
  const fromZookeeper = zookeeperConsumers.map(({ name, cluster, servers, zookeeperPath, ...rest }) => {
    const path = `${zookeeperPath}/consumers`
    return `${name}: cluster ${cluster}, ${counted(servers.length, 'ZooKeeper server')}, ${path}${lists(rest)}`
  })
  return [...fromKafka, ...fromZookeeper]
}

function listenerLines({ httpServers }: AppConfig): string[] {
  return httpServers.map(({ name, address, tls }) => {
    const scheme = tls === null ? 'http' : 'https'
    const clients = tls !== null && tls.caFile !== '' ? ', clients need a certificate' : ''
    const { host, port } = parseHostPort(address, 'listener') ?? { host: '', port: 0 }
    const open = ['localhost', '::1'].includes(host) || host.startsWith('127.') ? '' : ', open to other machines'
    return `${name}: ${scheme}://${address}${port === 0 ? ' (a free port)' : ''}${open}${clients}`
  })
}

function notifierLine(settings: NotifierSettings): string {
  const { name, threshold, intervalSeconds, sendClose, ...rest } = settings
  const className = settings.className === 'custom' ? settings.customClass : settings.className
  const from = ['OK', 'WARN', 'ERR'][threshold - 1]
  const close = sendClose ? ', says when it is over' : ''
  return `${name}: ${className}, from ${from} on, every ${intervalSeconds} s at most${close}${lists(rest)}`
}

function keptLines({ storage, evaluator, threads }: AppConfig): string[] {
  const { kafka, storage: shards, evaluator: evaluators } = resolveThreads(threads)
  const expire = `groups without commits leave after ${storage.expireGroupSeconds} s`
  return [
    `storage ${storage.name}: windows of ${storage.intervals} commits, ${expire}${lists(storage)}`,
    `evaluator ${evaluator.name}: verdicts are kept for ${evaluator.expireCacheSeconds} s`,
    `threads here: ${kafka} kafka, ${shards} storage, ${evaluators} evaluator`
  ]
}

function security({ name, kafkaVersion, tls, sasl, iam }: ClientProfile): string {
  const login = iam !== null ? ` and AWS IAM in ${iam.region}` : sasl === null ? '' : ` and ${loginOf(sasl)}`
  const profile = name === '' ? '' : `profile ${name}, `
  return `${profile}Kafka ${kafkaVersion} ${tls === null ? 'in the clear' : `with TLS (${tls.name})`}${login}`
}

/** Without secrets. */
export function loginOf(sasl: SaslSettings): string {
  if (sasl.mechanism !== 'OAUTHBEARER') return `${sasl.mechanism} as ${sasl.username}`
  const { source } = sasl
  if (source.kind === 'token') return 'OAUTHBEARER with a token'
  if (source.kind === 'file') return `OAUTHBEARER with the token of ${source.path}`
  const host = URL.canParse(source.endpoint) ? ` of ${new URL(source.endpoint).host}` : '' // else it is a mistake
  return `OAUTHBEARER as ${source.clientId}, with tokens${host}`
}

function lists({ groupAllowlist, groupDenylist }: { groupAllowlist: string; groupDenylist: string }): string {
  const only = groupAllowlist === '' ? '' : `, only groups like ${groupAllowlist}`
  return `${only}${groupDenylist === '' ? '' : `, no groups like ${groupDenylist}`}`
}

export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
