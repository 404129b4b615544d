import { constants, crc32, deflateRawSync } from 'node:zlib'
import {
  groupsPerListMax,
  type MetricsFigureResult,
  type MetricsFigures,
  type MetricsPart,
  type MetricsPartResult,
  type MetricsRequest,
  type PageResult
} from '../../../shared/actor/evaluator-tasks.ts'
import type { Lender } from '../../../shared/actor/lent-memory.ts'
import { type Clock, wholeSeconds } from '../../../shared/clock.ts'
import type { Counters } from '../../../shared/counters.ts'
import { unreachable } from '../../../shared/errors.ts'
import { compareUtf8 } from '../../../shared/json/utf8-order.ts'
import { ExpositionWriter } from '../../../shared/metrics/exposition-writer.ts'
import { familyOf } from '../../../shared/metrics/families.ts'
import { FigureBlockBuilder, lendBlocks } from '../../../shared/metrics/figure-block.ts'
import { StorageRequestConstant as Code } from '../../../shared/protocol/storage.ts'
import type { EvaluationSettings } from '../../../shared/rules/evaluate.ts'
import { decodeGroupList, encodeGroupList } from '../group-list.ts'
import { type GroupReader, storageDeadlineMs } from '../group-reader.ts'
import type { ShardPorts } from '../shard-ports.ts'
import { GroupFigures } from './group-figures.ts'
import { renderFamily } from './render-family.ts'
import { topicFigures } from './topic-figures.ts'

/** The writer's memory is given back beyond this. */
export const partWriterBytesKept = 2 * 1024 * 1024

export interface MetricsStepsOptions {
  readonly ports: ShardPorts
  readonly groups: GroupReader
  readonly settings: EvaluationSettings
  readonly clock: Clock
  readonly counters: Counters
  readonly lender: Lender
}

/**
 * The steps of a page of metrics that the pool does: lists of groups, figures, lines. Nothing is kept from one step to the
 * next, so each may run on any thread. Rejects with BurrowError when storage does not answer.
 */
export class MetricsSteps {
  readonly #options: MetricsStepsOptions
  readonly #figures: GroupFigures
  #writer = new ExpositionWriter(partWriterBytesKept / 2)

  constructor(options: MetricsStepsOptions) {
    this.#options = options
    this.#figures = new GroupFigures(options.settings, options.counters)
  }

  async answer(request: MetricsRequest): Promise<PageResult> {
    switch (request.page) {
      case 'metrics-groups':
        return this.#groups(request.cluster)
      case 'metrics-figures':
        return this.#groupFigures(request)
      case 'metrics-topics': {
        const { ports, settings, counters } = this.#options
        const source = { port: ports.of(0), intervals: settings.intervals, counters }
        const figures = await topicFigures(source, request, new FigureBlockBuilder())
        return figures ? this.#lent(figures) : { kind: 'not-found' }
      }
      case 'metrics-part':
        return this.#part(request)
      default:
        return unreachable(request)
    }
  }

  /** All or nothing: a page without the groups of a shard would look as if they were gone. */
  async #groups(cluster: string): Promise<PageResult> {
    const query = { type: Code.FetchConsumers, cluster } as const
    const asked = this.#options.ports.all.map(port => port.ask(query, { deadlineMs: storageDeadlineMs }))
    const groups: string[] = []
    for (const names of await Promise.all(asked)) {
      if (names === null) return { kind: 'not-found' }
      for (const name of names) groups.push(name)
    }
    groups.sort(compareUtf8)
    const lists: Uint8Array[] = []
    for (let from = 0; from < groups.length; from += groupsPerListMax) {
      lists.push(encodeGroupList(cluster, groups.slice(from, from + groupsPerListMax)))
    }
    return { kind: 'lists', lists }
  }

  async #groupFigures({ list, from, withPartitions }: MetricsFigures): Promise<MetricsFigureResult> {
    const { cluster, groups: names } = decodeGroupList(list)
    const { groups, clock } = this.#options
    const figures = this.#figures
    // Whoever waits may be overtaken by another request on this thread; a builder of its own keeps the blocks apart.
    const builder = new FigureBlockBuilder()
    const counts = { groups: 0, partitions: 0, fullPartitions: 0 }
    const next = await groups.readFrom(cluster, names, from, group => {
      const nowSeconds = wholeSeconds(clock)
      // At once after reading, while `figures` are those of this group.
      const write = () => {
        figures.write(builder, cluster, group, clock.nowMs(), withPartitions)
        counts.groups++
        counts.partitions += figures.partitions
        counts.fullPartitions += figures.fullPartitions
        return figures.partitions
      }
      return {
        inPlace: located => {
          const outcome = figures.readInPlace(located, nowSeconds)
          return outcome === 'ok' ? write() : outcome
        },
        fromCopy: topics => {
          figures.readCopy(topics, nowSeconds)
          return write()
        }
      }
    })
    return this.#lent({ kind: 'figures', blocks: builder.finish(), ...counts, next })
  }

  #lent(result: MetricsFigureResult): MetricsFigureResult {
    return { ...result, blocks: lendBlocks(this.#options.lender, result.blocks) }
  }

  #part({ head, family, blocks, compress }: MetricsPart): MetricsPartResult {
    const writer = this.#writer
    writer.reset()
    writer.reserve(head.length)
    writer.raw(head)
    if (family) for (const block of blocks) renderFamily(writer, familyOf(family), block)
    if (writer.bytes.length > partWriterBytesKept) this.#writer = new ExpositionWriter(partWriterBytesKept / 2)
    const text = writer.bytes.subarray(0, writer.length)
    const { lender } = this.#options
    if (!compress) return { kind: 'part', body: lender.copy(text), textBytes: 0, crc: 0 }
    const deflated = deflateRawSync(text, { level: 1, finishFlush: constants.Z_SYNC_FLUSH })
    return { kind: 'part', body: lender.copy(deflated), textBytes: text.length, crc: crc32(text) }
  }
}
