import {
  type ChangesResult,
  changeBytesMax,
  type GoneResult,
  type GroupChanges,
  type GroupsGone
} from '../../../shared/actor/evaluator-tasks.ts'
import { RowTable } from '../../../shared/actor/row-table.ts'
import { ByteWriter } from '../../../shared/json/byte-writer.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { decodeGroupList } from '../group-list.ts'
import { type GroupRowSources, judgeGroups } from './judge-groups.ts'
import { writeRow } from './row-writer.ts'

/**
 * Judges the groups of a list and gives the rows that are not what was last said of them, which is in `table`. The figures are of all
 * groups that were judged. Evaluator thread. Rejects with BurrowError when storage does not answer.
 */
export async function groupChanges(
  sources: GroupRowSources,
  { list, from, table, statusRowsMax, quietRowsMax }: GroupChanges
): Promise<ChangesResult> {
  const { cluster, groups } = decodeGroupList(list)
  const known = new RowTable(table)
  const writer = new ByteWriter(16 * 1024)
  const keys: number[] = []
  const counts: [number, number, number] = [0, 0, 0]
  let totalLag = 0
  let changed = 0
  let statusRows = 0
  let quietRows = 0
  const next = await judgeGroups(sources, cluster, groups, from, (status, lastMs) => {
    const place = status.status - StatusConstant.OK
    if (place === 0 || place === 1 || place === 2) counts[place]++
    totalLag += status.totalLag
    const start = writer.length
    writeRow(writer, status, lastMs)
    const change = known.note(status.group, writer.bytes.subarray(start, writer.length), status.status)
    if (change !== 'same') changed++
    const isQuiet = change !== 'status'
    const hasRoom = isQuiet ? quietRows < quietRowsMax : statusRows < statusRowsMax
    if (change === 'same' || !hasRoom || writer.length > changeBytesMax) {
      writer.length = start
      return
    }
    if (isQuiet) quietRows++
    else statusRows++
    keys.push(isQuiet ? 0 : 1, status.status, status.totalLag, writer.length)
  })
  return { kind: 'changes', keys: Float64Array.from(keys), text: writer.take(), counts, totalLag, changed, next }
}

/** Names that were in a list and are in none now, as JSON. */
export function groupsGone({ before, now, namesMax }: GroupsGone): GoneResult {
  const there = new Set(now.flatMap(list => decodeGroupList(list).groups))
  const writer = new ByteWriter()
  writer.byte(0x5b)
  let names = 0
  let more = false
  for (const list of before) {
    for (const group of decodeGroupList(list).groups) {
      if (there.has(group)) continue
      if (names >= namesMax || writer.length > changeBytesMax) {
        more = true
        break
      }
      if (names++ > 0) writer.byte(0x2c)
      writer.string(group)
    }
  }
  writer.byte(0x5d)
  return { kind: 'gone', names, text: writer.take(), more }
}
