import type { ClusterStatusAnswer, GroupAnswer, ListedGroup, PartitionAnswer } from './answers.ts'
import { AskFailed } from './ask-failed.ts'
import type { BurrowClient } from './burrow-client.ts'
import { exitCodeOf, exitCodeOfStatus } from './exit-codes.ts'
import { clusterNames, clusterUnknown, groupUnknown } from './near-names.ts'

export interface StatusQuestion {
  readonly cluster?: string
  readonly group?: string
  /** Groups, or partitions of one, that are shown. */
  readonly limit: number
}

export interface StatusAnswer {
  readonly exitCode: number
  readonly url: string
  readonly counts: { readonly OK: number; readonly WARN: number; readonly ERR: number }
  /** Worst first; of all clusters together. */
  readonly groups: readonly (ListedGroup & { readonly cluster: string })[]
  /** Groups that there are. */
  readonly matched: number
  /** If one group was asked for: its partitions, worst first. */
  readonly explained: readonly GroupAnswer[]
  /** For `--json`. */
  readonly json: unknown
}

/** Every group of one cluster or of all; one question a cluster. */
export async function askGroups(client: BurrowClient, { cluster, limit }: StatusQuestion): Promise<StatusAnswer> {
  const clusters = await clustersToAsk(client, cluster)
  const answers: ClusterStatusAnswer[] = []
  for (const name of clusters) {
    const path = `/v3/kafka/${encodeURIComponent(name)}/status?limit=${limit}`
    const answer = await client.get<ClusterStatusAnswer>(path, 'status')
    if (answer === null) throw await clusterUnknown(client, name)
    answers.push(answer)
  }
  const counts = { OK: 0, WARN: 0, ERR: 0 }
  for (const answer of answers) {
    counts.OK += answer.counts.OK
    counts.WARN += answer.counts.WARN
    counts.ERR += answer.counts.ERR
  }
  const groups = answers.flatMap(answer => answer.groups.map(group => ({ ...group, cluster: answer.cluster })))
  groups.sort((a, b) => severity(b.status) - severity(a.status) || b.totallag - a.totallag)
  const shown = groups.slice(0, limit)
  const exitCode = counts.ERR > 0 ? exitCodeOf.critical : counts.WARN > 0 ? exitCodeOf.warning : exitCodeOf.ok
  const matched = answers.reduce((sum, answer) => sum + answer.matched, 0)
  const json = { exit_code: exitCode, counts, matched, groups: shown }
  return { exitCode, url: client.url, counts, groups: shown, matched, explained: [], json }
}

/** One group, wherever it is: with its partitions. */
export async function askGroup(
  client: BurrowClient,
  { cluster }: StatusQuestion,
  group: string
): Promise<StatusAnswer> {
  const clusters = await clustersToAsk(client, cluster)
  const explained: GroupAnswer[] = []
  for (const name of clusters) {
    const answer = await client.get<GroupAnswer>(explainPath(name, group), 'explanation')
    if (answer) explained.push(answer)
  }
  if (explained.length === 0) throw await groupUnknown(client, clusters, group)
  const counts = { OK: 0, WARN: 0, ERR: 0 }
  let exitCode: number = exitCodeOf.ok
  for (const { status } of explained) {
    if (status === 'OK' || status === 'WARN' || status === 'ERR') counts[status]++
    exitCode = Math.max(exitCode, exitCodeOfStatus(status))
  }
  const json = { exit_code: exitCode, counts, matched: explained.length, explanations: explained }
  return { exitCode, url: client.url, counts, groups: [], matched: explained.length, explained, json }
}

export function explainPath(cluster: string, group: string): string {
  return `/v3/kafka/${encodeURIComponent(cluster)}/consumer/${encodeURIComponent(group)}/explain`
}

/** Worst first; of what is equally bad the larger lag. */
export function worstFirst(partitions: readonly PartitionAnswer[]): readonly PartitionAnswer[] {
  return partitions.toSorted((a, b) => severity(b.status) - severity(a.status) || b.current_lag - a.current_lag)
}

/** Clusters have lower-case names (spec 09, A1), whatever somebody types. */
async function clustersToAsk(client: BurrowClient, cluster: string | undefined): Promise<readonly string[]> {
  if (cluster !== undefined) return [cluster.toLowerCase()]
  const clusters = await clusterNames(client)
  if (clusters.length === 0) throw new AskFailed(`Burrow at ${client.url} watches no cluster`)
  return clusters
}

function severity(status: string): number {
  return exitCodeOfStatus(status)
}
