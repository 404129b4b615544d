/** What the instance answers, as far as the terminal shows it (docs/explain.md). Names come from outside: safeText before showing. */
export interface ListedGroup {
  readonly group: string
  readonly status: string
  readonly totallag: number
  readonly partition_count: number
  readonly complete: number
  /** ms since the epoch; null = none, not known. */
  readonly last_commit: number | null
  readonly since: number | null
  readonly maxlag: {
    readonly topic: string
    readonly partition: number
    readonly status: string
    readonly current_lag: number
    readonly owner: string
    readonly client_id: string
  } | null
}

export interface ClusterStatusAnswer {
  readonly cluster: string
  readonly evaluated_at: number
  readonly counts: { readonly OK: number; readonly WARN: number; readonly ERR: number }
  readonly matched: number
  readonly groups: readonly ListedGroup[]
}

export interface CommitAnswer {
  readonly offset: number
  readonly timestamp: number
  readonly lag: number | null
}

export interface ForecastAnswer {
  readonly status: string
  readonly sentence: string
}

export interface PartitionAnswer {
  readonly topic: string
  readonly partition: number
  readonly owner: string
  readonly client_id: string
  readonly status: string
  readonly sentence: string
  readonly current_lag: number
  readonly complete: number
  readonly tried: readonly { readonly decides: boolean; readonly sentence: string }[]
  readonly commits: readonly CommitAnswer[]
  readonly end_offsets: readonly number[]
  readonly forecast: ForecastAnswer | null
}

export interface GroupAnswer {
  readonly cluster: string
  readonly group: string
  readonly status: string
  readonly sentence: string
  readonly evaluated_at: number
  readonly complete: number
  readonly totallag: number
  readonly partition_count: number
  readonly expires_at: number | null
  readonly forecast: ForecastAnswer | null
  readonly partitions: readonly PartitionAnswer[]
}
