import type { AppConfig } from '../../../main/config/app-config.ts'
import { HttpCoordinator, type HttpSources } from '../../../main/httpserver/http-coordinator.ts'
import type { PageRequest, PageResult } from '../../../shared/actor/evaluator-tasks.ts'
import { realClock } from '../../../shared/clock.ts'
import { ascii, ByteWriter } from '../../../shared/json/byte-writer.ts'
import { createLogger, createLogLevelWord, type LogLevelWord, type LogRecord } from '../../../shared/log.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import type { StorageCommand } from '../../../shared/protocol/storage.ts'
import type { ClusterSettings } from '../../../shared/settings.ts'

/** What stands behind the server under test; pages are answered by `page`, which a test may replace. */
export interface FakeBackend {
  page: (request: PageRequest) => Promise<PageResult>
  readonly asked: PageRequest[]
  readonly told: StorageCommand[]
  readonly logged: LogRecord[]
  readonly logLevel: LogLevelWord
  ready: boolean
}

export const hostName = 'vm'
export const corsOrigin = 'https://ops.example.org'

/** Clusters `local` and `other`, on which nothing was ever seen. */
export function fakeBackend(): FakeBackend {
  return {
    page: emptyClusters,
    asked: [],
    told: [],
    logged: [],
    logLevel: createLogLevelWord('info'),
    ready: false
  }
}

export async function startedServer(
  backend: FakeBackend,
  changes: Partial<HttpSources> = {}
): Promise<{ server: HttpCoordinator; address: string }> {
  const server = new HttpCoordinator({ ...fakeSources(backend), ...changes })
  server.configure()
  await server.start()
  return { server, address: server.addresses[0]! }
}

export function fakeSources(backend: FakeBackend): HttpSources {
  return {
    listeners: [{ name: 'default', address: '127.0.0.1:0', timeoutSeconds: 300 }],
    corsOrigin,
    hostName,
    logger: createLogger(backend.logLevel, record => backend.logged.push(record)),
    logLevel: backend.logLevel,
    pages: {
      page: request => {
        backend.asked.push(request)
        return backend.page(request)
      }
    },
    storage: {
      tell: command => backend.told.push(command),
      ask: async () => {
        throw new Error('the server asks storage nothing')
      }
    },
    clock: realClock,
    clusterNames: () => ['local', 'other'],
    clusters: fakeConfig.clusters,
    config: fakeConfig,
    isReady: () => backend.ready,
    health: async () => ({ ready: backend.ready })
  }
}

export function bytes(json: string, status = -1): PageResult {
  return { kind: 'bytes', body: new TextEncoder().encode(json), status }
}

async function emptyClusters(request: PageRequest): Promise<PageResult> {
  if (request.page === 'status') return bytes(notFoundStatus(request.cluster, request.group), StatusConstant.NotFound)
  const known = request.cluster === 'local' || request.cluster === 'other'
  const isList = request.page === 'topics' || request.page === 'consumers' || request.page === 'topic-consumers'
  return known && isList ? bytes('[]') : { kind: 'not-found' }
}

function notFoundStatus(clusterName: string, group: string): string {
  const writer = new ByteWriter()
  writer.raw(ascii('{"cluster":'))
  writer.string(clusterName)
  writer.raw(ascii(',"group":'))
  writer.string(group)
  writer.raw(ascii(',"status":"NOTFOUND","complete":1,"partitions":[],"partition_count":0,"maxlag":null,"totallag":0}'))
  return new TextDecoder().decode(writer.take())
}

const profile = {
  name: 'p',
  clientId: '{client}',
  kafkaVersion: '2.8.0',
  dialTimeoutMs: 1000,
  readTimeoutMs: 1000,
  tls: null,
  sasl: null,
  iam: null
}

/** The configuration under which the answers in http-vectors.json were recorded. */
export const fakeConfig: AppConfig = {
  file: '',
  general: { pidFile: 'burrow.pid', stdoutLogFile: '', accessControlAllowOrigin: corsOrigin, envVarPrefix: '' },
  logging: {
    level: 'info',
    filename: '',
    maxSizeMb: 100,
    maxBackups: 10,
    maxAgeDays: 30,
    useLocalTime: false,
    useCompression: false
  },
  threads: { kafka: 1, storage: 1, evaluator: 1 },
  storage: {
    name: 'default',
    intervals: 5,
    expireGroupSeconds: 604_800,
    minDistanceSeconds: 1,
    groupAllowlist: '',
    groupDenylist: 'denied-by-storage'
  },
  evaluator: { name: 'default', expireCacheSeconds: 1, minimumComplete: 0, allowedLag: 0 },
  metrics: { set: 'both', maxSeries: 1000 },
  httpServers: [
    { name: 'z', address: ':1', timeoutSeconds: 300, tls: null, pagePath: null },
    { name: 'default', address: '127.0.0.1:0', timeoutSeconds: 0, tls: null, pagePath: null }
  ],
  clusters: [cluster('local', 2, 1), cluster('other', 30, 2)],
  consumers: [
    {
      name: 'local',
      cluster: 'local',
      servers: ['{broker}'],
      profile,
      offsetsTopic: '__consumer_offsets',
      startLatest: false,
      backfillEarliest: false,
      selfReport: true,
      groupAllowlist: '^a<b$',
      groupDenylist: 'denied-by-consumer'
    }
  ],
  zookeeperConsumers: [],
  notifiers: [],
  customModules: [],
  zookeeper: null,
  warnings: []
}

function cluster(name: string, topicRefreshSeconds: number, offsetRefreshSeconds: number): ClusterSettings {
  return {
    name,
    servers: ['{broker}'],
    profile,
    topicRefreshSeconds,
    offsetRefreshSeconds,
    groupsReaperRefreshSeconds: 0
  }
}
