import type { Counters } from '../../shared/counters.ts'
import { BurrowError } from '../../shared/errors.ts'
import { LogLimit } from '../../shared/log-limit.ts'
import type { Logger } from '../../shared/protocol/application-context.ts'
import type { GroupFilter } from '../../shared/rules/group-filter.ts'
import { isUnavailable } from '../zookeeper/zookeeper-errors.ts'
import { ReadWindow } from './read-window.ts'
import {
  type GroupNode,
  newGroup,
  newPartition,
  newRoot,
  newTopic,
  type PartitionNode,
  subtree,
  type ToldCommit,
  type TopicNode,
  type ZkNode
} from './zk-nodes.ts'
import type { Read, ReadCommit, ZkReader } from './zk-reader.ts'

/** Nodes that are read at the same time; each is one or two requests. */
const readsParallelMax = 128
/** Groups, topics and partitions that are followed. */
export const nodesMax = 1_000_000
/** How often nodes without a watch are read again. */
const pollMs = 30_000

export interface ZkTreeOptions {
  readonly reader: Pick<ZkReader, 'groups' | 'topics' | 'partitions' | 'commit'>
  readonly filter: GroupFilter
  readonly counters: Counters
  readonly logger: Logger
  onCommit(node: PartitionNode, commit: ToldCommit): void
  /** ZooKeeper has deleted it. */
  onTopicGone(topic: TopicNode): void
  onGroupGone(group: GroupNode): void
  onPartitionGone(node: PartitionNode): void
  /** Everything was read once since `rebuild`, on one connection. */
  onBuilt(): void
}

/**
 * Keeps what is known of the old consumers like ZooKeeper: a node whose watch fires is read again, and what is new under it is read,
 * what is gone is forgotten (spec 09, E14). Main thread.
 *
 * A new connection has no watches. `rebuild` then reads everything once, from the root down, against what is known:
 * that restores the watches and finds what happened meanwhile, deletions included (spec 09, E13).
 */
export class ZkTree {
  readonly #options: ZkTreeOptions
  readonly #root = newRoot()
  readonly #window: ReadWindow
  readonly #logLimit = new LogLimit()
  /** Has no watch and is polled: there were too many, or it could not be read. */
  readonly #unwatched = new Set<ZkNode>()
  readonly #pollTimer: NodeJS.Timeout
  /** Of the groups that are there now, so that each is matched and counted once. */
  #denied: ReadonlySet<string> = new Set()
  #life = -1
  /** The connection that ended before an answer: what else there is to read fails too, so nothing left to do is not everything done. */
  #brokenLife = -1
  #nodes = 0
  #builtLife = -1
  #partitions = 0

  constructor(options: ZkTreeOptions) {
    this.#options = options
    this.#window = new ReadWindow(readsParallelMax, () => this.#onIdle())
    this.#pollTimer = setInterval(() => this.#poll(), pollMs)
  }

  get groups(): ReadonlyMap<string, GroupNode> {
    return this.#root.groups
  }

  get partitions(): number {
    return this.#partitions
  }

  /** Everything was read at least once. */
  get isBuilt(): boolean {
    return this.#builtLife >= 0
  }

