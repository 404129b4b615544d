import type { TlsSettings } from '../../../shared/settings.ts'
import type { AppConfig } from '../../config/app-config.ts'
import { parseHostPort } from '../../config/host-port.ts'
import { tryMailServer } from '../../notifier/email-notifier.ts'
import { type PathAnswer, tryZookeeper } from '../../zookeeper/try-server.ts'
import type { Finding } from './finding.ts'

type Found = Pick<Finding, 'kind' | 'says'>

/** A server that is not Kafka's. */
export interface ServerToTry {
  /** `host:port` as written. */
  readonly address: string
  /** The sections that name it. */
  readonly users: readonly string[]
  /** Rejects with an error whose message says why nothing answered. */
  attempt(deadlineMs: number): Promise<readonly Found[]>
}

/** A check that tries more than this is no longer a quick look. */
export const othersMax = 1000

/** ZooKeeper servers, each once for a way of connecting, and mail servers. Addresses that are mistakes are passed over. */
export function otherServers(config: AppConfig): { servers: readonly ServerToTry[]; leftOut: number } {
  const all = [...zookeeperServers(config), ...mailServers(config)]
  return { servers: all.slice(0, othersMax), leftOut: Math.max(0, all.length - othersMax) }
}

interface ZookeeperUse {
  readonly users: string[]
  readonly reads: Set<string>
  readonly writes: Set<string>
}

function zookeeperServers({ zookeeper, zookeeperConsumers }: AppConfig): ServerToTry[] {
  const tries: ServerToTry[] = []
  const useByKey = new Map<string, ZookeeperUse>()
  const useOf = (addresses: readonly string[], tls: TlsSettings | null, sessionTimeoutMs: number, user: string) =>
    addresses
      .filter(address => parseHostPort(address) !== null)
      .map(address => {
        const key = JSON.stringify([address, tls?.name ?? null])
        const use = useByKey.get(key) ?? { users: [], reads: new Set(), writes: new Set() }
        use.users.push(user)
        if (useByKey.has(key)) return use
        useByKey.set(key, use)
        const attempt = async (deadlineMs: number) => {
          const wanted = { server: address, tls, sessionTimeoutMs, deadlineMs }
          return zookeeperFindings(await tryZookeeper(wanted, [...use.reads], [...use.writes]))
        }
        tries.push({ address, users: use.users, attempt })
        return use
      })
  for (const { name, servers, zookeeperPath, zookeeperTimeoutSeconds } of zookeeperConsumers) {
    const uses = useOf(servers, null, zookeeperTimeoutSeconds * 1000, `consumer.${name}`)
    for (const { reads } of uses) reads.add(`${zookeeperPath}/consumers`)
  }
  if (zookeeper !== null) {
    const uses = useOf(zookeeper.servers, zookeeper.tls, zookeeper.timeoutSeconds * 1000, 'zookeeper')
    for (const { writes } of uses) writes.add(zookeeper.rootPath)
  }
  return tries
}

/** `write` is only asked of the root path. */
export function zookeeperFindings(answerByPath: ReadonlyMap<string, PathAnswer>): Found[] {
  const good: string[] = []
  const bad: Found[] = []
  for (const [path, answer] of answerByPath) {
    if (answer === 'read') good.push(`${path} can be read`)
    else if (answer === 'write') good.push(`${path} can be written to`)
    else if (answer === 'read refused') bad.push({ kind: 'FAILED', says: `no right to read ${path}` })
    else if (answer === 'write refused')
      bad.push({ kind: 'FAILED', says: `no right to create and delete below ${path}` })
    else bad.push({ kind: 'warning', says: `there is no node ${path} yet` })
  }
  return [...bad, { kind: 'ok', says: ['a ZooKeeper session', ...good].join(', ') }]
}

function mailServers({ notifiers }: AppConfig): ServerToTry[] {
  return notifiers.flatMap(settings => {
    if (settings.className !== 'email') return []
    const host = settings.server.includes(':') ? `[${settings.server}]` : settings.server
    const address = `${host}:${settings.port}`
    if (parseHostPort(address) === null) return []
    const attempt = async (deadlineMs: number) => [
      { kind: 'ok', says: await tryMailServer(settings, deadlineMs) } as const
    ]
    return [{ address, users: [`notifier.${settings.name}`], attempt }]
  })
}
