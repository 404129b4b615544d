import { encodeName as encode } from './words/encode-name.ts'

/** What the address says is shown. Everything that a link should carry is here. */
export type Place =
  | { readonly page: 'groups'; readonly list: GroupsWanted }
  | { readonly page: 'group'; readonly cluster: string; readonly group: string; readonly bad: boolean }
  | { readonly page: 'topics'; readonly cluster: string | null; readonly search: string }
  | { readonly page: 'topic'; readonly cluster: string; readonly topic: string }
  | { readonly page: 'monitor' }

export interface GroupsWanted {
  /** Null: all. */
  readonly cluster: string | null
  readonly status: 'ok' | 'warn' | 'err'
  readonly search: string
  readonly sort: 'worst' | 'lag' | 'name' | 'commit'
}

export const anyGroups: GroupsWanted = { cluster: null, status: 'ok', search: '', sort: 'worst' }

/**
 * The address's hash: `#/?cluster=c&status=err&search=x&sort=lag`, `#/group/CLUSTER/GROUP?bad=1`, `#/topics?cluster=c&search=x`,
 * `#/topic/CLUSTER/TOPIC`, `#/monitor`. Whatever else is the list of groups.
 */
export function readPlace(hash: string): Place {
  const [path = '', query = ''] = split(hash.replace(/^#\/?/, ''), '?')
  const [page, ...names] = path.split('/').map(decode)
  const values = new URLSearchParams(query)
  const cluster = values.get('cluster') || null
  const search = (values.get('search') ?? '').slice(0, searchMax)
  const [first = '', second = ''] = names
  if (page === 'group' && names.length === 2) return { page, cluster: first, group: second, bad: values.has('bad') }
  if (page === 'topic' && names.length === 2) return { page, cluster: first, topic: second }
  if (page === 'topics') return { page, cluster, search }
  if (page === 'monitor') return { page }
  const status = (['ok', 'warn', 'err'] as const).find(known => known === values.get('status')) ?? 'ok'
  const sort = (['worst', 'lag', 'name', 'commit'] as const).find(known => known === values.get('sort')) ?? 'worst'
  return { page: 'groups', list: { cluster, status, search, sort } }
}

/** Characters that the list endpoint takes. */
export const searchMax = 256

/** The address of a place, for links. */
export function hrefOf(place: Place): string {
  switch (place.page) {
    case 'groups':
      return `#/${queryOf({ ...place.list }, { ...anyGroups })}`
    case 'group':
      return `#/group/${encode(place.cluster)}/${encode(place.group)}${place.bad ? '?bad=1' : ''}`
    case 'topics':
      return `#/topics${queryOf({ cluster: place.cluster, search: place.search }, { cluster: null, search: '' })}`
    case 'topic':
      return `#/topic/${encode(place.cluster)}/${encode(place.topic)}`
    case 'monitor':
      return '#/monitor'
  }
}

function queryOf(values: Record<string, string | null>, defaults: Record<string, string | null>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== defaults[name]) query.set(name, value)
  }
  const text = query.toString()
  return text && `?${text}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // an address that somebody cut off
  }
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
