import type { GroupOrder, PageResult } from '../../shared/actor/evaluator-tasks.ts'
import { StatusConstant } from '../../shared/protocol/status.ts'
import type { ClusterListRequest } from '../evaluator/cluster-lists.ts'
import { type Envelope, envelopeHead } from './envelope.ts'
import { resultAnswer } from './kafka-routes.ts'
import type { Route } from './routes.ts'

/** Lists of all groups of a cluster (main/evaluator/cluster-lists.ts). */
export interface GroupListSource {
  list(request: ClusterListRequest): Promise<PageResult>
}

/** Rows in one answer, if `limit` does not say. */
export const rowsDefault = 100
export const rowsMax = 10_000
/** Rows that can be passed over. */
export const offsetMax = 1_000_000
export const searchCharactersMax = 256

/**
 * `/v3/kafka/:cluster/status?limit=&offset=&status=&search=&sort=`: groups with their verdicts, worst first if `sort` does not say otherwise (docs/explain.md). Ours, so it
 * goes into the router's additions. Main thread.
 */
export function groupListRoute(envelope: Envelope, lists: GroupListSource): Route {
  return {
    method: 'GET',
    pattern: '/v3/kafka/:cluster/status',
    answer: async ({ url, query, parameters }) => {
      const wanted = readGroupListQuery(query)
      if (typeof wanted === 'string') return envelope.error(400, wanted, url)
      return resultAnswer(envelope, await lists.list({ cluster: parameters[0] ?? '', ...wanted }), form, url)
    }
  }
}

/** A sentence about the first mistake, or what is asked for. */
export function readGroupListQuery(query: string): Omit<ClusterListRequest, 'cluster'> | string {
  const values = new URLSearchParams(query)
  for (const name of values.keys()) {
    if (!names.includes(name)) return `unknown parameter; there are ${names.join(', ')}`
    if (values.getAll(name).length > 1) return `${name} is there twice`
  }
  const limit = wholeNumber(values.get('limit'), rowsDefault, rowsMax)
  if (limit === null) return `limit must be a whole number from 0 to ${rowsMax}`
  const offset = wholeNumber(values.get('offset'), 0, offsetMax)
  if (offset === null) return `offset must be a whole number from 0 to ${offsetMax}`
  const worseOrEqual = statusByWord.get((values.get('status') ?? 'ok').toLowerCase())
  if (worseOrEqual === undefined) return `status must be one of ${[...statusByWord.keys()].join(', ')}`
  const search = values.get('search') ?? ''
  if (search.length > searchCharactersMax) return `search must have at most ${searchCharactersMax} characters`
  const sort = values.get('sort') ?? 'worst'
  if (sort === 'worst') return { limit, offset, filter: { search, worseOrEqual } }
  const order = orders.find(known => known === sort)
  return order
    ? { limit, offset, filter: { search, worseOrEqual, sort: order } }
    : `sort must be one of worst, ${orders.join(', ')}`
}

function wholeNumber(text: string | null, fallback: number, max: number): number | null {
  if (text === null) return fallback
  const value = /^\d{1,9}$/.test(text) ? Number(text) : max + 1
  return value <= max ? value : null
}

const names = ['limit', 'offset', 'status', 'search', 'sort']
const orders: readonly GroupOrder[] = ['lag', 'name', 'commit']
const statusByWord: ReadonlyMap<string, StatusConstant> = new Map([
  ['ok', StatusConstant.OK],
  ['warn', StatusConstant.Warning],
  ['err', StatusConstant.Error]
])
const form = { head: envelopeHead('cluster status returned', 'status'), notFound: 'cluster not found' }
