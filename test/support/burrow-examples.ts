import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from './temp-folder.ts'

type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const consoleGroups = '^(console-consumer-|python-kafka-consumer-).*$'

/** What Burrow's own docker-config says: sections, keys and values. */
const dockerConfig: Sections = {
  zookeeper: { servers: ['zookeeper:2181'], timeout: 6, 'root-path': '/burrow' },
  'cluster.local': { 'class-name': 'kafka', servers: ['kafka:9092'], 'topic-refresh': 60, 'offset-refresh': 30 },
  'consumer.local': {
    'class-name': 'kafka',
    cluster: 'local',
    servers: ['kafka:9092'],
    'group-denylist': consoleGroups,
    'group-allowlist': ''
  },
  'consumer.local_zk': {
    'class-name': 'kafka_zk',
    cluster: 'local',
    servers: ['zookeeper:2181'],
    'zookeeper-path': '/local',
    'zookeeper-timeout': 30,
    'group-denylist': consoleGroups,
    'group-allowlist': ''
  },
  'httpserver.default': { address: ':8000' }
}

const brokers = [1, 2, 3].map(i => `kafka0${i}.example.com:10251`)
const quickGroups = '^(console-consumer-|python-kafka-consumer-|quick-).*$'

/** What the example in Burrow's config folder says, today's names of the lists included. */
const fullConfig: Sections = {
  general: {
    pidfile: 'burrow.pid',
    'stdout-logfile': 'burrow.out',
    'access-control-allow-origin': 'mysite.example.com'
  },
  logging: {
    filename: 'logs/burrow.log',
    level: 'info',
    maxsize: 100,
    maxbackups: 30,
    maxage: 10,
    'use-localtime': false,
    'use-compression': true
  },
  zookeeper: { servers: [1, 2, 3].map(i => `zkhost0${i}.example.com:2181`), timeout: 6, 'root-path': '/burrow' },
  'client-profile.test': { 'client-id': 'burrow-test', 'kafka-version': '0.10.0' },
  'cluster.local': {
    'class-name': 'kafka',
    servers: brokers,
    'client-profile': 'test',
    'topic-refresh': 120,
    'offset-refresh': 30,
    'groups-reaper-refresh': 0
  },
  'consumer.local': {
    'class-name': 'kafka',
    cluster: 'local',
    servers: brokers,
    'client-profile': 'test',
    'group-denylist': quickGroups,
    'group-allowlist': ''
  },
  'consumer.local_zk': {
    'class-name': 'kafka_zk',
    cluster: 'local',
    servers: [1, 2, 3].map(i => `zk0${i}.example.com:2181`),
    'zookeeper-path': '/kafka-cluster',
    'zookeeper-timeout': 30,
    'group-denylist': quickGroups,
    'group-allowlist': ''
  },
  'httpserver.default': { address: ':8000' },
  'storage.default': {
    'class-name': 'inmemory',
    workers: 20,
    intervals: 15,
    'expire-group': 604_800,
    'min-distance': 1
  },
  'notifier.default': {
    'class-name': 'http',
    'url-open': 'http://someservice.example.com:1467/v1/event',
    interval: 60,
    timeout: 5,
    keepalive: 30,
    extras: { api_key: 'REDACTED', app: 'burrow', tier: 'STG', fabric: 'mydc' },
    'template-open': 'conf/default-http-post.tmpl',
    'template-close': 'conf/default-http-delete.tmpl',
    'method-close': 'DELETE',
    'send-close': true,
    threshold: 1
  }
}

export const burrowExamples = { docker: dockerConfig, full: fullConfig }

/** A folder with burrow.toml and the templates it names. */
export function exampleFolder(example: keyof typeof burrowExamples): string {
  const folder = tempFolder('example')
  const sections = Object.entries(burrowExamples[example]).map(
    ([name, keys]) =>
      `[${name}]\n${Object.entries(keys)
        .map(([key, value]) => `${key}=${tomlOf(value)}\n`)
        .join('')}`
  )
  writeFileSync(join(folder, 'burrow.toml'), sections.join('\n'))
  mkdirSync(join(folder, 'conf'))
  writeFileSync(
    join(folder, 'conf', 'default-http-post.tmpl'),
    '{"group":"{{.Group}}","app":"{{index .Extras "app"}}"}'
  )
  writeFileSync(join(folder, 'conf', 'default-http-delete.tmpl'), '{"id":"{{.ID}}"}')
  return folder
}

function tomlOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value)
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}=${tomlOf(inner)}`)
    .join(', ')} }`
}
