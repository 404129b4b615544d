import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixturesDir } from '../support/paths.ts'

/** One request, as `METHOD target`; everything is a byte string. */
export interface Question {
  readonly request: string
  readonly headers?: readonly string[]
  readonly body?: string
}

/** What is asked about a cluster, its topics and its groups, known or not. */
export function clusterQuestions(cluster: string, topics: readonly string[], groups: readonly string[]): Question[] {
  const base = `GET /v3/kafka/${cluster}`
  return [
    base,
    `${base}/topic`,
    `${base}/consumer`,
    ...topics.flatMap(topic => [`${base}/topic/${inPath(topic)}`, `${base}/topic/${inPath(topic)}/consumers`]),
    ...groups.flatMap(group => ['', '/status', '/lag'].map(page => `${base}/consumer/${inPath(group)}${page}`))
  ].map(request => ({ request }))
}

export const metricsQuestion: Question = { request: 'GET /metrics', headers: ['Accept-Encoding: identity'] }

/** Health, lists and everything that was configured. */
export function configQuestions(modules: Readonly<Record<string, readonly string[]>>): Question[] {
  const lists = Object.entries(modules).flatMap(([kind, names]) => [
    `/v3/config/${kind}`,
    ...[...names, 'none', names[0]?.toUpperCase() ?? 'NONE'].map(name => `/v3/config/${kind}/${name}`)
  ])
  const paths = ['/burrow/admin', '/burrow/admin/ready', '/v3/kafka', '/v3/config', '/v3/admin/loglevel', ...lists]
  return paths.map(path => ({ request: `GET ${path}` }))
}

/** Odd paths, methods, headers and bodies: those of http-vectors.json, asked of both while they have something to tell. */
export function oddQuestions(): Question[] {
  const { cases } = JSON.parse(readFileSync(join(fixturesDir, 'http-vectors.json'), 'utf8')) as {
    cases: { readonly request: string }[]
  }
  return cases.map(({ request }) => {
    const [line = '', ...fields] = request.split('\t')
    const body = fields.find(field => field.startsWith('body='))?.slice('body='.length) ?? ''
    return {
      request: line
        .replace(/\{rep:([^}]*):(\d+)\}/g, (_, text: string, count: string) => text.repeat(Number(count)))
        .replace(/\\x([0-9a-f]{2})/g, '%$1'),
      headers: fields.filter(field => !field.startsWith('body=')),
      body: body.replaceAll('\\n', '\n')
    }
  })
}

/** Every method of the API on every kind of path, with and without what belongs to it. */
export function methodQuestions(): Question[] {
  const paths = [
    '/burrow/admin',
    '/burrow/admin/ready',
    '/metrics',
    '/v3/kafka/local',
    '/v3/kafka/local/topic',
    '/v3/kafka/local/topic/orders',
    '/v3/kafka/local/topic/orders/consumers',
    '/v3/kafka/local/consumer',
    '/v3/kafka/local/consumer/stopped',
    '/v3/kafka/local/consumer/stopped/status',
    '/v3/kafka/local/consumer/stopped/lag',
    '/v3/config',
    '/v3/config/storage',
    '/v3/config/storage/default',
    '/v3/admin/loglevel',
    '/nothing/here'
  ]
  const methods = ['POST', 'PUT', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE']
  return [
    ...paths.flatMap(path => methods.map(method => ({ request: `${method} ${path}` }))),
    // DELETE where it deletes nothing.
    ...paths
      .filter(path => !path.includes('/consumer/stopped') || path.endsWith('s/status') || path.endsWith('lag'))
      .map(path => ({ request: `DELETE ${path}` })),
    ...paths.map(path => ({ request: `GET ${path}/` })),
    ...['local', 'LOCAL', 'local.servers', 'none'].map(name => ({ request: `GET /v3/config/cluster/${name}` })),
    { request: 'GET /v3/kafka/LOCAL/consumer' },
    { request: 'GET /v3/kafka/local', headers: ['Origin: https://elsewhere.example'] },
    { request: 'OPTIONS /v3/kafka/local', headers: ['Origin: https://a.example', 'Access-Control-Request-Method: GET'] }
  ]
}

export function inPath(name: string): string {
  return encodeURIComponent(name)
}
