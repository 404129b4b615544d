/**
 * What is known of `<path>/consumers` (spec 06 section 6): groups, their topics, their partitions. Main thread, one owner.
 *
 * `life` is the connection on which a node was last read and is being watched, -1 = never: a node of an older life has no watch any
 * more and is read again. `queued`: it waits to be read, once however often it changes. `gone`: ZooKeeper has deleted it;
 * what is still on its way for it is ignored.
 */
interface Node {
  life: number
  queued: boolean
  gone: boolean
}

export interface RootNode extends Node {
  readonly kind: 'root'
  readonly groups: Map<string, GroupNode>
}

export interface GroupNode extends Node {
  readonly kind: 'group'
  readonly name: string
  /** Storage was told something of it, maybe of nodes that are gone by now. */
  hasTold: boolean
  readonly topics: Map<string, TopicNode>
}

export interface TopicNode extends Node {
  readonly kind: 'topic'
  readonly group: GroupNode
  readonly name: string
  hasTold: boolean
  readonly partitions: Map<number, PartitionNode>
}

export interface PartitionNode extends Node {
  readonly kind: 'partition'
  readonly topic: TopicNode
  readonly partition: number
  /** What storage was last told; null = nothing yet. */
  told: ToldCommit | null
}

export interface ToldCommit {
  readonly offset: number
  readonly order: number
  readonly timestampMs: number
  readonly owner: string
}

export type ZkNode = RootNode | GroupNode | TopicNode | PartitionNode

const unread = { life: -1, queued: false, gone: false }

export function newRoot(): RootNode {
  return { kind: 'root', groups: new Map(), ...unread }
}

export function newGroup(name: string): GroupNode {
  return { kind: 'group', name, topics: new Map(), hasTold: false, ...unread }
}

export function newTopic(group: GroupNode, name: string): TopicNode {
  return { kind: 'topic', group, name, partitions: new Map(), hasTold: false, ...unread }
}

export function newPartition(topic: TopicNode, partition: number): PartitionNode {
  return { kind: 'partition', topic, partition, told: null, ...unread }
}

/** The nodes under a node, itself last. */
export function* subtree(node: ZkNode): Generator<ZkNode> {
  if (node.kind === 'root') for (const group of node.groups.values()) yield* subtree(group)
  if (node.kind === 'group') for (const topic of node.topics.values()) yield* subtree(topic)
  if (node.kind === 'topic') yield* node.partitions.values()
  yield node
}
