import type { MetricsRequest, PageResult } from '../../shared/actor/evaluator-tasks.ts'
import { compareUtf8 } from '../../shared/json/utf8-order.ts'
import type { Family } from '../../shared/metrics/families.ts'
import type { FigureBlock } from '../../shared/metrics/figure-block.ts'
import { askAhead } from '../evaluator/ask-ahead.ts'
import { askAll, mustBeOf } from '../evaluator/pool-steps.ts'

/** The state of all groups and topics at the beginning of a page. */
export interface Figures {
  /** In the order of the page: clusters, groups, partitions. */
  readonly groupBlocks: readonly FigureBlock[]
  readonly topicBlocks: readonly FigureBlock[]
  readonly groups: number
  /** 0 if left out. */
  readonly partitions: number
  readonly fullPartitions: number
  readonly topicPartitions: number
  /** Series that were left out because the page would have been longer than `max-series`. */
  readonly seriesOverBudget: number
}

export interface FigureSources {
  readonly clusters: readonly string[]
  /** What will be rendered: decides how many series a group or partition makes. */
  readonly families: readonly Family[]
  readonly maxSeries: number
  /** Questions open at a time. */
  readonly ahead: number
  /** Rejects with BurrowError when the scrape is over its time or nobody waits for it any more. */
  ask(request: MetricsRequest): Promise<PageResult>
}

/**
 * Judges every group once and notes the figures that all families are made of. Main thread, which only keeps what the pool gives
 * it. Topics take from the budget first; if the partitions of groups do not fit then, groups are all that is shown of them.
 */
export async function collectFigures(sources: FigureSources): Promise<Figures> {
  const { maxSeries, ahead } = sources
  const perGroup = seriesPer(sources.families, 'group') + statesOfGroup * seriesPer(sources.families, 'group-state')
  const perPartition = seriesPer(sources.families, 'partition')
  const perFullPartition = seriesPer(sources.families, 'full-partition')
  const clusters = [...sources.clusters].sort(compareUtf8)
  const topics = await collectTopics(sources, clusters)
  const counts = { groups: 0, partitions: 0, fullPartitions: 0 }
  const partitionSeries = () => counts.partitions * perPartition + counts.fullPartitions * perFullPartition
  const fits = () => counts.groups * perGroup + partitionSeries() + topics.partitions <= maxSeries
  let groupBlocks: FigureBlock[] = []
  for (const cluster of clusters) {
    const lists = await sources.ask({ page: 'metrics-groups', cluster })
    if (lists.kind === 'not-found') continue
    const judge = (list: Uint8Array) =>
      askAll(async from => {
        const withPartitions = perPartition + perFullPartition > 0 && fits()
        return mustBeOf('figures', await sources.ask({ page: 'metrics-figures', list, from, withPartitions }))
      })
    for await (const results of askAhead(mustBeOf('lists', lists).lists, ahead, judge)) {
      for (const { blocks, groups, partitions, fullPartitions } of results) {
        counts.groups += groups
        counts.partitions += partitions
        counts.fullPartitions += fullPartitions
        groupBlocks.push(...blocks)
      }
    }
  }
  const all = { topicBlocks: topics.blocks, topicPartitions: topics.partitions, groupBlocks, ...counts }
  if (fits()) return { ...all, seriesOverBudget: topics.seriesOverBudget }
  const seriesOverBudget = topics.seriesOverBudget + partitionSeries()
  groupBlocks = groupBlocks.map(withoutEntries)
  return { ...all, groupBlocks, partitions: 0, fullPartitions: 0, seriesOverBudget }
}

/** The same block for families about groups: nothing is copied to the pool that is not needed there. */
export function withoutEntries({ text, pieces }: FigureBlock): FigureBlock {
  return { text, pieces, entries: noEntries }
}

const noEntries = new Float64Array(0)
/** OK, WARN, ERR. */
const statesOfGroup = 3

function seriesPer(families: readonly Family[], about: Family['about']): number {
  return families.filter(family => family.about === about).length
}

interface TopicFigures {
  readonly blocks: FigureBlock[]
  readonly partitions: number
  readonly seriesOverBudget: number
}

async function collectTopics(sources: FigureSources, clusters: readonly string[]): Promise<TopicFigures> {
  if (seriesPer(sources.families, 'topic-partition') === 0) return { blocks: [], partitions: 0, seriesOverBudget: 0 }
  const blocks: FigureBlock[] = []
  let partitions = 0
  let seriesOverBudget = 0
  for (const cluster of clusters) {
    const partitionsMax = sources.maxSeries - partitions
    const result = await sources.ask({ page: 'metrics-topics', cluster, partitionsMax })
    if (result.kind === 'not-found') continue
    const figures = mustBeOf('figures', result)
    blocks.push(...figures.blocks)
    if (figures.partitions > partitionsMax) seriesOverBudget += figures.partitions
    else partitions += figures.partitions
  }
  return { blocks, partitions, seriesOverBudget }
}
