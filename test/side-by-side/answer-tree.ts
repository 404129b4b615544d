import type { RawAnswer } from '../support/raw-http.ts'
import { type JsonTree, type Member, objectOf, scalar, scanJson } from './json-tree.ts'

/** How bytes are carried on one connection, which Go and Node decide (RFC 9110 section 7.6.1, RFC 9112 sections 6 and 7). */
const transportHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length'])

/** An answer as one tree: `status`, `headers` by name, `body` (as JSON, as a page of metrics, or as text) and what follows it. */
export function answerTree(answer: RawAnswer): JsonTree {
  const headers = answer.head
    .slice(1)
    .map(field => ({ name: field.slice(0, field.indexOf(':')).toLowerCase(), text: field.replace(/^[^:]*: */, '') }))
    .filter(({ name }) => !transportHeaders.has(name))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
  const isPage = answer.headers['content-type']?.includes('version=0.0.4')
  return objectOf([
    { key: 'status', value: scalar(answer.head[0]!) },
    { key: 'headers', value: objectOf(headers.map(({ name, text }) => ({ key: name, value: scalar(text) }))) },
    ...(isPage ? pageMembers(answer.body) : bodyMembers(answer.body))
  ])
}

function bodyMembers(body: string): Member[] {
  const scanned = scanJson(body)
  if (!scanned) return [{ key: 'body', value: scalar(body) }]
  return [
    { key: 'body', value: scanned.tree },
    { key: 'after', value: scalar(scanned.after) }
  ]
}

/**
 * A page of metrics: `body` has the families about groups and topics in their order, each with its comment lines and its series
 * by labels; `own` has the names of the families that a program has about itself.
 */
function pageMembers(page: string): Member[] {
  const own: string[] = []
  const families = new Map<string, Member[]>()
  for (const line of page.split('\n')) {
    const name = /^(?:# (?:HELP|TYPE) )?([a-zA-Z_:]+)/.exec(line)?.[1]
    if (name?.startsWith('burrow_kafka_')) {
      const at = line.startsWith('#') ? line.indexOf(name) - 1 : line.lastIndexOf(' ')
      const key = line.startsWith('#') ? line.slice(0, at) : line.slice(name.length, at)
      const members = families.get(name) ?? []
      families.set(name, [...members, { key, value: scalar(line.slice(at + 1)) }])
    } else if (line.startsWith('# TYPE ')) own.push(name!)
    else if (name === undefined && line !== '') own.push(`no line of metrics: ${line}`)
  }
  return [
    {
      key: 'body',
      value: objectOf([...families].map(([key, members]) => ({ key, value: objectOf(members) })))
    },
    { key: 'own', value: scalar(own.join(' ')) },
    { key: 'end', value: scalar(page.slice(-1)) }
  ]
}
