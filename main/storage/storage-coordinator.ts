import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { StoragePort } from '../../shared/actor/actor-ref.ts'
import { forgetShard, type PositionTable } from '../../shared/actor/position-table.ts'
import type { StorageInit, ThreadInit, ToMain } from '../../shared/actor/thread-messages.ts'
import type { LogRecord } from '../../shared/log.ts'
import type { Logger, StorageRef } from '../../shared/protocol/application-context.ts'
import type { Coordinator } from '../../shared/protocol/coordinator.ts'
import { SlabViews } from '../../shared/ring/slabs.ts'
import type { StorageSettings } from '../../shared/settings.ts'
import { type ThreadState, ThreadSupervisor } from '../threads/thread-supervisor.ts'
import { StorageRouter } from './storage-router.ts'

export interface StorageCoordinatorOptions {
  readonly shards: number
  readonly clusters: readonly string[]
  readonly settings: StorageSettings
  readonly allowedLag: number
  readonly positionTables: readonly PositionTable[]
  readonly logger: Logger
  /** Log level, counters and clock of a new thread of that name. */
  threadInit(name: string): ThreadInit
  writeLog(record: LogRecord): void
  /** A shard begins (its first life, or a later one): connect to it again. */
  onShardUp(shard: number, epoch: number): void
  /** A shard is gone with all it held. */
  onShardDown(shard: number, epoch: number): void
  onGivenUp(error: Error): void
}

/**
 * Runs the storage threads: the shards of the storage actor (docs/architecture.md). Main thread.
 *
 * A shard that dies is replaced by an empty one. Before that its rows in the position tables are cleared and its epoch is
 * raised, so that the kafka threads fill it again from where they began.
 */
export class StorageCoordinator implements Coordinator {
  readonly name = 'storage'
  readonly ref: StorageRef
  readonly #options: StorageCoordinatorOptions
  readonly #shards: ThreadSupervisor[] = []
  readonly #epochs: number[]
  readonly #ports: (StoragePort | null)[]

  constructor(options: StorageCoordinatorOptions) {
    this.#options = options
    this.#epochs = Array.from({ length: options.shards }, () => 1)
    this.#ports = this.#epochs.map(() => null)
    this.ref = new StorageRouter(this.#ports)
  }

  configure(): void {
    for (let shard = 0; shard < this.#options.shards; shard++) this.#shards.push(this.#supervise(shard))
  }

  async start(): Promise<void> {
    await Promise.all(this.#shards.map(shard => shard.start()))
  }

  async stop(): Promise<void> {
    for (const port of this.#ports) port?.close()
    await Promise.all(this.#shards.map(shard => shard.stop()))
  }

  /** Life number of a shard; it rises at the moment the shard dies. */
  epoch(shard: number): number {
    return this.#epochs[shard]!
  }

  /** Readers of commits say which epochs their state is about by this sum. */
  get epochs(): number {
    return this.#epochs.reduce((sum, epoch) => sum + epoch, 0)
  }

  isUp(shard: number): boolean {
    return this.#shards[shard]?.up ?? false
  }

  get restarts(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.restarts, 0)
  }

  /** Lets the shard serve the other end of `port`. A shard that is down closes it: its peer learns that at once. */
  connect(shard: number, port: MessagePort): void {
    const posted = this.#shards[shard]!.post({ kind: 'connect', shard, epoch: this.#epochs[shard]!, port }, [port])
    if (!posted) port.close()
  }

  threadStates(): ThreadState[] {
    return this.#shards.map(({ state }) => state)
  }

  stats(deadlineMs: number): Promise<(Readonly<Record<string, unknown>> | null)[]> {
    return Promise.all(this.#shards.map(shard => shard.stats(deadlineMs)))
  }

  /** For tests: ends a shard as a crash would. */
  kill(shard: number): Promise<void> {
    return this.#shards[shard]!.kill()
  }

  #supervise(shard: number): ThreadSupervisor {
    const { shards, clusters, settings, allowedLag, positionTables, logger } = this.#options
    const name = `storage-${shard}`
    return new ThreadSupervisor({
      name,
      url: new URL('../../workers/storage/storage.worker.js', import.meta.url),
      logger,
      workerData: (): Omit<StorageInit, 'control'> => ({
        ...this.#options.threadInit(name),
        shard,
        shards,
        clusters,
        settings,
        allowedLag,
        positionTables: positionTables.map(table => table.buffer)
      }),
      onMessage: message => this.#onMessage(message),
      onReady: () => this.#onReady(shard),
      onDeath: () => this.#onDeath(shard),
      onGivenUp: error => this.#options.onGivenUp(error)
    })
  }

  #onMessage(message: ToMain): void {
    if (message.kind === 'log') this.#options.writeLog(message.record)
  }

  #onReady(shard: number): void {
    const { port1, port2 } = new MessageChannel()
    this.#ports[shard] = new StoragePort(port1, new SlabViews())
    this.connect(shard, port2)
    this.#options.onShardUp(shard, this.#epochs[shard]!)
  }

  #onDeath(shard: number): void {
    this.#ports[shard]?.close()
    this.#ports[shard] = null
    for (const table of this.#options.positionTables) forgetShard(table, shard)
    this.#epochs[shard]!++
    this.#options.onShardDown(shard, this.#epochs[shard]!)
  }
}
