import type { Counters } from '../../shared/counters.ts'
import { LogLimit } from '../../shared/log-limit.ts'
import type { Logger, StorageRef } from '../../shared/protocol/application-context.ts'
import { StorageRequestConstant as Code } from '../../shared/protocol/storage.ts'
import { compileGroupFilter } from '../../shared/rules/group-filter.ts'
import type { ZookeeperConsumerSettings } from '../../shared/settings.ts'
import { SessionClient } from '../zookeeper/client.ts'
import { type SessionState, ZookeeperSession } from '../zookeeper/session.ts'
import { LateTopics, type LookPauses } from './late-topics.ts'
import type { GroupNode, PartitionNode } from './zk-nodes.ts'
import { ZkReader } from './zk-reader.ts'
import { ZkTree } from './zk-tree.ts'

export interface KafkaZkConsumerOptions {
  readonly settings: ZookeeperConsumerSettings
  readonly storage: StorageRef
  readonly logger: Logger
  readonly counters: Counters
  /** For tests. */
  readonly lookPauses?: LookPauses
}

/** For health. */
export interface KafkaZkStats {
  readonly name: string
  readonly state: SessionState
  readonly caughtUp: boolean
  readonly groups: number
  readonly partitions: number
  readonly watches: number
  /** Partitions whose end offset storage does not have, as far as we know. */
  readonly waitingPartitions: number
}

/**
 * A consumer module of class kafka_zk: offsets that old clients commit to ZooKeeper become commits in storage (spec 06 section 6).
 * Order = mzxid, time = mtime. Writes nothing to ZooKeeper. Main thread.
 */
export class KafkaZkConsumer {
  readonly #options: KafkaZkConsumerOptions
  readonly #session: ZookeeperSession
  readonly #tree: ZkTree
  readonly #late: LateTopics
  readonly #logLimit = new LogLimit()

  /** Throws BurrowError CONFIG_INVALID: servers, patterns. Connects to nothing before `start`. */
  constructor(options: KafkaZkConsumerOptions) {
    const { settings, storage, logger, counters } = options
    this.#options = options
    this.#session = new ZookeeperSession({
      servers: settings.servers,
      timeoutMs: settings.zookeeperTimeoutSeconds * 1000,
      tls: null,
      logger
    })
    const { cluster } = settings
    this.#late = new LateTopics(cluster, storage, logger, node => this.#tell(node), options.lookPauses)
    this.#tree = new ZkTree({
      reader: new ZkReader(new SessionClient(this.#session), settings.zookeeperPath),
      filter: compileGroupFilter(settings.groupAllowlist, settings.groupDenylist),
      counters,
      logger,
      onCommit: (node, commit) => {
        const isFirst = node.told === null
        node.told = commit
        counters.add('zookeeper_commits')
        if (this.#tell(node) && isFirst) this.#late.add(node)
      },
      onTopicGone: topic => this.#delete(topic.group, topic.name),
      onGroupGone: group => this.#delete(group),
      onPartitionGone: node => this.#late.delete(node),
      onBuilt: () => this.#onBuilt()
    })
    this.#session.onState(state => this.#onState(state))
  }

  get name(): string {
    return this.#options.settings.name
  }

  get cluster(): string {
    return this.#options.settings.cluster
  }

  /** Does not wait for ZooKeeper: while it cannot be reached, this module alone has nothing to say. */
  async start(): Promise<void> {
    this.#session.start()
  }

  async stop(): Promise<void> {
    this.#tree.stop()
    this.#late.stop()
    await this.#session.close()
  }

  /** Every offset was read at least once. */
  get caughtUp(): boolean {
    return this.#tree.isBuilt
  }

  /** No server has ever answered. */
  get isUnreachable(): boolean {
    return this.#session.unreachable
  }

  /** Kafka does not list these groups, so whoever removes groups that Kafka does not list must leave them alone (spec 09, E9). */
  knowsGroup(group: string): boolean {
    return this.#tree.groups.has(group)
  }

  groups(): readonly string[] {
    return [...this.#tree.groups.keys()]
  }

  /** A storage thread was replaced and begins empty: everything is told again, as soon as it has end offsets. */
  storageReplaced(): void {
    for (const node of this.#tree.allPartitions()) if (node.told !== null) this.#late.add(node)
  }

  stats(): KafkaZkStats {
    return {
      name: this.name,
      state: this.#session.state,
      caughtUp: this.caughtUp,
      groups: this.#tree.groups.size,
      partitions: this.#tree.partitions,
      watches: this.#session.watches,
      waitingPartitions: this.#late.waiting
    }
  }

  /** Watches end with the connection, so each new one reads everything once; what has not changed is not told again. */
  #onState(state: SessionState): void {
    const { logger, counters } = this.#options
    if (state === 'expired') logger.error('session expired')
    if (state !== 'connected') return
    counters.add('zookeeper_connections')
    this.#tree.rebuild(this.#session.connections)
  }

  #onBuilt(): void {
    const { groups, partitions, watches } = this.stats()
    this.#options.logger.info('offsets in ZooKeeper read', { groups, partitions, watches })
    this.#late.lookSoon()
  }

  /** False if storage has no room: then it is told later. */
  #tell(node: PartitionNode): boolean {
    const { told, topic, partition } = node
    if (told === null) return true
    const { storage, settings, logger } = this.#options
    const where = { cluster: settings.cluster, group: topic.group.name, topic: topic.name, partition }
    const { offset, order, timestampMs, owner } = told
    try {
      storage.tell({ type: Code.SetConsumerOffset, ...where, offset, order, timestampMs })
      storage.tell({ type: Code.SetConsumerOwner, ...where, owner, clientId: '' })
      return true
    } catch (error) {
      this.#logLimit.log(logger.warn, 'tell', 'storage takes no more, told later', { error })
      this.#late.add(node)
      return false
    }
  }

  #delete(group: GroupNode, topic?: string): void {
    const { storage, settings, logger } = this.#options
    const command = { type: Code.SetDeleteGroup, cluster: settings.cluster, group: group.name } as const
    try {
      storage.tell(topic === undefined ? command : { ...command, topic })
    } catch (error) {
      this.#logLimit.log(logger.warn, 'delete', 'storage could not be told of a deletion', { group: group.name, error })
    }
  }
}
