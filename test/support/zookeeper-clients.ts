import { SessionClient } from '../../main/zookeeper/client.ts'
import { ZookeeperSession } from '../../main/zookeeper/session.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'

export interface Line {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A logger that keeps what it is told. */
export function keptLog(): { readonly logger: Logger; readonly lines: Line[] } {
  const lines: Line[] = []
  const at =
    (level: Line['level']) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      lines.push({ level, message, fields })
    }
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger
  }
  return { logger, lines }
}

/** Sessions of a test, all closed after it. `server` can be several, with commas between them. */
export function useClients(): (server: string, timeoutMs?: number) => Promise<SessionClient> {
  const clients: SessionClient[] = []
  afterEach(async () => {
    await Promise.all(clients.splice(0).map(client => client.close()))
  })
  return async (server, timeoutMs = 1500) => {
    const session = new ZookeeperSession({ servers: server.split(','), timeoutMs, tls: null, logger: keptLog().logger })
    const client = new SessionClient(session)
    clients.push(client)
    session.start()
    await session.connected()
    return client
  }
}
