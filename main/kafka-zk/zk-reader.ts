import { BurrowError } from '../../shared/errors.ts'
import type { Watched } from '../../shared/protocol/zookeeper.ts'
import type { SessionClient } from '../zookeeper/client.ts'
import { isRefused, isUnavailable } from '../zookeeper/zookeeper-errors.ts'
import { type OffsetText, readOffset, readOwner, readPartition } from './zk-values.ts'

/** Watches on one connection; what is beyond is read again every `ZkTree` poll. ZooKeeper and we keep each in memory. */
export const watchesMax = 200_000

export interface ReadCommit {
  readonly text: OffsetText
  readonly order: number
  readonly timestampMs: number
  readonly owner: string
}

/** `null` in `value`: the node is not there. `changed`: null = not watched, there are too many watches. */
export interface Read<T> {
  readonly value: T | null
  readonly changed: Promise<unknown> | null
}

/** Reads the nodes of old consumers (spec 06 section 6) and leaves watches on them. Main thread. */
export class ZkReader {
  readonly #client: SessionClient
  readonly #root: string

  /** `path`: '' or a path without a slash at its end. */
  constructor(client: SessionClient, path: string) {
    this.#client = client
    this.#root = `${path}/consumers`
  }

  groups(): Promise<Read<readonly string[]>> {
    return this.#children(this.#root, true)
  }

  topics(group: string): Promise<Read<readonly string[]>> {
    return this.#children(`${this.#root}/${group}/offsets`, true)
  }

  /** Names that are no partition are left out and counted in `strange`. */
  async partitions(group: string, topic: string): Promise<Read<readonly number[]> & { readonly strange: number }> {
    const { value, changed } = await this.#children(`${this.#root}/${group}/offsets/${topic}`, false)
    const partitions = value?.map(readPartition).filter(partition => partition !== null) ?? null
    return { value: partitions, changed, strange: (value?.length ?? 0) - (partitions?.length ?? 0) }
  }

  async commit(group: string, topic: string, partition: number): Promise<Read<ReadCommit>> {
    const [node, owner] = await Promise.all([
      this.#data(`${this.#root}/${group}/offsets/${topic}/${partition}`),
      this.#owner(`${this.#root}/${group}/owners/${topic}/${partition}`)
    ])
    if (node.value === null || node.stat === null) return { value: null, changed: null }
    const { mzxid, mtimeMs } = node.stat
    return { value: { text: readOffset(node.value), order: mzxid, timestampMs: mtimeMs, owner }, changed: node.changed }
  }

  get #mayWatch(): boolean {
    return this.#client.session.watches < watchesMax
  }

  /** `untilThere`: leaves a watch on a node that is not there, since its parent's does not tell of it. */
  async #children(path: string, untilThere: boolean): Promise<Read<readonly string[]>> {
    for (;;) {
      try {
        if (this.#mayWatch) return await this.#client.childrenW(path)
        return { value: await this.#client.children(path), changed: null }
      } catch (error) {
        if (!isRefused(error, 'NO_NODE')) throw error
      }
      if (!untilThere || !this.#mayWatch) return { value: null, changed: null }
      const { value: exists, changed } = await this.#client.existsW(path)
      if (!exists) return { value: null, changed }
    }
  }

  async #data(path: string): Promise<Omit<Watched<Uint8Array>, 'value' | 'changed'> & Read<Uint8Array>> {
    try {
      if (this.#mayWatch) return await this.#client.getW(path)
      return { ...(await this.#client.get(path)), changed: null }
    } catch (error) {
      if (isRefused(error, 'NO_NODE')) return { value: null, stat: null, changed: null }
      throw error
    }
  }

  /** '' if it cannot be read; most groups that are not running have none. */
  async #owner(path: string): Promise<string> {
    try {
      return readOwner((await this.#client.get(path)).value)
    } catch (error) {
      if (isUnavailable(error) || !(error instanceof BurrowError)) throw error
      return ''
    }
  }
}
