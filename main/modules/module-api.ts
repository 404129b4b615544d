/**
 * What a module of your own is made of (docs/custom-modules.md): `import type { ConsumerModule } from 'burrow-node'`. Everything of the
 * package that others may build on is exported here, and nothing else. Main thread.
 */
import type { ApplicationContext } from '../../shared/protocol/application-context.ts'
import type { ConsumerGroupStatus } from '../../shared/protocol/consumer.ts'
import type { Module } from '../../shared/protocol/coordinator.ts'

export { BurrowError, type ErrorCode } from '../../shared/errors.ts'
export type {
  ApplicationContext,
  EvaluatorRef,
  Logger,
  StorageRef
} from '../../shared/protocol/application-context.ts'
export type {
  ConsumerGroupStatus,
  ConsumerOffset,
  ConsumerPartition,
  ConsumerPartitions,
  ConsumerTopics,
  PartitionStatus
} from '../../shared/protocol/consumer.ts'
export type { Module } from '../../shared/protocol/coordinator.ts'
export type { EvaluatorRequest } from '../../shared/protocol/evaluator.ts'
export { StatusConstant, statusToText } from '../../shared/protocol/status.ts'
export {
  type StorageCommand,
  type StorageQuery,
  type StorageReplies,
  type StorageReply,
  StorageRequestConstant
} from '../../shared/protocol/storage.ts'
export type { ZookeeperClient, ZookeeperLock } from '../../shared/protocol/zookeeper.ts'

/** Text, number, flag, lists and tables of these; keys are in lower case, tables plain objects. */
export type SectionValue = unknown
export type ModuleSection = Readonly<Record<string, SectionValue>>

/**
 * The program, as a module sees it. Storage and evaluator answer from `start` on; before, they refuse with STORAGE_UNAVAILABLE and
 * EVALUATOR_UNAVAILABLE. What storage is told is checked first: REQUEST_INVALID is thrown for what it could not use.
 */
export interface ModuleContext extends Readonly<ApplicationContext> {
  /** The module's section of the configuration as it was read, `class-name` included. */
  readonly section: ModuleSection
}

/** The default export of the file or package that `class-name` names. A constructor must not connect to anything. */
export type ModuleClass<M extends Module> = new (context: ModuleContext, name: string, configRoot: string) => M

/** `[cluster.NAME]`: tells storage topics and end offsets of the cluster NAME (SetBrokerOffset, SetDeleteTopic). */
export type ClusterModule = Module

/** `[consumer.NAME]`: tells storage commits, owners and deletions of groups of the cluster that its key `cluster` names. */
export type ConsumerModule = Module

/** `[notifier.NAME]`: told of groups in trouble, by the rules and keys that all notifiers have. */
export interface NotifierModule extends Module {
  /**
   * One message. Messages about one group come one at a time and in their order. What throws, rejects or takes longer than
   * 30 s has failed and is tried again, with back-off, five times in all.
   */
  notify(notification: GroupNotification): Promise<void> | void
}

export interface GroupNotification {
  /** `close`: the group is well again, and an open message of this incident arrived. */
  readonly kind: 'open' | 'close'
  /** Of the incident: the same in its open messages and its close. */
  readonly id: string
  readonly cluster: string
  readonly group: string
  /** Start of the incident, ms since the epoch; null = not known. */
  readonly startMs: number | null
  /** When the group was evaluated, ms since the epoch. */
  readonly timeMs: number
  readonly status: ConsumerGroupStatus
  /** The key `extras`. */
  readonly extras: Readonly<Record<string, string>>
}