  /** `life` rises with each connection. */
  rebuild(life: number): void {
    this.#life = life
    this.#unwatched.clear()
    this.#window.clear()
    for (const node of subtree(this.#root)) node.queued = false
    this.#enqueue(this.#root)
  }

  stop(): void {
    clearInterval(this.#pollTimer)
    this.#window.clear()
    this.#life = -1
  }

  *allPartitions(): Generator<PartitionNode> {
    for (const node of subtree(this.#root)) if (node.kind === 'partition') yield node
  }

  #enqueue(node: ZkNode): void {
    if (node.queued || node.gone) return
    node.queued = true
    this.#window.add(() => this.#read(node))
  }

  async #read(node: ZkNode): Promise<void> {
    const life = this.#life
    node.queued = false
    if (node.gone || life < 0) return
    node.life = life
    try {
      const { value, changed } = await this.#readByKind(node)
      if (life !== this.#life) return
      if (value === null && (node.kind === 'topic' || node.kind === 'partition')) {
        node.life = -1 // its parent's watch has fired: there it is missed, or found again
      } else if (changed === null) {
        this.#unwatched.add(node)
      } else {
        this.#unwatched.delete(node)
        const again = () => {
          if (life === this.#life) this.#enqueue(node)
        }
        changed.then(again, () => undefined) // rejects with the connection; `rebuild` follows
      }
    } catch (error) {
      if (life !== this.#life) return
      if (isUnavailable(error)) {
        this.#brokenLife = life
        return
      }
      this.#unwatched.add(node)
      const outOfRange = error instanceof BurrowError && error.code === 'PROTOCOL_DECODE'
      this.#options.counters.add(outOfRange ? 'refused_out_of_range' : 'zookeeper_unreadable')
      this.#warn('unreadable', 'cannot read a node of a consumer', { ...describe(node), error })
    }
  }

  async #readByKind(node: ZkNode): Promise<Read<unknown>> {
    const { reader } = this.#options
    const life = this.#life
    const isOld = () => life !== this.#life || node.gone
    switch (node.kind) {
      case 'root': {
        const read = await reader.groups()
        if (!isOld()) this.#setGroups(read.value ?? [])
        return read
      }
      case 'group': {
        const read = await reader.topics(node.name)
        if (!isOld()) this.#setTopics(node, read.value ?? [])
        return read
      }
      case 'topic': {
        const read = await reader.partitions(node.group.name, node.name)
        if (!isOld()) this.#setPartitions(node, read.value ?? [], read.strange)
        return read
      }
      case 'partition': {
        const { topic, partition } = node
        const read = await reader.commit(topic.group.name, topic.name, partition)
        if (!isOld() && read.value !== null) this.#setCommit(node, read.value)
        return read
      }
    }
  }

  #setGroups(names: readonly string[]): void {
    const { groups } = this.#root
    const accepted = new Set(names.filter(name => groups.has(name) || this.#accept(name)))
    this.#denied = new Set(names.filter(name => !accepted.has(name)))
    for (const [name, group] of groups) {
      if (accepted.has(name)) continue
      groups.delete(name)
      this.#forget(group)
      if (group.hasTold) this.#options.onGroupGone(group)
    }
    for (const name of accepted) this.#follow(groups, name, () => newGroup(name))
  }

  #accept(group: string): boolean {
    if (this.#denied.has(group)) return false
    if (this.#options.filter.accept(group)) return true
    this.#options.counters.add('refused_filtered')
    return false
  }

  #setTopics(group: GroupNode, names: readonly string[]): void {
    const present = new Set(names)
    for (const [name, topic] of group.topics) {
      if (present.has(name)) continue
      group.topics.delete(name)
      this.#forget(topic)
      if (topic.hasTold) this.#options.onTopicGone(topic)
    }
    for (const name of names) this.#follow(group.topics, name, () => newTopic(group, name))
  }

  /** Partitions are those that there are: their numbers need not begin at 0 (spec 09, E14). */
  #setPartitions(topic: TopicNode, numbers: readonly number[], strange: number): void {
    if (strange > 0) {
      this.#options.counters.add('refused_bad_partition', strange)
      this.#warn('strange', 'nodes that are no partitions under a topic', { ...describe(topic), nodes: strange })
    }
    const present = new Set(numbers)
    for (const [partition, node] of topic.partitions) {
      if (present.has(partition)) continue
      topic.partitions.delete(partition)
      this.#forget(node)
    }
    for (const partition of numbers) this.#follow(topic.partitions, partition, () => newPartition(topic, partition))
  }

  #setCommit(node: PartitionNode, { text, order, timestampMs, owner }: ReadCommit): void {
    if ('refused' in text) {
      this.#options.counters.add(text.refused === 'undecodable' ? 'refused_undecodable' : 'refused_out_of_range')
      this.#logLimit.log(this.#options.logger.error, 'offset', 'bad offset in ZooKeeper', {
        ...describe(node),
        reason: text.refused
      })
      return
    }
    const { told } = node
    if (told !== null && told.order === order && told.offset === text.offset && told.owner === owner) return
    node.topic.hasTold = true
    node.topic.group.hasTold = true
    this.#options.onCommit(node, { offset: text.offset, order, timestampMs, owner })
  }

  /** New, or not read on this connection: reads it. */
  #follow<K, N extends ZkNode>(nodes: Map<K, N>, key: K, create: () => N): void {
    let node = nodes.get(key)
    if (node === undefined) {
      if (this.#nodes >= nodesMax) {
        this.#options.counters.add('zookeeper_refused_nodes')
        this.#warn('nodes', 'too many groups, topics and partitions in ZooKeeper', { nodesMax })
        return
      }
      node = create()
      nodes.set(key, node)
      this.#nodes++
      if (node.kind === 'partition') this.#partitions++
    }
    if (node.life !== this.#life) this.#enqueue(node)
  }

  #forget(top: ZkNode): void {
    for (const node of subtree(top)) {
      node.gone = true
      this.#nodes--
      this.#unwatched.delete(node)
      if (node.kind !== 'partition') continue
      this.#partitions--
      this.#options.onPartitionGone(node)
    }
  }

  #poll(): void {
    for (const node of this.#unwatched) this.#enqueue(node)
  }

  #onIdle(): void {
    if (this.#life < 0 || this.#builtLife === this.#life || this.#root.life !== this.#life) return
    if (this.#brokenLife === this.#life) return
    this.#builtLife = this.#life
    this.#options.onBuilt()
  }

  #warn(key: string, message: string, fields: Readonly<Record<string, unknown>>): void {
    this.#logLimit.log(this.#options.logger.warn, key, message, fields)
  }
}

function describe(node: ZkNode): Readonly<Record<string, unknown>> {
  switch (node.kind) {
    case 'root':
      return {}
    case 'group':
      return { group: node.name }
    case 'topic':
      return { group: node.group.name, topic: node.name }
    case 'partition':
      return { group: node.topic.group.name, topic: node.topic.name, partition: node.partition }
  }
}
