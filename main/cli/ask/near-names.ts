import { didYouMean } from '../../config/near-spelling.ts'
import { safeText } from '../terminal/safe-text.ts'
import { AskFailed } from './ask-failed.ts'
import type { BurrowClient } from './burrow-client.ts'

/** Names written out in one message. */
const namesShownMax = 20

export async function clusterNames(client: BurrowClient): Promise<readonly string[]> {
  return (await client.get<string[]>('/v3/kafka', 'clusters')) ?? []
}

export async function clusterUnknown(client: BurrowClient, cluster: string): Promise<AskFailed> {
  const names = await clusterNames(client)
  const shown = names.slice(0, namesShownMax).map(safeText).join(', ')
  const others = names.length > namesShownMax ? `${shown} and others` : shown || 'none'
  return new AskFailed(`there is no cluster ${safeText(cluster)}${near(cluster, names)} (there are: ${others})`)
}

/** Looks for a name like it in the clusters that were asked. */
export async function groupUnknown(
  client: BurrowClient,
  clusters: readonly string[],
  group: string
): Promise<AskFailed> {
  const names: string[] = []
  for (const cluster of clusters) {
    const groups = await client.get<string[]>(`/v3/kafka/${encodeURIComponent(cluster)}/consumer`, 'consumers')
    if (groups === null) return clusterUnknown(client, cluster)
    for (const name of groups) names.push(name)
  }
  const where = clusters.length === 1 ? ` in cluster ${safeText(clusters[0]!)}` : ''
  return new AskFailed(`there is no group ${safeText(group)}${where}${near(group, names)}`)
}

export function near(word: string, names: Iterable<string>): string {
  return didYouMean(safeText(word), Array.from(names, safeText))
}
