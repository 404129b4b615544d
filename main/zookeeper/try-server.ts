import { randomBytes } from 'node:crypto'
import type { TlsSettings } from '../../shared/settings.ts'
import { type Client, createFlagByMode, ZookeeperConnection } from './connection.ts'
import { parseServer, readTlsOptions } from './servers.ts'
import { isRefused, unavailable } from './zookeeper-errors.ts'

export interface ZookeeperTry {
  /** `host:port` */
  readonly server: string
  readonly tls: TlsSettings | null
  readonly sessionTimeoutMs: number
  readonly deadlineMs: number
}

/** What a session may do with a path: `write` = a node was made below it, and removed. */
export type PathAnswer = 'no node' | 'read refused' | 'read' | 'write refused' | 'write'

/**
 * One session on one server, for `burrow check`: looks whether the paths can be read, and whether those of `writes` can have nodes too.
 * Such a node is ephemeral: if it cannot be removed, it goes with the session. Rejects with ZOOKEEPER_UNAVAILABLE or CONFIG_INVALID.
 * Main thread.
 */
export async function tryZookeeper(
  { server, tls, sessionTimeoutMs, deadlineMs }: ZookeeperTry,
  reads: readonly string[],
  writes: readonly string[]
): Promise<ReadonlyMap<string, PathAnswer>> {
  const address = parseServer(server)
  const options = readTlsOptions(tls)
  let connection: ZookeeperConnection | null = null
  let isUp = () => {}
  let isDown = (_: string) => {}
  const up = new Promise<void>(resolve => {
    isUp = resolve
  })
  const down = new Promise<string>(resolve => {
    isDown = resolve
  })
  const timer = setTimeout(() => connection?.destroy(`no answer within ${deadlineMs} ms`), deadlineMs)
  try {
    connection = new ZookeeperConnection({
      server: address,
      tls: options,
      sessionTimeoutMs,
      connectTimeoutMs: deadlineMs,
      identity: null,
      onProof: () => {},
      onUp: () => isUp(),
      onExpired: () => {},
      onDown: reason => isDown(reason)
    })
    const reason = await Promise.race([up, down])
    if (reason !== undefined) throw unavailable(reason)
    const answerByPath = new Map<string, PathAnswer>()
    for (const path of reads) answerByPath.set(path, await tryRead(connection, path))
    for (const path of writes) {
      const read = await tryRead(connection, path)
      answerByPath.set(path, read === 'read' ? await tryWrite(connection, path) : read)
    }
    return answerByPath
  } finally {
    clearTimeout(timer)
    if (connection && !connection.isDown) await endSession(connection, down)
  }
}

async function tryRead(connection: ZookeeperConnection, path: string): Promise<PathAnswer> {
  try {
    await connection.call(`children of ${path}`, (client: Client, done) => client.getChildren(path, done))
    return 'read'
  } catch (error) {
    if (isRefused(error, 'NO_NODE')) return 'no node'
    if (isRefused(error, 'NO_AUTH')) return 'read refused'
    throw error
  }
}

async function tryWrite(connection: ZookeeperConnection, path: string): Promise<PathAnswer> {
  const node = `${path === '/' ? '' : path}/burrow-check-${randomBytes(8).toString('hex')}`
  const mode = createFlagByMode.ephemeral
  try {
    await connection.call(`create ${node}`, (client: Client, done) => client.create(node, Buffer.alloc(0), mode, done))
  } catch (error) {
    if (isRefused(error, 'NO_AUTH')) return 'write refused'
    throw error
  }
  try {
    await connection.call<void>(`remove ${node}`, (client: Client, done) =>
      client.remove(node, -1, error => done(error, undefined))
    )
  } catch (error) {
    if (!isRefused(error, 'NO_AUTH')) throw error
    return 'write refused' // locks have to be removed too
  }
  return 'write'
}

const endBoundMs = 1_000

/** A session that is ended leaves nothing on the server; one that is only cut off stays there for its timeout. */
async function endSession(connection: ZookeeperConnection, down: Promise<string>): Promise<void> {
  const late = setTimeout(() => connection.destroy('closed'), endBoundMs)
  connection.closeSession()
  await down
  clearTimeout(late)
}
