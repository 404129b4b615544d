import type { Logger, StorageRef } from '../../shared/protocol/application-context.ts'
import { StorageRequestConstant as Code } from '../../shared/protocol/storage.ts'
import { ReadWindow } from './read-window.ts'
import type { PartitionNode } from './zk-nodes.ts'

/** First pause between two looks, and longest: it doubles while nothing comes of it. */
export interface LookPauses {
  readonly firstMs: number
  readonly longestMs: number
}

const lookPauses: LookPauses = { firstMs: 2_000, longestMs: 60_000 }
const asksParallelMax = 8
/** Tells in a row before others get a turn of the event loop, storage's acknowledgements among them. */
const tellsAtOnceMax = 256
/** Shard 0 answers what is known, but each shard is told by itself: the second time the others know too. */
const tellsOnceKnown = 2

/**
 * Storage refuses a commit while the end offset of its partition is not known (spec 02 section 6.3), and an old group may not commit
 * again for hours. So what was told of a partition is told again once storage has its end offset: at the start, for new
 * topics, and after a storage thread was replaced. The order makes this harmless where the commit had been taken. Then never again: a
 * group that somebody removes over HTTP stays away until it commits. Main thread.
 */
export class LateTopics {
  readonly #cluster: string
  readonly #storage: StorageRef
  readonly #logger: Logger
  readonly #tell: (node: PartitionNode) => boolean
  /** How often each has been told since its end offset is known. At most as many as there are nodes. */
  readonly #tellsByNode = new Map<PartitionNode, number>()
  #timer: NodeJS.Timeout | undefined
  readonly #pauses: LookPauses
  #pauseMs: number
  #tells = 0
  #stopped = false

  /** `tell`: tells storage what the node knows, once more; false if that must be tried again. Never throws. */
  constructor(
    cluster: string,
    storage: StorageRef,
    logger: Logger,
    tell: (node: PartitionNode) => boolean,
    pauses = lookPauses
  ) {
    this.#pauses = pauses
    this.#pauseMs = pauses.firstMs
    this.#cluster = cluster
    this.#storage = storage
    this.#logger = logger
    this.#tell = tell
  }

  get waiting(): number {
    return this.#tellsByNode.size
  }

  add(node: PartitionNode): void {
    this.#tellsByNode.set(node, 0)
    this.lookSoon()
  }

  delete(node: PartitionNode): void {
    this.#tellsByNode.delete(node)
  }

  lookSoon(): void {
    if (this.#timer !== undefined && this.#pauseMs === this.#pauses.firstMs) return
    this.#pauseMs = this.#pauses.firstMs
    this.#lookLater()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #lookLater(): void {
    clearTimeout(this.#timer)
    if (this.#stopped) return
    this.#timer = setTimeout(() => void this.#look(), this.#pauseMs)
  }

  async #look(): Promise<void> {
    const before = this.#tellsByNode.size
    try {
      await this.#tellWhatIsKnown()
    } catch (error) {
      this.#logger.debug('storage does not say which topics it knows, asked again later', { error })
    }
    if (this.#stopped) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#tellsByNode.size === 0) return
    this.#pauseMs =
      this.#tellsByNode.size < before ? this.#pauses.firstMs : Math.min(this.#pauseMs * 2, this.#pauses.longestMs)
    this.#lookLater()
  }

  /** Nodes of topics that the cluster does not have cost one question all together. */
  async #tellWhatIsKnown(): Promise<void> {
    const topics = await this.#storage.ask({ type: Code.FetchTopics, cluster: this.#cluster })
    const known = new Set(topics ?? [])
    const nodesByTopic = new Map<string, PartitionNode[]>()
    for (const node of this.#tellsByNode.keys()) {
      const topic = node.topic.name
      if (!known.has(topic)) continue
      const nodes = nodesByTopic.get(topic)
      if (nodes) nodes.push(node)
      else nodesByTopic.set(topic, [node])
    }
    await new Promise<void>(resolve => {
      if (nodesByTopic.size === 0) return resolve()
      const asks = new ReadWindow(asksParallelMax, resolve)
      for (const [topic, nodes] of nodesByTopic) asks.add(() => this.#tellTopic(topic, nodes))
    })
  }

  async #tellTopic(topic: string, nodes: readonly PartitionNode[]): Promise<void> {
    let ends: readonly number[] | null
    try {
      ends = await this.#storage.ask({ type: Code.FetchTopic, cluster: this.#cluster, topic })
    } catch {
      return // the nodes still wait, and the next look asks again
    }
    for (const node of nodes) {
      if (++this.#tells % tellsAtOnceMax === 0) await new Promise(resolve => setImmediate(resolve))
      const tells = this.#tellsByNode.get(node)
      if (tells === undefined || (ends?.[node.partition] ?? -1) < 0 || !this.#tell(node)) continue
      if (tells + 1 < tellsOnceKnown) this.#tellsByNode.set(node, tells + 1)
      else this.#tellsByNode.delete(node)
    }
  }
}
