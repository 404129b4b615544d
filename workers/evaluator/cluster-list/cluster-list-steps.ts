import {
  figuresPerRequestMax,
  type GroupList,
  type GroupRows,
  type RowsResult
} from '../../../shared/actor/evaluator-tasks.ts'
import { type Clock, wholeSeconds } from '../../../shared/clock.ts'
import { ascii, type ByteWriter } from '../../../shared/json/byte-writer.ts'
import type { ConsumerTopics } from '../../../shared/protocol/consumer.ts'
import { type EvaluationSettings, evaluateTopics } from '../../../shared/rules/evaluate.ts'
import { lastCommitMs } from '../directory-cache.ts'
import type { GroupEvaluator } from '../evaluate-group.ts'
import { decodeGroupList } from '../group-list.ts'
import type { GroupReader } from '../group-reader.ts'
import { inOrder, RowWriter } from './row-writer.ts'

/**
 * All groups of a cluster with their verdicts, worst first: lists of groups are judged on all threads of the pool, then one thread puts the
 * rows in order. Nothing is kept from one step to the next. Rejects with BurrowError when storage does not answer.
 */
export async function groupRows(
  { groups, evaluator, settings, clock }: GroupRowSources,
  { list, from, filter, rowsMax }: GroupRows
): Promise<RowsResult> {
  const { cluster, groups: all } = decodeGroupList(list)
  const search = filter.search.toLowerCase()
  const wanted = search === '' ? all : all.filter(group => group.toLowerCase().includes(search))
  await Promise.all(wanted.slice(from).map(group => groups.warm(cluster, group)))
  const rows = new RowWriter() // of this request: whoever waits may be overtaken by another one
  let partitions = 0
  let next = from
  while (next < wanted.length && partitions < figuresPerRequestMax) {
    const group = wanted[next++]!
    const nowSeconds = wholeSeconds(clock)
    const judged = await groups.read(cluster, group, {
      inPlace: located => {
        const status = evaluator.evaluate(located, cluster, group, nowSeconds, false)
        return typeof status === 'string' ? status : { status, lastMs: lastCommitMs(located) }
      },
      fromCopy: topics => ({
        status: evaluateTopics(cluster, group, topics, settings, nowSeconds, false),
        lastMs: newestCommitMs(topics)
      })
    })
    if (!judged) continue // gone since the list was made
    partitions += judged.status.totalPartitions
    rows.add(judged.status, judged.lastMs, filter.worseOrEqual)
  }
  return { kind: 'rows', block: rows.finish(rowsMax), next: next < wanted.length ? next : null }
}

export interface GroupRowSources {
  readonly groups: GroupReader
  readonly evaluator: GroupEvaluator
  readonly settings: EvaluationSettings
  readonly clock: Clock
}

/** `{"cluster":…,"evaluated_at":ms,"counts":{"OK":n,"WARN":n,"ERR":n},"matched":n,"offset":n,"groups":[…]}` */
export function writeGroupList(writer: ByteWriter, { cluster, blocks, offset, limit }: GroupList, nowMs: number): void {
  const counts = [0, 0, 0]
  let matched = 0
  for (const block of blocks) {
    matched += block.matched
    for (const [index, count] of block.counts.entries()) counts[index]! += count
  }
  writer.raw(clusterKey)
  writer.string(cluster)
  for (const [key, value] of [
    [evaluatedKey, nowMs],
    [okKey, counts[0]!],
    [warnKey, counts[1]!],
    [errKey, counts[2]!],
    [matchedKey, matched],
    [offsetKey, offset]
  ] as const) {
    writer.raw(key)
    writer.integer(value)
  }
  writer.raw(groupsKey)
  for (const [index, { text, from, to }] of inOrder(blocks)
    .slice(offset, offset + limit)
    .entries()) {
    if (index > 0) writer.raw(comma)
    writer.raw(text.subarray(from, to))
  }
  writer.raw(end)
}

function newestCommitMs(topics: ConsumerTopics): number {
  let newest = 0
  for (const partitions of topics.values()) {
    for (const { offsets } of partitions) newest = Math.max(newest, offsets.at(-1)?.timestampMs ?? 0)
  }
  return newest
}

const clusterKey = ascii('{"cluster":')
const evaluatedKey = ascii(',"evaluated_at":')
const okKey = ascii(',"counts":{"OK":')
const warnKey = ascii(',"WARN":')
const errKey = ascii(',"ERR":')
const matchedKey = ascii('},"matched":')
const offsetKey = ascii(',"offset":')
const groupsKey = ascii(',"groups":[')
const comma = ascii(',')
const end = ascii(']}')
