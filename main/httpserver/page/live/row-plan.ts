import type { GroupsWanted } from '../place.ts'
import type { GroupStatus } from './shapes.ts'

/** `count` rows of a cluster's list, from the `from`-th on. */
export interface Stretch {
  readonly cluster: string
  readonly from: number
  readonly count: number
}

/**
 * Where each row of several clusters' lists is in one list. A cluster's own list is worst first, and its counts say where ERR ends and WARN
 * begins: so ERR of all clusters can come before WARN of any. In other orders one cluster follows the other.
 */
export function planRows(
  clusters: readonly { readonly name: string; readonly counts: Readonly<Record<GroupStatus, number>> }[],
  { status, sort }: Pick<GroupsWanted, 'status' | 'sort'>
): Stretch[] {
  const shown = shownOf[status]
  if (sort !== 'worst') {
    return clusters.map(({ name, counts }) => ({
      cluster: name,
      from: 0,
      count: shown.reduce((sum, each) => sum + counts[each], 0)
    }))
  }
  const plan: Stretch[] = []
  const fromByCluster = new Map<string, number>()
  for (const each of shown) {
    for (const { name, counts } of clusters) {
      const from = fromByCluster.get(name) ?? 0
      plan.push({ cluster: name, from, count: counts[each] })
      fromByCluster.set(name, from + counts[each])
    }
  }
  return plan
}

const shownOf: Readonly<Record<GroupsWanted['status'], readonly GroupStatus[]>> = {
  ok: ['ERR', 'WARN', 'OK'],
  warn: ['ERR', 'WARN'],
  err: ['ERR']
}
