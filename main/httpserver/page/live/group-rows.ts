import type { GroupsWanted } from '../place.ts'
import { AskError, ask, pathOf } from './ask.ts'
import { lagHistory } from './lag-history.ts'
import { monitor } from './live.ts'
import { Refresher } from './refresher.ts'
import { planRows, type Stretch } from './row-plan.ts'
import type { GroupList, GroupRow, GroupStatus } from './shapes.ts'
import { Value } from './value.ts'

/** Rows in one question, and pages of them that are kept for each cluster. */
const pageRows = 100
const pagesMax = 30
/** Questions at a time: the monitor makes few lists at once (clusterListsMax), and others ask too. */
const questionsMax = 2

export interface PlacedRow {
  readonly cluster: string
  readonly row: GroupRow
}

interface Page {
  readonly cluster: string
  readonly page: number
}

interface OneCluster {
  readonly counts: Readonly<Record<GroupStatus, number>>
  readonly pageByNumber: Map<number, { rows: GroupRow[]; old: boolean }>
}

/**
 * The groups that are wanted, of one cluster or of all, as one long list of which only what is seen is fetched. With all clusters, those that
 * are ERR come first, whatever cluster they are in.
 */
export class GroupRows {
  /** Counts up when there is something new to draw. */
  readonly version = new Value(0)
  error: string | null = null
  loaded = false
  readonly #wanted: GroupsWanted
  readonly #clusters: readonly string[]
  readonly #byCluster = new Map<string, OneCluster>()
  readonly #abort = new AbortController()
  readonly #refresher = new Refresher(() => this.#refresh())
  readonly #stopListening: () => void
  #plan: readonly Stretch[] = []
  #filling = false
  #seen = { from: 0, to: 60 }

  constructor(wanted: GroupsWanted, clusters: readonly string[]) {
    this.#wanted = wanted
    this.#clusters = clusters
    this.#stopListening = monitor.onGroups(event => {
      if (!clusters.includes(event.cluster)) return
      const changed = this.#takeRows(event.cluster, event.rows)
      if (changed || event.more || event.gone.length > 0) this.#refresher.ask()
      this.version.set(this.version.get() + 1)
    })
    this.#refresher.now()
  }

  stop(): void {
    this.#abort.abort()
    this.#stopListening()
    this.#refresher.stop()
  }

  get total(): number {
    return this.#plan.reduce((sum, { count }) => sum + count, 0)
  }

  counts(): Record<GroupStatus, number> {
    const sum = { OK: 0, WARN: 0, ERR: 0 }
    for (const { counts } of this.#byCluster.values()) {
      for (const status of ['OK', 'WARN', 'ERR'] as const) sum[status] += counts[status]
    }
    return sum
  }

  /** Null: not fetched yet. */
  at(index: number): PlacedRow | null {
    const place = this.#placeOf(index)
    const row = place && this.#byCluster.get(place.cluster)?.pageByNumber.get(place.page)?.rows[place.inPage]
    return row ? { cluster: place.cluster, row } : null
  }

  /** What is on the screen; fetched if it is not there. */
  see(from: number, to: number): void {
    this.#seen = { from, to }
    if (this.loaded && !this.#filling && this.#missing().length > 0) void this.#fill(this.#missing())
  }

  async #refresh(): Promise<void> {
    for (const { pageByNumber } of this.#byCluster.values()) for (const page of pageByNumber.values()) page.old = true
    const seen = this.#missing()
    // Counts of clusters of which nothing is seen are needed too: they say where the others are.
    for (const cluster of this.#clusters) {
      if (!seen.some(each => each.cluster === cluster)) seen.push({ cluster, page: 0 })
    }
    await this.#fill(seen)
    if (this.error !== null) this.#refresher.ask()
  }

  /** Fetches pages, and then those that are on the screen meanwhile. */
  async #fill(pages: readonly Page[]): Promise<void> {
    this.#filling = true
    for (let wanted = pages; wanted.length > 0; wanted = this.#missing()) {
      const queue = [...wanted]
      let failure: unknown = null
      const work = async () => {
        for (let next = queue.shift(); next && failure === null; next = queue.shift()) {
          await this.#fetchPage(next).catch(error => {
            failure = error
          })
        }
      }
      await Promise.all(Array.from({ length: questionsMax }, work))
      if (this.#abort.signal.aborted) break
      this.error = failure === null ? null : failure instanceof AskError ? failure.message : String(failure)
      this.#drawAgain()
      if (failure !== null) break
    }
    this.#filling = false
  }

  #drawAgain(): void {
    const inOrder = this.#clusters.flatMap(name => {
      const counts = this.#byCluster.get(name)?.counts
      return counts ? [{ name, counts }] : []
    })
    this.loaded ||= inOrder.length > 0
    this.#plan = planRows(inOrder, this.#wanted)
    this.version.set(this.version.get() + 1)
  }

  async #fetchPage({ cluster, page }: Page): Promise<void> {
    const { status, search, sort } = this.#wanted
    const query = new URLSearchParams({ limit: `${pageRows}`, offset: `${page * pageRows}`, status, search, sort })
    const list = await ask<GroupList>(`${pathOf.groups(cluster)}?${query}`, 'status', this.#abort.signal)
    const known = this.#byCluster.get(cluster)?.pageByNumber ?? new Map()
    known.delete(page)
    known.set(page, { rows: [...list.groups], old: false })
    if (known.size > pagesMax) known.delete(known.keys().next().value!)
    this.#byCluster.set(cluster, { counts: list.counts, pageByNumber: known })
    for (const row of list.groups) lagHistory.add(cluster, row.group, row.totallag, list.evaluated_at)
  }

  #missing(): Page[] {
    const missing = new Map<string, Page>()
    const last = Math.min(this.#seen.to, this.total - 1)
    for (let index = this.#seen.from; index <= last; index += 1) {
      const place = this.#placeOf(index)
      if (!place) continue
      const { cluster, page } = place
      if (this.#byCluster.get(cluster)?.pageByNumber.get(page)?.old === false) continue
      missing.set(`${page} ${cluster}`, { cluster, page })
    }
    return [...missing.values()]
  }

  #placeOf(index: number): { cluster: string; page: number; inPage: number } | null {
    let before = 0
    for (const { cluster, from, count } of this.#plan) {
      if (index < before + count) {
        const at = from + index - before
        return { cluster, page: Math.floor(at / pageRows), inPage: at % pageRows }
      }
      before += count
    }
    return null
  }

  /** Rows that are shown change in place; true if one got another status, or is new: then the order has changed. */
  #takeRows(cluster: string, rows: readonly GroupRow[]): boolean {
    const newByGroup = new Map(rows.map(row => [row.group, row]))
    const nowMs = monitor.nowMs()
    let changed = false
    let known = 0
    for (const page of this.#byCluster.get(cluster)?.pageByNumber.values() ?? []) {
      for (const [index, before] of page.rows.entries()) {
        const row = newByGroup.get(before.group)
        if (!row) continue
        known++
        changed ||= row.status !== before.status || this.#wanted.sort !== 'name'
        page.rows[index] = row
        lagHistory.add(cluster, row.group, row.totallag, nowMs)
      }
    }
    return changed || known < newByGroup.size
  }
}
