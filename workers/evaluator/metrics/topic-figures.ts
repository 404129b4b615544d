import type { StoragePort } from '../../../shared/actor/actor-ref.ts'
import type { MetricsFigureResult, MetricsTopics } from '../../../shared/actor/evaluator-tasks.ts'
import { fetchTopicAddresses, runAddressF64, type TopicAddresses } from '../../../shared/actor/storage-messages.ts'
import type { Counters } from '../../../shared/counters.ts'
import { compareUtf8 } from '../../../shared/json/utf8-order.ts'
import { type FigureBlockBuilder, labelPairs } from '../../../shared/metrics/figure-block.ts'
import { StorageRequestConstant as Code } from '../../../shared/protocol/storage.ts'
import { endOffsetAt } from '../../../shared/ring/ring-layout.ts'
import { readRun } from '../../../shared/ring/ring-reader.ts'
import { newestEndOffset } from '../../../shared/rules/summary.ts'
import { storageDeadlineMs } from '../group-reader.ts'
import { eachInTextOrder } from './text-order.ts'

/** Any shard will do: each knows all end offsets. */
export interface TopicSource {
  readonly port: StoragePort
  readonly intervals: number
  readonly counters: Counters
}

/**
 * The newest end offset of every partition of a cluster, as blocks. Partitions whose end offset is not known are left out (a label says
 * which is which, so no place has to be held: spec 09, B3). Null = no such cluster.
 */
export async function topicFigures(
  source: TopicSource,
  { cluster, partitionsMax }: MetricsTopics,
  builder: FigureBlockBuilder
): Promise<MetricsFigureResult | null> {
  const addresses = await source.port.ask({ type: fetchTopicAddresses, cluster }, { deadlineMs: storageDeadlineMs })
  if (!addresses) return null
  const partitions = partitionsOf(addresses)
  if (partitions > partitionsMax) return { ...noFigures, partitions }
  const topics: NewestOffsets[] = []
  for (const [index, name] of addresses.topics.entries()) {
    topics.push({ name, offsets: await newestOffsets(source, cluster, name, addresses.runs, index) })
  }
  topics.sort((a, b) => compareUtf8(a.name, b.name))
  return { ...noFigures, ...writeTopics(builder, cluster, topics) }
}

interface NewestOffsets {
  readonly name: string
  /** By partition; negative = not known. */
  readonly offsets: ArrayLike<number>
}

function writeTopics(builder: FigureBlockBuilder, cluster: string, topics: readonly NewestOffsets[]) {
  const most = topics.reduce((max, { offsets }) => Math.max(max, offsets.length), 0)
  let partitions = 0
  builder.topics(labelPairs(cluster))
  eachInTextOrder(most, partition => {
    for (const { name, offsets } of topics) {
      const offset = offsets[partition]
      if (offset === undefined || offset < 0) continue
      builder.entry(name, partition, 0, 0, offset)
      partitions++
    }
  })
  return { blocks: builder.finish(), partitions }
}

async function newestOffsets(
  { port, intervals, counters }: TopicSource,
  cluster: string,
  topic: string,
  runs: Float64Array,
  index: number
): Promise<ArrayLike<number>> {
  const words = index * runAddressF64.words
  const run = {
    slab: runs[words + runAddressF64.slab]!,
    at: runs[words + runAddressF64.at]!,
    generation: runs[words + runAddressF64.generation]!,
    partitions: runs[words + runAddressF64.partitions]!
  }
  const offsets = new Float64Array(run.partitions)
  const outcome = readRun(
    port.slabs,
    run,
    slab => {
      for (let partition = 0; partition < run.partitions; partition++) {
        offsets[partition] = newestEndOffset(slab, endOffsetAt(run.at, partition, intervals), intervals)
      }
    },
    counters
  )
  if (outcome === 'ok') return offsets
  // It grew or went, or is being written all the time: what storage says of it counts.
  return (await port.ask({ type: Code.FetchTopic, cluster, topic }, { deadlineMs: storageDeadlineMs })) ?? []
}

function partitionsOf({ topics, runs }: TopicAddresses): number {
  let partitions = 0
  for (let index = 0; index < topics.length; index++) {
    partitions += runs[index * runAddressF64.words + runAddressF64.partitions]!
  }
  return partitions
}

const noFigures: MetricsFigureResult = {
  kind: 'figures',
  blocks: [],
  groups: 0,
  partitions: 0,
  fullPartitions: 0,
  next: null
}
