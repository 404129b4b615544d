import type { ZookeeperSettings } from '../../shared/settings.ts'
import type { ConfigTable } from './config-tree.ts'
import { parseHostPort } from './host-port.ts'
import { showValue } from './mistakes.ts'
import type { Reading, SectionReader } from './section-reader.ts'
import { timerSecondsMax } from './section-reader.ts'
import { singleSection } from './sections.ts'
import type { Security } from './security.ts'
import { isZookeeperPath, zookeeperPathForm } from './zookeeper-path.ts'

const serversForm = 'a list of host:port, for example ["zk-1:2181", "zk-2:2181"]'

/** `[zookeeper]` (spec 05 section 5.1): only notifiers use it. Without it, each process is its own leader. */
export function readZookeeper(
  root: ConfigTable,
  reading: Reading,
  security: Security,
  hasNotifiers: boolean
): ZookeeperSettings | null {
  const section = singleSection(root, 'zookeeper', reading)
  if (!root.has('zookeeper') && !section.has('servers')) {
    if (hasNotifiers)
      reading.warnings.push('zookeeper: no section, so every process with this file sends notifications')
    return null
  }
  if (!hasNotifiers) {
    reading.warnings.push('zookeeper: not used, there is no section [notifier.NAME]')
    return null
  }
  const rootPath = section.text('root-path', '/burrow')
  const settings = {
    servers: readZookeeperServers(section, 'No Zookeeper servers specified', 'Failed to validate Zookeeper servers'),
    timeoutSeconds: section.integer('timeout', 6, { min: 1, max: timerSecondsMax }),
    rootPath,
    tls: section.has('tls') ? (security.tls.of(section)?.settings ?? null) : null
  }
  if (!isZookeeperPath(rootPath)) section.refuse('root-path', 'Zookeeper root path is not valid', zookeeperPathForm)
  if (settings.tls?.noVerify) section.warn('tls', `noverify of tls.${settings.tls.name} is not used for ZooKeeper`)
  section.finish()
  return settings
}

/** Both sentences are Burrow's. */
export function readZookeeperServers(reader: SectionReader, none: string, bad: string): readonly string[] {
  const servers = reader.list('servers')
  if (servers.length === 0) reader.refuse('servers', none, serversForm)
  const wrong = servers.filter(server => parseHostPort(server) === null)
  if (wrong.length > 0) reader.refuse('servers', `${bad}: ${wrong.map(showValue).join(', ')}`, serversForm)
  return servers
}
