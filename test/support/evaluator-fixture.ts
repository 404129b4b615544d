import type { PageRequest, PageResult } from '../../shared/actor/evaluator-tasks.ts'
import { shardOf } from '../../shared/actor/shard.ts'
import { type CounterName, Counters, createCounterBlock, sumCounters } from '../../shared/counters.ts'
import type { StorageCommand } from '../../shared/protocol/storage.ts'
import { StorageRequestConstant as Code } from '../../shared/protocol/storage.ts'
import { DirectoryCache } from '../../workers/evaluator/directory-cache.ts'
import { GroupReader } from '../../workers/evaluator/group-reader.ts'
import { PageRenderer } from '../../workers/evaluator/render-page.ts'
import { ShardPorts } from '../../workers/evaluator/shard-ports.ts'
import { StoragePorts } from '../../workers/storage/storage-ports.ts'
import { StorageFixture, type StorageFixtureOptions } from './storage-fixture.ts'

/** What an evaluator thread holds, in this thread, on real ports to storage actors in this thread. */
export class EvaluatorFixture {
  readonly storage: readonly StorageFixture[]
  readonly ports: ShardPorts
  readonly caches: readonly DirectoryCache[]
  readonly renderer: PageRenderer
  readonly #block = createCounterBlock()

  constructor(shards = 1, options: StorageFixtureOptions & { readonly minimumComplete?: number } = {}) {
    this.storage = Array.from({ length: shards }, (_, shard) => new StorageFixture({ ...options, shard }))
    const served = this.storage.map(({ actor }) => new StoragePorts(actor))
    this.caches = this.storage.map(() => new DirectoryCache())
    const counters = new Counters(this.#block)
    this.ports = new ShardPorts(
      shards,
      counters,
      dialled => {
        for (const [shard, port] of dialled.entries()) if (port) served[shard]!.serve(port)
      },
      shard => this.caches[shard]!.forgetAll()
    )
    const { clock } = this.storage[0]!
    const groups = new GroupReader(this.ports, clock, options.expireGroupSeconds ?? 604_800, this.caches)
    const settings = {
      intervals: options.intervals ?? 10,
      minimumComplete: options.minimumComplete ?? 0,
      allowedLag: options.allowedLag ?? 0
    }
    this.renderer = new PageRenderer(this.ports, groups, settings, clock, counters)
  }

  /** To the shard that owns the group, or to all. */
  tell(...commands: readonly StorageCommand[]): void {
    for (const command of commands) {
      const all = command.type === Code.SetBrokerOffset || command.type === Code.SetDeleteTopic
      const owner = all ? -1 : shardOf(command.cluster, command.group, this.storage.length)
      for (const [shard, { peer }] of this.storage.entries()) if (all || shard === owner) peer.tell(command)
    }
  }

  /** A page as text; a status page of a group that is not there is text too. */
  async text(request: PageRequest): Promise<string> {
    const result = await this.page(request)
    return result.kind === 'bytes' ? Buffer.from(result.body).toString() : JSON.stringify(result)
  }

  page(request: PageRequest): Promise<PageResult> {
    return this.renderer.render(request)
  }

  advance(ms: number): void {
    for (const storage of this.storage) storage.advance(ms)
  }

  count(name: CounterName): number {
    return sumCounters([this.#block])[name]
  }

  close(): void {
    this.ports.close()
  }
}

export function endOffset(topic: string, partition: number, partitions: number, offset: number): StorageCommand {
  const type = Code.SetBrokerOffset
  return { type, cluster: 'c', topic, partition, topicPartitionCount: partitions, offset, timestampMs: 0 }
}

export function commit(
  group: string,
  topic: string,
  partition: number,
  order: number,
  offset: number,
  timestampMs: number
): StorageCommand {
  return { type: Code.SetConsumerOffset, cluster: 'c', group, topic, partition, offset, order, timestampMs }
}
