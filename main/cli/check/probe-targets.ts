import type { TlsSettings } from '../../../shared/settings.ts'
import type { AppConfig } from '../../config/app-config.ts'
import { parseHostPort } from '../../config/host-port.ts'

/** An address that the program would connect to. */
export interface ProbeTarget {
  readonly kind: 'kafka' | 'zookeeper' | 'smtp'
  /** `host:port` as written. */
  readonly address: string
  readonly host: string
  readonly port: number
  readonly tls: TlsSettings | null
  readonly clientId: string
  /** The sections that name it. */
  readonly users: readonly string[]
}

/** A check that tries more than this is no longer a quick look. */
export const targetsMax = 1000

/** Each address once, although a cluster and its consumer mostly name the same. Addresses that are mistakes are passed over. */
export function probeTargets(config: AppConfig): { targets: readonly ProbeTarget[]; leftOut: number } {
  const targetByKey = new Map<string, ProbeTarget & { users: string[] }>()
  const add = (
    kind: ProbeTarget['kind'],
    addresses: readonly string[],
    user: string,
    tls: TlsSettings | null = null,
    clientId = ''
  ) => {
    for (const address of addresses) {
      const place = parseHostPort(address)
      if (place === null) continue
      const key = `${kind} ${address} ${tls?.name ?? ''}`
      const known = targetByKey.get(key)
      if (known) known.users.push(user)
      else targetByKey.set(key, { kind, address, ...place, tls, clientId, users: [user] })
    }
  }
  for (const { name, servers, profile } of config.clusters) {
    add('kafka', servers, `cluster.${name}`, profile.tls, profile.clientId)
  }
  for (const { name, servers, profile } of config.consumers) {
    add('kafka', servers, `consumer.${name}`, profile.tls, profile.clientId)
  }
  for (const { name, servers } of config.zookeeperConsumers) add('zookeeper', servers, `consumer.${name}`)
  if (config.zookeeper !== null) add('zookeeper', config.zookeeper.servers, 'zookeeper', config.zookeeper.tls)
  for (const notifier of config.notifiers) {
    if (notifier.className !== 'email') continue
    const host = notifier.server.includes(':') ? `[${notifier.server}]` : notifier.server
    add('smtp', [`${host}:${notifier.port}`], `notifier.${notifier.name}`)
  }
  const targets = [...targetByKey.values()]
  return { targets: targets.slice(0, targetsMax), leftOut: Math.max(0, targets.length - targetsMax) }
}
