import type { GroupList, GroupRows, RowsResult } from '../../../shared/actor/evaluator-tasks.ts'
import { ascii, type ByteWriter } from '../../../shared/json/byte-writer.ts'
import { decodeGroupList } from '../group-list.ts'
import { type GroupRowSources, judgeGroups } from './judge-groups.ts'
import { inOrder, RowWriter } from './row-writer.ts'

/**
 * All groups of a cluster with their verdicts, worst first: lists of groups are judged on all threads of the pool, then one thread puts the
 * rows in order. Nothing is kept from one step to the next. Rejects with BurrowError when storage does not answer.
 */
export async function groupRows(
  sources: GroupRowSources,
  { list, from, filter, rowsMax }: GroupRows
): Promise<RowsResult> {
  const { cluster, groups: all } = decodeGroupList(list)
  const search = filter.search.toLowerCase()
  const wanted = search === '' ? all : all.filter(group => group.toLowerCase().includes(search))
  const rows = new RowWriter(filter.sort) // of this request: whoever waits may be overtaken by another one
  const next = await judgeGroups(sources, cluster, wanted, from, (status, lastMs) =>
    rows.add(status, lastMs, filter.worseOrEqual)
  )
  return { kind: 'rows', block: rows.finish(rowsMax), next }
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
