/**
 * The little that is needed of ZooKeeper (spec 01 section 8, spec 08). Main thread.
 *
 * Watches are one-shot: the promise in `changed` settles with the first event, or rejects when the session is lost.
 */
export interface ZookeeperStat {
  /** Transaction that last changed the node's data; the order of a commit in ZooKeeper. */
  readonly mzxid: number
  readonly mtimeMs: number
}

export interface ZookeeperEvent {
  readonly type: 'created' | 'deleted' | 'changed' | 'child'
  readonly path: string
}

export interface Watched<T> {
  readonly value: T
  readonly stat: ZookeeperStat | null
  readonly changed: Promise<ZookeeperEvent>
}

export type CreateMode = 'persistent' | 'ephemeral' | 'ephemeral-sequential'

export interface ZookeeperClient {
  close(): Promise<void>
  exists(path: string): Promise<boolean>
  /** Sets a watch even when the node does not exist; it then fires on creation. */
  existsW(path: string): Promise<Watched<boolean>>
  childrenW(path: string): Promise<Watched<readonly string[]>>
  getW(path: string): Promise<Watched<Uint8Array>>
  /** Returns the path that was created, with the sequence number if there is one. */
  create(path: string, data: Uint8Array, mode: CreateMode): Promise<string>
  newLock(path: string): ZookeeperLock
}

/** Clients that lock the same path hold it one at a time. */
export interface ZookeeperLock {
  /** Resolves when the lock is held. Rejects if that cannot be, for example because the session was lost. */
  lock(): Promise<void>
  /** Rejects if the lock is not held. */
  unlock(): Promise<void>
}
