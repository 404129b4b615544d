import { createPositionTable, startAtIndex } from '../../../shared/actor/position-table.ts'
import type { KnownTopics } from '../../../shared/actor/thread-messages.ts'
import { clockFromWord, createClockWord } from '../../../shared/clock.ts'
import { type CounterName, Counters, createCounterBlock, sumCounters } from '../../../shared/counters.ts'
import type { Logger } from '../../../shared/protocol/application-context.ts'
import { CommitDecoder, type CommitDecoderOptions } from '../../../workers/kafka/commit-decoder.ts'
import { CommitKeys } from '../../../workers/kafka/commit-keys.ts'
import { KnownTopicTable } from '../../../workers/kafka/known-topics.ts'
import { OffsetsPartition } from '../../../workers/kafka/offsets-partition.ts'
import { RareLog } from '../../../workers/kafka/rare-log.ts'
import { ReaderOutlet } from '../../../workers/kafka/reader-outlet.ts'
import { SelfReport } from '../../../workers/kafka/self-report.ts'
import { StorageSender } from '../../../workers/kafka/storage-sender.ts'
import { silentLogger } from '../../support/kafka-thread-fixture.ts'
import { type KeptPartition, ModelShard } from '../../support/model-shard.ts'

export interface ReplayOptions {
  /** Partitions by topic. */
  readonly topics: Readonly<Record<string, number>>
  /** 32 hex digits by topic; a topic without one has a null id. */
  readonly ids?: ReadonlyMap<string, string>
  readonly membersMax?: number
  readonly deny?: RegExp
  readonly logger?: Logger
}

/** Everything between the bytes of a fetch and a storage shard, without sockets: one offsets partition, one shard. */
export class ReplayedReader {
  readonly shard: ModelShard
  readonly p: OffsetsPartition
  readonly topics = new KnownTopicTable()
  readonly #table = createPositionTable(1)
  readonly #sender = new StorageSender(1)
  readonly #counters = createCounterBlock()
  readonly #outlet: ReaderOutlet
  readonly #decoder: CommitDecoder

  constructor({ topics, ids, membersMax = 100_000, deny, logger = silentLogger }: ReplayOptions) {
    this.shard = new ModelShard(0, [this.#table])
    for (const [topic, partitions] of Object.entries(topics)) {
      this.shard.ends.set(topic, new Map(Array.from({ length: partitions }, (_, partition) => [partition, 1e9])))
    }
    const clock = clockFromWord(createClockWord(Date.now()))
    const names = Object.keys(topics)
    this.topics.learn(
      topicNews(
        names,
        names.map(name => ids?.get(name) ?? null),
        Object.values(topics)
      ),
      clock.nowMs()
    )
    this.#sender.connect(0, 1, this.shard.dial())
    const counters = new Counters(this.#counters)
    const filter = { accept: (group: string) => !deny?.test(group) }
    const keys = new CommitKeys('c', this.#sender.keys, 1, filter, this.topics)
    this.#outlet = new ReaderOutlet(this.#sender, 0)
    const parts = { filter, topics: this.topics, keys, outlet: this.#outlet, sender: this.#sender, counters, clock }
    this.#decoder = testDecoder(parts, logger)
    const table = new Float64Array(this.#table.buffer)
    table[startAtIndex(0)] = 0
    this.p = new OffsetsPartition(0, 1, { held: 0, max: 100_000 }, { held: 0, max: membersMax })
    this.p.restore(table)
  }

  /** Walks the bytes and waits for the shard to have applied what they say. True: a commit waits. */
  async read(bytes: Uint8Array): Promise<boolean> {
    const isWaiting = this.#decoder.walk(this.p, bytes)
    this.#outlet.flush()
    await this.#sender.settled()
    return isWaiting
  }

  /** Whose partitions they are: client ids by `topic/partition`; partitions without owner are left out. */
  owners(group: string): Record<string, string> {
    const kept = [...(this.shard.groups.get(group) ?? new Map<string, KeptPartition>())]
    return Object.fromEntries(
      kept
        .filter(([, { owner }]) => owner !== '')
        .map(([key, { clientId, owner }]) => [key, `${clientId}@${owner}`])
        .sort()
    )
  }

  count(name: CounterName): number {
    return sumCounters([this.#counters])[name]
  }

  close(): void {
    this.#sender.close()
    this.shard.close()
  }
}

/** That of a reader of cluster `c`, whose self report is on. */
export function testDecoder(
  parts: Omit<CommitDecoderOptions, 'cluster' | 'offsetsTopic' | 'rareLog' | 'selfReport'>,
  logger = silentLogger
): CommitDecoder {
  const { outlet, sender, topics, clock } = parts
  const place = { cluster: 'c', offsetsTopic: 'offsets' }
  const selfReport = new SelfReport({ ...place, module: 'x', enabled: true, outlet, sender, topics, clock })
  return new CommitDecoder({ ...parts, ...place, selfReport, rareLog: new RareLog(logger, clock) })
}

export function topicNews(
  topics: readonly string[],
  topicIds: readonly (string | null)[],
  partitionCounts: readonly number[]
): KnownTopics {
  const missing = topics.map(() => null)
  return { kind: 'known-topics', cluster: 'c', topics, topicIds, partitionCounts, missing, complete: true }
}
