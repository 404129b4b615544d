import type { MessagePort } from 'node:worker_threads'
import type { ClockWord } from '../clock.ts'
import type { CounterBlock } from '../counters.ts'
import type { LogLevelWord, LogRecord } from '../log.ts'
import type { ClusterSettings, ConsumerSettings, EvaluatorSettings, StorageSettings } from '../settings.ts'

/**
 * What main and its threads say to each other over `parentPort` (Piscina forwards it as the pool's `message` event), and
 * what a thread is given at birth in `workerData`. Data (commits, questions) never comes this way; it has ports of its own,
 * see storage-messages.ts. Control (stop, stats) is comlink over `control`.
 */
export interface ThreadInit {
  /** Name of the thread in logs: `storage-0`, `kafka-1`. */
  readonly name: string
  readonly logLevel: LogLevelWord
  readonly counters: CounterBlock
  readonly clock: ClockWord
}

export interface StorageInit extends ThreadInit {
  readonly control: MessagePort
  readonly shard: number
  readonly shards: number
  readonly clusters: readonly string[]
  readonly settings: StorageSettings
  readonly allowedLag: number
  /** By consumer index: PositionTable.buffer. */
  readonly positionTables: readonly SharedArrayBuffer[]
}

export interface KafkaInit extends ThreadInit {
  readonly control: MessagePort
  readonly thread: number
  readonly threads: number
  readonly shards: number
  /** Clusters whose end offsets this thread sweeps. */
  readonly clusters: readonly ClusterSettings[]
  /** All consumer modules, by consumer index; this thread reads the offsets partitions p with p mod threads = thread. */
  readonly consumers: readonly ConsumerSettings[]
  readonly positionTables: readonly SharedArrayBuffer[]
}

export interface EvaluatorInit extends ThreadInit {
  readonly shards: number
  readonly clusters: readonly string[]
  readonly intervals: number
  readonly expireGroupSeconds: number
  readonly settings: EvaluatorSettings
}

/** What comlink exposes on `control`. Every call of main is raced with the thread's exit and a deadline. */
export interface ThreadControl {
  stop(): Promise<void>
  stats(): Promise<Readonly<Record<string, unknown>>>
}

/** From any thread to main. */
export type ToMain = Log | Ready | Dial | ClusterState | ConsumerState | KnownTopics | WantedTopics | UnlistedGroups

/** From main to a thread. */
export type FromMain = Connect | EpochRaised | KnownTopics | WantedTopics

export interface Log {
  readonly kind: 'log'
  readonly record: LogRecord
}

/** The thread's module is loaded and its actor listens. A thread that ends before this is not restarted in a loop. */
export interface Ready {
  readonly kind: 'ready'
}

/**
 * An evaluator thread made a channel for each shard and hands main the ends that belong to storage. Null: the port to that
 * shard stays as it is (only a replaced shard is dialled again).
 */
export interface Dial {
  readonly kind: 'dial'
  readonly ports: readonly (MessagePort | null)[] // by shard; transferred
}

/** A port to a peer. To storage: somebody's port to serve. To a kafka thread: its port to shard `shard`. */
export interface Connect {
  readonly kind: 'connect'
  readonly shard: number
  /** Life number of that shard; a higher one means it begins empty, see position-table.ts. */
  readonly epoch: number
  readonly port: MessagePort // transferred
}

/** To evaluators, over a BroadcastChannel named `burrow-epoch-<pid>`: shard was replaced, dial it again. */
export interface EpochRaised {
  readonly kind: 'epoch'
  readonly shard: number
  readonly epoch: number
}
export const epochChannelName = (pid: number): string => `burrow-epoch-${pid}`

export interface ClusterState {
  readonly kind: 'cluster-state'
  readonly cluster: string
  readonly up: boolean
  readonly error: string | null
}

export interface ConsumerState {
  readonly kind: 'consumer-state'
  readonly consumer: number // consumer index
  readonly thread: number
  /** caught-up: everything below the end of the offsets topic at (re)start has been applied by all shards. */
  readonly state: 'connecting' | 'reading' | 'caught-up'
  /** Sum of the epochs of the shards that this state is about. */
  readonly epochs: number
  readonly error: string | null
}

/**
 * From the thread that sweeps a cluster, by way of main, to the threads that read commits for it: these topics have end
 * offsets in every shard now (or do not exist). At most `knownTopicsMax` topics a message.
 */
export interface KnownTopics {
  readonly kind: 'known-topics'
  readonly cluster: string
  readonly topics: readonly string[]
  /** 32 hex digits; null = the brokers do not tell, or it does not exist. */
  readonly topicIds: readonly (string | null)[]
  /** Partitions of the topic; 0 = it does not exist (any more). */
  readonly partitionCounts: readonly number[]
  /** Partitions below the count whose end offset is not known (no leader), by topic; null = none. */
  readonly missing: readonly (readonly number[] | null)[]
  /** True in the last message of the first sweep: whoever waits to begin may begin. */
  readonly complete: boolean
}
export const knownTopicsMax = 2000

/**
 * The other way: a commit named a topic or partition that is not known; look at once. Without topics: say all that is known
 * again, because a thread was replaced and has heard nothing. Names that no topic can have stand for other wishes, see
 * workers/kafka/topic-news.ts.
 */
export interface WantedTopics {
  readonly kind: 'wanted-topics'
  readonly cluster: string
  readonly topics: readonly string[]
}

/** From the thread that sweeps a cluster: storage has these groups, and no broker lists them. At most `unlistedGroupsMax` a message. */
export interface UnlistedGroups {
  readonly kind: 'unlisted-groups'
  readonly cluster: string
  readonly groups: readonly string[]
}
export const unlistedGroupsMax = 2000
