import type {
  CreateMode,
  Watched,
  ZookeeperClient,
  ZookeeperEvent,
  ZookeeperStat
} from '../../shared/protocol/zookeeper.ts'
import { createFlagByMode, type Stat, toStat } from './connection.ts'
import { type LosableLock, SessionLock } from './lock.ts'
import type { ZookeeperSession } from './session.ts'
import { isRefused } from './zookeeper-errors.ts'

/**
 * The protocol's ZookeeperClient on one session. Main thread.
 *
 * Every call rejects with BurrowError ZOOKEEPER_REFUSED (the server's reason in `facts.reason`: NO_NODE and so on) or
 * ZOOKEEPER_UNAVAILABLE (no connection, or it ended before the answer). `changed` of a watch rejects with the latter when the
 * connection ends, within a session too: look again then, nothing is watched any more.
 */
export class SessionClient implements ZookeeperClient {
  readonly session: ZookeeperSession

  constructor(session: ZookeeperSession) {
    this.session = session
  }

  close(): Promise<void> {
    return this.session.close()
  }

  async exists(path: string): Promise<boolean> {
    return (
      (await this.session.call<Stat | null>(`exists ${path}`, (client, done) => client.exists(path, done))) !== null
    )
  }

  async existsW(path: string): Promise<Watched<boolean>> {
    const { value, changed } = await this.session.callW<Stat | null>(`exists ${path}`, (client, watch, done) =>
      client.exists(path, watch, done)
    )
    return { value: value !== null, stat: value === null ? null : toStat(value), changed }
  }

  async childrenW(path: string): Promise<Watched<readonly string[]>> {
    return watched(
      await this.session.callW<[readonly string[], Stat]>(`children of ${path}`, (client, watch, done) =>
        client.getChildren(path, watch, (error, names, stat) => done(error, [names, stat]))
      )
    )
  }

  async getW(path: string): Promise<Watched<Uint8Array>> {
    return watched(
      await this.session.callW<[Uint8Array, Stat]>(`get ${path}`, (client, watch, done) =>
        client.getData(path, watch, (error, data, stat) => done(error, [data ?? noBytes, stat]))
      )
    )
  }

  create(path: string, data: Uint8Array, mode: CreateMode): Promise<string> {
    return this.session.call(`create ${path}`, (client, done) =>
      client.create(path, Buffer.from(data), createFlagByMode[mode], done)
    )
  }

  newLock(path: string): LosableLock {
    return new SessionLock(this, path)
  }

  /** As `childrenW`, without a watch. */
  children(path: string): Promise<readonly string[]> {
    return this.session.call(`children of ${path}`, (client, done) => client.getChildren(path, done))
  }

  /** As `getW`, without a watch. */
  async get(path: string): Promise<{ readonly value: Uint8Array; readonly stat: ZookeeperStat }> {
    const [value, stat] = await this.session.call<[Uint8Array, Stat]>(`get ${path}`, (client, done) =>
      client.getData(path, (error, data, stat) => done(error, [data ?? noBytes, stat]))
    )
    return { value, stat: toStat(stat) }
  }

  /** Any version. */
  remove(path: string): Promise<void> {
    return this.session.call(`remove ${path}`, (client, done) => client.remove(path, error => done(error, undefined)))
  }

  /** Creates what is missing of `path`, each segment persistent and empty (spec 09, F15). */
  async createAll(path: string): Promise<void> {
    const segments = path.split('/').filter(segment => segment !== '')
    for (let depth = 1; depth <= segments.length; depth++) {
      const prefix = `/${segments.slice(0, depth).join('/')}`
      // Looked for first: who may not create in a parent is refused even if the node is there.
      if (await this.exists(prefix)) continue
      try {
        await this.create(prefix, noBytes, 'persistent')
      } catch (error) {
        if (!isRefused(error, 'NODE_EXISTS')) throw error
      }
    }
  }
}

const noBytes = new Uint8Array(0)

function watched<T>(result: { value: [T, Stat]; changed: Promise<ZookeeperEvent> }): Watched<T> {
  const [value, stat] = result.value
  return { value, stat: toStat(stat), changed: result.changed }
}
