/** Shapes of what the program answers: docs/http-api.md, docs/explain.md. Times are ms since the epoch. */

export type GroupStatus = 'OK' | 'WARN' | 'ERR'
export type PartitionStatus = 'OK' | 'WARN' | 'STOP' | 'STALL' | 'REWIND'

export interface GroupRow {
  readonly group: string
  readonly status: GroupStatus
  readonly totallag: number
  readonly partition_count: number
  readonly complete: number
  readonly last_commit: number | null
  readonly since: number | null
  readonly maxlag: {
    readonly topic: string
    readonly partition: number
    readonly status: PartitionStatus
    readonly current_lag: number
    readonly owner: string
    readonly client_id: string
  } | null
}

export interface GroupList {
  readonly cluster: string
  readonly evaluated_at: number
  readonly counts: Readonly<Record<GroupStatus, number>>
  readonly matched: number
  readonly offset: number
  readonly groups: readonly GroupRow[]
}

export interface Commit {
  readonly offset: number
  readonly timestamp: number
  readonly observedAt: number
  /** Null: not known. */
  readonly lag: number | null
}

export interface Forecast {
  readonly status: string
  readonly at: number
  readonly sentence: string
}

export interface PartitionExplanation {
  readonly topic: string
  readonly partition: number
  readonly status: PartitionStatus
  readonly rule: string
  readonly sentence: string
  readonly current_lag: number
  readonly owner: string
  readonly client_id: string
  readonly complete: number
  readonly tried: readonly { readonly rule: string; readonly decides: boolean; readonly sentence: string }[]
  readonly forecast: Forecast | null
  readonly commits: readonly (Commit | null)[]
  readonly end_offsets: readonly number[]
}

export interface GroupExplanation {
  readonly cluster: string
  readonly group: string
  readonly status: GroupStatus
  readonly sentence: string
  readonly evaluated_at: number
  readonly settings: { readonly intervals: number; readonly offset_refresh: number }
  readonly complete: number
  readonly partition_count: number
  readonly totallag: number
  readonly counts: Readonly<Record<PartitionStatus, number>>
  readonly forecast: Forecast | null
  readonly expires_at: number | null
  readonly partitions: readonly PartitionExplanation[]
}

/** Events of the stream /v3/events. */
export interface HelloEvent {
  readonly version: string
  readonly startedMs: number
  readonly nowMs: number
  readonly clusters: readonly string[]
  readonly refreshSeconds: number
}

export interface ClusterEvent {
  readonly name: string
  readonly up: boolean
  readonly ready: boolean
  readonly error: string | null
  readonly groups: number
  readonly ok: number
  readonly warn: number
  readonly err: number
  readonly totalLag: number
  readonly topics: number
}

export interface GroupsEvent {
  readonly cluster: string
  readonly rows: readonly GroupRow[]
  readonly gone: readonly string[]
  /** There were more changes than fit: ask the list again. */
  readonly more: boolean
}

export interface HealthEvent {
  readonly ready: boolean
  readonly nowMs: number
  readonly commitsPerSecond: number
  readonly rssBytes: number
  readonly loopDelayMaxMs: number
  readonly threads: readonly { readonly name: string; readonly state: string; readonly restarts: number }[]
  readonly queues: Readonly<Record<string, unknown>>
  readonly refusals: Readonly<Record<string, number>>
  readonly clusters: readonly { readonly name: string; readonly up: boolean; readonly error: string | null }[]
}
