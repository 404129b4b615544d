import {
  type ChangesResult,
  groupsPerListMax,
  type PageResult,
  type TaskRequest
} from '../../shared/actor/evaluator-tasks.ts'
import { RowTable } from '../../shared/actor/row-table.ts'
import { askAhead } from '../evaluator/ask-ahead.ts'
import { askAll, mustBeOf } from '../evaluator/pool-steps.ts'
import { ChangedRows, rowsPerEventMax } from './changed-rows.ts'
import { eventBytes } from './event.ts'
import type { ClusterCondition } from './program-state.ts'

/** Names that are compared to find those that are gone; of more, clients are only told to ask again. */
export const comparedBytesMax = 8 * 1024 * 1024
/** Topics are counted in every so many-th pass. */
const passesPerTopicCount = 5

export interface ClusterWatchOptions {
  /** Threads of the pool. */
  readonly threads: number
  page(request: TaskRequest): Promise<PageResult>
}

/**
 * Looks at a cluster again and again, and tells what has changed. Main thread, which asks, passes on and keeps the names: the pool judges, compares
 * and writes.
 */
export class ClusterWatch {
  readonly cluster: string
  readonly #options: ClusterWatchOptions
  #table: RowTable | null = null
  #lists: readonly Uint8Array[] = []
  #passes = 0
  #topics = 0
  #shown: string | null = null
  /** A pass broke off: what it saw was noted in the table, and nobody was told. */
  #broken = false

  constructor(cluster: string, options: ClusterWatchOptions) {
    this.cluster = cluster
    this.#options = options
  }

  /** What a client must know that comes, or comes back. */
  start(): Uint8Array[] {
    return this.#shown === null ? [] : [eventBytes('cluster', this.#shown), this.#groupsEvent([], '[]', true)]
  }

  /** The events about what has changed since the last look. Rejects with BurrowError; then the next look says `more`. */
  async look(condition: ClusterCondition): Promise<Uint8Array[]> {
    const { page } = this.#options
    const broken = this.#broken
    this.#broken = true
    if (broken || this.#passes++ % passesPerTopicCount === 0) this.#topics = await this.#countTopics()
    const result = await page({ page: 'metrics-groups', cluster: this.cluster })
    const lists = result.kind === 'not-found' ? [] : mustBeOf('lists', result).lists
    const isFirst = this.#prepareTable(lists.length * groupsPerListMax)
    const rows = new ChangedRows()
    for await (const judged of askAhead(lists, this.#options.threads, list => this.#judge(list, rows)))
      rows.count(judged)
    const gone = isFirst ? { text: '[]', names: 0, more: false } : await this.#gone(this.#lists, lists)
    this.#lists = lists
    this.#broken = false
    const events: Uint8Array[] = []
    const shown = this.#describe(condition, rows)
    if (shown !== this.#shown) events.push(eventBytes('cluster', shown))
    this.#shown = shown
    if (isFirst || broken) events.push(this.#groupsEvent([], gone.text, true))
    else if (rows.changed > 0 || gone.names > 0 || gone.more) {
      const [text, all] = rows.worst()
      events.push(this.#groupsEvent(text, gone.text, !all || gone.more))
    }
    return events
  }

  /** True: nothing is known of what was said before. */
  #prepareTable(groups: number): boolean {
    if (this.#table && !this.#table.isTooSmallFor(groups)) return false
    this.#table = RowTable.create(groups)
    return true
  }

  async #countTopics(): Promise<number> {
    const result = await this.#options.page({ page: 'topic-count', cluster: this.cluster })
    return result.kind === 'not-found' ? 0 : mustBeOf('count', result).count
  }

  #judge(list: Uint8Array, rows: ChangedRows): Promise<ChangesResult[]> {
    const table = this.#table!.buffer
    return askAll(async from => {
      const wanted = { statusRowsMax: rows.statusRoom, quietRowsMax: rows.quietRoom }
      return mustBeOf('changes', await this.#options.page({ page: 'group-changes', list, from, table, ...wanted }))
    })
  }

  async #gone(before: readonly Uint8Array[], now: readonly Uint8Array[]): Promise<Gone> {
    let same = 0
    while (same < before.length && same < now.length && equal(before[same]!, now[same]!)) same++
    let end = 0
    const shorter = Math.min(before.length, now.length) - same
    while (end < shorter && equal(before.at(-1 - end)!, now.at(-1 - end)!)) end++
    const left = { before: before.slice(same, before.length - end), now: now.slice(same, now.length - end) }
    if (left.before.length === 0) return { text: '[]', names: 0, more: false }
    const bytes = [...left.before, ...left.now].reduce((sum, list) => sum + list.length, 0)
    if (bytes > comparedBytesMax) return { text: '[]', names: 0, more: true }
    const result = await this.#options.page({ page: 'groups-gone', ...left, namesMax: rowsPerEventMax })
    return mustBeOf('gone', result)
  }

  #describe({ name, up, ready, error }: ClusterCondition, { counts, totalLag, groups }: ChangedRows): string {
    const [ok, warn, err] = counts
    return JSON.stringify({ name, up, ready, error, groups, ok, warn, err, totalLag, topics: this.#topics })
  }

  #groupsEvent(rows: readonly Uint8Array[], gone: Uint8Array | string, more: boolean): Uint8Array {
    const separated = rows.flatMap((row, index) => (index === 0 ? [row] : [',', row]))
    const head = `{"cluster":${JSON.stringify(this.cluster)},"rows":[`
    return eventBytes('groups', head, ...separated, '],"gone":', gone, `,"more":${more}}`)
  }
}

interface Gone {
  readonly text: Uint8Array | string
  readonly names: number
  readonly more: boolean
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0
}
