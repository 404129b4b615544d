import { countToText, durationToText } from '../../../shared/rules/amount-words.ts'
import type { GroupAnswer, PartitionAnswer } from '../ask/answers.ts'
import { type StatusAnswer, worstFirst } from '../ask/ask-status.ts'
import { safeText } from './safe-text.ts'
import { bold, paint, type Screen } from './screen.ts'
import { type Column, tableLines } from './table.ts'
import { wrapText } from './text-width.ts'

/** Partitions of one group that are shown, the worst of them. */
export const partitionsShownMax = 100

/** The status of many groups, or of one with its partitions. */
export function statusLines(answer: StatusAnswer, screen: Screen): string[] {
  const lines = [headLine(answer, screen)]
  if (answer.explained.length > 0) {
    for (const explained of answer.explained) lines.push('', ...groupLines(explained, screen))
    return lines
  }
  if (answer.groups.length > 0) lines.push('', ...groupTable(answer, screen))
  const hidden = answer.matched - answer.groups.length
  if (hidden > 0) lines.push(`${countToText(hidden)} more ${hidden === 1 ? 'group' : 'groups'}; --limit shows more`)
  return lines
}

/** `BURROW ERR - 12 groups: 5 ERR, 2 WARN, 5 OK`, the form in which Nagios expects a first line. */
function headLine({ counts, exitCode }: StatusAnswer, screen: Screen): string {
  const status = statusByExitCode[exitCode] ?? 'UNKNOWN'
  const groups = counts.OK + counts.WARN + counts.ERR
  const parts = (['ERR', 'WARN', 'OK'] as const).filter(each => counts[each] > 0)
  const of = parts.map(each => `${countToText(counts[each])} ${each}`).join(', ')
  return `BURROW ${paint(status, status, screen)} - ${countToText(groups)} ${groups === 1 ? 'group' : 'groups'}${of === '' ? '' : `: ${of}`}`
}

function groupTable({ groups }: StatusAnswer, screen: Screen): string[] {
  const now = Date.now()
  const rows = groups.map(
    ({ cluster, group, status, totallag, partition_count, complete, last_commit, since, maxlag }) => ({
      status,
      cells: [
        status,
        safeText(group),
        safeText(cluster),
        countToText(totallag),
        countToText(partition_count),
        `${Math.floor(complete * 100)}%`,
        ago(last_commit, now),
        ago(since, now),
        maxlag === null || maxlag.current_lag === 0 ? '' : safeText(`${maxlag.topic}/${maxlag.partition}`),
        safeText(maxlag?.client_id ?? '')
      ]
    })
  )
  return tableLines(groupColumns, rows, screen)
}

function groupLines(explained: GroupAnswer, screen: Screen): string[] {
  const { cluster, group, sentence, partitions } = explained
  const shown = worstFirst(partitions).slice(0, partitionsShownMax)
  const hidden = partitions.length - shown.length
  const lines = [bold(safeText(`${group} in ${cluster}`), screen), ...wrapped(sentence, screen)]
  if (shown.length > 0) lines.push('', ...tableLines(partitionColumns, shown.map(partitionRow), screen))
  if (hidden > 0) lines.push(`${countToText(hidden)} more ${hidden === 1 ? 'partition' : 'partitions'}, no worse`)
  return lines
}

function partitionRow({ topic, partition, status, current_lag, complete, commits, client_id, owner }: PartitionAnswer) {
  const last = commits.at(-1)
  const cells = [
    status,
    safeText(`${topic}/${partition}`),
    countToText(current_lag),
    last ? countToText(last.offset) : '-',
    ago(last?.timestamp ?? null, Date.now()),
    `${Math.floor(complete * 100)}%`,
    safeText(client_id),
    safeText(owner)
  ]
  return { status, cells }
}

/** A text from outside, in lines that fit. */
export function wrapped(text: string, { width }: Screen, indent = ''): string[] {
  const safe = safeText(text)
  return width === null ? [indent + safe] : wrapText(safe, width - indent.length).map(line => indent + line)
}

function ago(timeMs: number | null, nowMs: number): string {
  if (timeMs === null) return '-'
  return durationToText(Math.max(0, Math.floor((nowMs - timeMs) / 1000) * 1000))
}

const statusByExitCode = ['OK', 'WARN', 'ERR']
const groupColumns: readonly Column[] = [
  { title: 'STATUS' },
  { title: 'GROUP', narrowest: 16 },
  { title: 'CLUSTER', narrowest: 8, expendable: 2 },
  { title: 'LAG', align: 'right' },
  { title: 'PARTITIONS', align: 'right', expendable: 5 },
  { title: 'FULL', align: 'right', expendable: 6 },
  { title: 'LAST COMMIT', align: 'right', expendable: 1 },
  { title: 'SINCE', align: 'right', expendable: 4 },
  { title: 'MOST BEHIND', narrowest: 12, expendable: 3 },
  { title: 'CLIENT', narrowest: 6, expendable: 7 }
]
const partitionColumns: readonly Column[] = [
  { title: 'STATUS' },
  { title: 'PARTITION', narrowest: 12 },
  { title: 'LAG', align: 'right' },
  { title: 'COMMITTED', align: 'right', expendable: 2 },
  { title: 'LAST COMMIT', align: 'right', expendable: 1 },
  { title: 'FULL', align: 'right', expendable: 3 },
  { title: 'CLIENT', narrowest: 6, expendable: 4 },
  { title: 'OWNER', narrowest: 6, expendable: 5 }
]
