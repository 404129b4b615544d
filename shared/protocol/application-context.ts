import type { ConsumerGroupStatus } from './consumer.ts'
import type { EvaluatorRequest } from './evaluator.ts'
import type { StorageCommand, StorageQuery, StorageReply } from './storage.ts'
import type { ZookeeperClient } from './zookeeper.ts'

/** A logger with fields of its owner already set. A call at a disabled level costs nanoseconds and builds nothing. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  error(message: string, fields?: Readonly<Record<string, unknown>>): void
  /** The same logger with more fields; the child's win over the parent's. */
  child(fields: Readonly<Record<string, unknown>>): Logger
}

/** The way to the storage actor. Every ask has a deadline; it rejects with BurrowError `STORAGE_UNAVAILABLE`. */
export interface StorageRef {
  tell(command: StorageCommand): void
  ask<Q extends StorageQuery>(query: Q): Promise<StorageReply<Q>>
}

/** The way to the evaluator pool. Rejects with BurrowError `EVALUATOR_UNAVAILABLE` past its deadline. */
export interface EvaluatorRef {
  ask(request: EvaluatorRequest): Promise<ConsumerGroupStatus>
}

/** What all coordinators and modules share (spec 01 section 6). Main thread; never sent to another. */
export interface ApplicationContext {
  readonly logger: Logger
  /** Set once every coordinator was configured. */
  configurationValid: boolean
  /** Set only while a ZooKeeper coordinator runs. Nodes belong under `zookeeperRoot`. */
  zookeeper: ZookeeperClient | null
  zookeeperRoot: string
  zookeeperConnected: boolean
  readonly storage: StorageRef
  readonly evaluator: EvaluatorRef
  /** True once every consumer module has caught up; false again while a replaced storage thread is filled anew. */
  readonly ready: boolean
}
