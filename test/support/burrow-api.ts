import type { Program } from './program.ts'

/** The answers of spec 04 that tests of the finished program look at. */
export interface CommitAnswer {
  readonly offset: number
  readonly timestamp: number
  readonly observedAt: number
  readonly lag: number | null
}

export interface PartitionAnswer {
  readonly offsets: readonly (CommitAnswer | null)[]
  readonly owner: string
  readonly client_id: string
  readonly 'current-lag': number
}

export interface PartitionStatusAnswer {
  readonly topic: string
  readonly partition: number
  readonly owner: string
  readonly client_id: string
  readonly status: string
  readonly start: CommitAnswer | null
  readonly end: CommitAnswer | null
  readonly current_lag: number
  readonly complete: number
}

export interface GroupStatusAnswer {
  readonly group: string
  readonly status: string
  readonly complete: number
  readonly partitions: readonly PartitionStatusAnswer[]
  readonly partition_count: number
  readonly maxlag: PartitionStatusAnswer | null
  readonly totallag: number
}

/** Partitions of a group by topic, or undefined: no such group. */
export async function groupDetail(program: Pick<Program, 'get'>, cluster: string, group: string) {
  const path = `/v3/kafka/${cluster}/consumer/${encodeURIComponent(group)}`
  const { status, body } = await program.get<{ topics: Record<string, PartitionAnswer[]> }>(path)
  return status === 200 ? body.topics : undefined
}

export async function groupStatus(
  program: Pick<Program, 'get'>,
  cluster: string,
  group: string
): Promise<GroupStatusAnswer> {
  const path = `/v3/kafka/${cluster}/consumer/${encodeURIComponent(group)}/status`
  return (await program.get<{ status: GroupStatusAnswer }>(path)).body.status
}

export async function groupNames(program: Pick<Program, 'get'>, cluster: string): Promise<readonly string[]> {
  return (await program.get<{ consumers?: string[] }>(`/v3/kafka/${cluster}/consumer`)).body.consumers ?? []
}

export async function topicNames(program: Pick<Program, 'get'>, cluster: string): Promise<readonly string[]> {
  return (await program.get<{ topics?: string[] }>(`/v3/kafka/${cluster}/topic`)).body.topics ?? []
}

/** End offsets by partition, [] = topic not known. */
export async function endOffsets(
  program: Pick<Program, 'get'>,
  cluster: string,
  topic: string
): Promise<readonly number[]> {
  return (await program.get<{ offsets?: number[] }>(`/v3/kafka/${cluster}/topic/${topic}`)).body.offsets ?? []
}

/** The offsets in one window, oldest first, without its empty places. Undefined: no window. */
export async function windowOffsets(
  program: Pick<Program, 'get'>,
  cluster: string,
  group: string,
  topic: string,
  partition: number
): Promise<readonly number[] | undefined> {
  const window = (await groupDetail(program, cluster, group))?.[topic]?.[partition]?.offsets
  return window?.flatMap(commit => (commit ? [commit.offset] : []))
}
