import type { MetricsPart } from '../../shared/actor/evaluator-tasks.ts'
import { type Family, type FamilyName, familyHead } from '../../shared/metrics/families.ts'
import { type FigureBlock, pieceF64 } from '../../shared/metrics/figure-block.ts'
import { type Figures, withoutEntries } from './collect-figures.ts'

/** A family that is finished text. */
export interface OwnFamily {
  readonly name: string
  /** Head and lines. */
  readonly text: string
}

/** Groups in one part of a family about groups: a few hundred kB, as with partitions. */
export const groupsPerPartMax = 1000
/** The same for groups with long names: bytes of label text. */
export const textPerPartMax = 256 * 1024

/**
 * The whole page as questions to the pool, in the order of the families' names. A family without series is left out, as in
 * Burrow. Main thread.
 */
export function* pageParts(
  families: readonly (Family & { readonly name: FamilyName })[],
  figures: Figures,
  own: readonly OwnFamily[],
  compress: boolean
): Generator<MetricsPart, void, void> {
  const page = 'metrics-part'
  let head = ''
  for (const family of inOrder([...families, ...own])) {
    if ('text' in family) {
      head += family.text
      continue
    }
    if (seriesOf(family, figures) === 0) continue
    head += familyHead(family.name, family.help, 'gauge')
    for (const blocks of blocksOf(family, figures)) {
      yield { page, head: encoder.encode(head), family: family.name, blocks, compress }
      head = ''
    }
  }
  if (head !== '') yield { page, head: encoder.encode(head), family: null, blocks: [], compress }
}

const encoder = new TextEncoder()

function inOrder<T extends { readonly name: string }>(families: T[]): T[] {
  return families.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function seriesOf({ about }: Family, figures: Figures): number {
  switch (about) {
    case 'group':
    case 'group-state':
      return figures.groups
    case 'partition':
      return figures.partitions
    case 'full-partition':
      return figures.fullPartitions
    case 'topic-partition':
      return figures.topicPartitions
  }
}

function blocksOf({ about }: Family, { groupBlocks, topicBlocks }: Figures): Iterable<FigureBlock[]> {
  if (about === 'group' || about === 'group-state') return gathered(groupBlocks)
  return (about === 'topic-partition' ? topicBlocks : groupBlocks).map(block => [block])
}

function* gathered(blocks: readonly FigureBlock[]): Generator<FigureBlock[], void, void> {
  let together: FigureBlock[] = []
  let groups = 0
  let textBytes = 0
  for (const block of blocks) {
    together.push(withoutEntries(block))
    groups += block.pieces.length / pieceF64.words
    textBytes += block.text.length
    if (groups < groupsPerPartMax && textBytes < textPerPartMax) continue
    yield together
    together = []
    groups = 0
    textBytes = 0
  }
  if (together.length > 0) yield together
}
