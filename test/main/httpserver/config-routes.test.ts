import { expect } from 'chai'
import type { HttpCoordinator } from '../../../main/httpserver/http-coordinator.ts'
import { rawRequest } from '../../support/raw-http.ts'
import { fakeBackend, startedServer } from './fake-sources.ts'

const list = '{"error":false,"message":"module list returned"'

/** Shapes of spec 04 section 5, by path. */
const pages: readonly [path: string, beforeRequest: string, afterRequest: string][] = [
  [
    '/v3/config',
    '{"error":false,"message":"main config returned"',
    ',"general":{"pidfile":"burrow.pid","stdout-logfile":"","access-control-allow-origin":"https://ops.example.org"},' +
      '"logging":{"filename":"","max-size":100,"max-backups":10,"max-age":30,"use-local-time":false,' +
      '"use-compression":false,"level":"info"},"zookeeper":{"servers":null,"timeout":0,"root-path":""},' +
      '"httpserver":{"default":{"address":"127.0.0.1:0","tls":"","timeout":0},"z":{"address":":1","tls":"","timeout":300}}}'
  ],
  ['/v3/config/storage', list, ',"coordinator":"storage","modules":["default"]}'],
  ['/v3/config/evaluator', list, ',"coordinator":"evaluator","modules":["default"]}'],
  ['/v3/config/cluster', list, ',"coordinator":"cluster","modules":["local","other"]}'],
  ['/v3/config/consumer', list, ',"coordinator":"consumer","modules":["local"]}'],
  ['/v3/config/notifier', list, ',"coordinator":"notifier","modules":[]}'],
  [
    '/v3/config/storage/default',
    '{"error":false,"message":"storage module detail returned","module":{"class-name":"inmemory","intervals":5,' +
      '"min-distance":1,"group-allowlist":"","expire-group":604800}',
    '}'
  ],
  [
    '/v3/config/evaluator/DEFAULT',
    '{"error":false,"message":"evaluator module detail returned","module":{"class-name":"caching","expire-cache":1}',
    '}'
  ],
  [
    '/v3/config/consumer/local',
    '{"error":false,"message":"consumer module detail returned","module":{"class-name":"kafka","cluster":"local",' +
      '"servers":["{broker}"],"group-allowlist":"^a\\u003cb$","zookeeper-path":"","zookeeper-timeout":0,' +
      '"client-profile":{"name":"p","client-id":"{client}","kafka-version":"2.8.0","tls":null,"sasl":null},' +
      '"offsets-topic":"__consumer_offsets","start-latest":false}',
    '}'
  ]
]

describe('configuration endpoints', () => {
  let server: HttpCoordinator
  let address: string

  before(async () => {
    const started = await startedServer(fakeBackend())
    server = started.server
    address = started.address
  })
  after(() => server.stop())

  for (const [path, before, after] of pages) {
    it(path, async () => {
      const answer = await rawRequest(address, 'GET', path)
      expect(answer.status).to.equal(200)
      expect(answer.body).to.equal(`${before},"request":{"url":"${path}","host":"vm"}${after}`)
    })
  }

  for (const kind of ['storage', 'evaluator', 'cluster', 'consumer', 'notifier']) {
    it(`says that a ${kind} module is not found, and follows no dots`, async () => {
      for (const name of ['none', 'default.intervals', 'local.servers', '__proto__']) {
        const answer = await rawRequest(address, 'GET', `/v3/config/${kind}/${name}`)
        expect(answer.status).to.equal(404)
        expect(answer.body).to.contain(`{"error":true,"message":"${kind} module not found","request"`)
      }
    })
  }
})
