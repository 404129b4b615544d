import { countToText, recordsToText, timeToText } from '../../../shared/rules/amount-words.ts'
import type { CommitAnswer, GroupAnswer, PartitionAnswer } from '../ask/answers.ts'
import { worstFirst } from '../ask/ask-status.ts'
import { safeText } from './safe-text.ts'
import { bold, paint, type Screen } from './screen.ts'
import { wrapped } from './status-lines.ts'
import { tableLines } from './table.ts'

/** Partitions with their sentences, the worst of them; the rest is one line. */
export const sentencesShownMax = 20
/** Commits of a window that are shown, from each end. */
export const commitsShownMax = 10

/** A group: its sentence, what comes, its partitions in a sentence each, and the worst one in full. */
export function explainGroupLines(explained: GroupAnswer, screen: Screen): string[] {
  const { cluster, group, status, sentence, totallag, partition_count, complete, forecast, expires_at } = explained
  const sorted = worstFirst(explained.partitions)
  const shown = sorted.slice(0, sentencesShownMax)
  const hidden = sorted.length - shown.length
  const lines = [
    `${bold(safeText(`${group} in ${cluster}`), screen)}: ${paint(safeText(status), status, screen)}`,
    ...wrapped(sentence, screen),
    ...wrapped(
      `${recordsToText(totallag)} behind in all; the window is full in ${Math.floor(complete * 100)} % of ${countToText(partition_count)} partitions`,
      screen
    ),
    ...wrapped(`What comes: ${forecast?.sentence ?? `it stays ${status} if nothing changes`}.`, screen)
  ]
  if (expires_at !== null)
    lines.push(...wrapped(`Without a commit it is forgotten at ${timeToText(expires_at)}.`, screen))
  if (shown.length > 0) lines.push('')
  for (const { topic, partition, sentence } of shown)
    lines.push(...wrapped(`${topic}/${partition}  ${sentence}`, screen))
  if (hidden > 0) lines.push(`${countToText(hidden)} more ${hidden === 1 ? 'partition' : 'partitions'}, no worse`)
  const worst = shown[0]
  return worst ? [...lines, '', ...explainPartitionLines(worst, screen)] : lines
}

/** A partition: the rules in the order in which they were tried, what comes, and the window. */
export function explainPartitionLines(explained: PartitionAnswer, screen: Screen): string[] {
  const { topic, partition, status, tried, commits, end_offsets, forecast, client_id, owner } = explained
  const lines = [`${bold(safeText(`${topic}/${partition}`), screen)}: ${paint(safeText(status), status, screen)}`]
  if (client_id !== '' || owner !== '')
    lines.push(...wrapped(`read by ${client_id} at ${owner || 'an unknown host'}`, screen))
  for (const [index, { sentence }] of tried.entries()) {
    const [first = '', ...more] = wrapped(sentence, narrower(screen, 4))
    lines.push(`${String(index + 1).padStart(2)}. ${first}`, ...more.map(line => `    ${line}`))
  }
  lines.push(...wrapped(`What comes: ${forecast?.sentence ?? `it stays ${status} if nothing changes`}.`, screen))
  if (commits.length > 0) lines.push('', ...commitTable(commits, screen))
  if (end_offsets.length > 0) {
    const list = end_offsets
      .slice(-2 * commitsShownMax)
      .map(countToText)
      .join(' ')
    lines.push('', ...wrapped(`end offsets, oldest first: ${list}`, screen))
  }
  return lines
}

function commitTable(commits: readonly CommitAnswer[], screen: Screen): string[] {
  const cut = commits.length > 2 * commitsShownMax
  const shown = cut ? [...commits.slice(0, commitsShownMax), ...commits.slice(-commitsShownMax)] : commits
  const rows = shown.map(({ offset, timestamp, lag }) => ({
    status: '',
    cells: [timeToText(timestamp), countToText(offset), lag === null ? 'unknown' : countToText(lag)]
  }))
  const lines = tableLines(commitColumns, rows, screen)
  if (cut) lines.splice(1 + commitsShownMax, 0, `  ${countToText(commits.length - shown.length)} more`)
  return lines
}

function narrower(screen: Screen, by: number): Screen {
  return screen.width === null ? screen : { ...screen, width: screen.width - by }
}

const commitColumns = [
  { title: 'COMMITTED AT' },
  { title: 'OFFSET', align: 'right' },
  { title: 'LAG THEN', align: 'right', expendable: 1 }
] as const
