import { expect } from 'chai'
import type { HttpCoordinator } from '../../../main/httpserver/http-coordinator.ts'
import type { PageRequest } from '../../../shared/actor/evaluator-tasks.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { LogLevel } from '../../../shared/log.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { StorageRequestConstant } from '../../../shared/protocol/storage.ts'
import { type RawAnswer, rawRequest } from '../../support/raw-http.ts'
import { bytes, corsOrigin, type FakeBackend, fakeBackend, startedServer } from './fake-sources.ts'

describe('HTTP endpoints', () => {
  let backend: FakeBackend
  let server: HttpCoordinator
  let address: string

  beforeEach(async () => {
    backend = fakeBackend()
    ;({ server, address } = await startedServer(backend))
  })
  afterEach(() => server.stop())

  const get = (target: string): Promise<RawAnswer> => rawRequest(address, 'GET', target)

  const pages: [path: string, request: PageRequest, found: string, missing: string][] = [
    [
      '/v3/kafka/local/topic',
      { page: 'topics', cluster: 'local' },
      '{"error":false,"message":"topic list returned","topics":["<bytes>"],',
      'cluster not found'
    ],
    [
      '/v3/kafka/local/topic/t',
      { page: 'topic', cluster: 'local', topic: 't' },
      '{"error":false,"message":"topic offsets returned","offsets":["<bytes>"],',
      'cluster or topic not found'
    ],
    [
      '/v3/kafka/local/topic/t/consumers',
      { page: 'topic-consumers', cluster: 'local', topic: 't' },
      '{"error":false,"message":"consumers of topic returned","consumers":["<bytes>"],',
      'cluster not found'
    ],
    [
      '/v3/kafka/local/consumer',
      { page: 'consumers', cluster: 'local' },
      '{"error":false,"message":"consumer list returned","consumers":["<bytes>"],',
      'cluster not found'
    ],
    [
      '/v3/kafka/local/consumer/g',
      { page: 'consumer', cluster: 'local', group: 'g' },
      '{"error":false,"message":"consumer detail returned","topics":["<bytes>"],',
      'cluster or consumer not found'
    ]
  ]
  for (const [path, request, found, missing] of pages) {
    it(`${path} shows the page as it came, untouched`, async () => {
      backend.page = async () => bytes('["<bytes>"]')
      const answer = await get(path)
      expect(answer.status).to.equal(200)
      expect(answer.body).to.equal(`${found}"request":{"url":"${path}","host":"vm"}}`)
      expect(answer.headers['content-type']).to.equal('application/json')
      expect(answer.headers['access-control-allow-origin']).to.equal(corsOrigin)
      expect(backend.asked).to.deep.equal([request])
    })

    it(`${path} says what is not found`, async () => {
      backend.page = async () => ({ kind: 'not-found' })
      const answer = await get(path)
      expect(answer.status).to.equal(404)
      expect(answer.body).to.equal(`{"error":true,"message":"${missing}","request":{"url":"${path}","host":"vm"}}`)
    })
  }

  for (const [last, showAll] of [
    ['status', false],
    ['lag', true]
  ] as const) {
    it(`${last} is 200 for a group that exists, 404 without an error for one that does not`, async () => {
      const path = `/v3/kafka/local/consumer/g/${last}`
      for (const [status, code] of [
        [StatusConstant.OK, 200],
        [StatusConstant.Error, 200],
        [StatusConstant.NotFound, 404]
      ] as const) {
        backend.page = async () => bytes('{}', status)
        const answer = await get(path)
        expect(answer.status).to.equal(code)
        expect(answer.body).to.equal(
          `{"error":false,"message":"consumer status returned","status":{},"request":{"url":"${path}","host":"vm"}}`
        )
      }
      expect(backend.asked[0]).to.deep.equal({ page: 'status', cluster: 'local', group: 'g', showAll })
    })
  }

  it('asks for names as they were meant, whatever bytes they have', async () => {
    await get('/v3/kafka/l%20c/consumer/%C3%BC%2B+%FF/lag')
    expect(backend.asked[0]).to.deep.include({ cluster: 'l c', group: 'ü++\udcff' })
  })

  it('tells storage to delete a group, or one topic of it, and does not wait', async () => {
    for (const target of ['/v3/kafka/local/consumer/g', '/v3/kafka/local/consumer/g/topic/t']) {
      const answer = await rawRequest(address, 'DELETE', target)
      expect(answer.status).to.equal(200)
      expect(answer.body).to.equal(
        `{"error":false,"message":"consumer group removed","request":{"url":"${target}","host":"vm"}}`
      )
    }
    const type = StorageRequestConstant.SetDeleteGroup
    expect(backend.told).to.deep.equal([
      { type, cluster: 'local', group: 'g' },
      { type, cluster: 'local', group: 'g', topic: 't' }
    ])
  })

  it('shows the detail of a cluster in any case, but does not follow dots into the configuration', async () => {
    expect((await get('/v3/kafka/Local')).status).to.equal(200)
    for (const name of ['local.servers', 'local.', '.local', 'cluster.local', '__proto__', 'constructor']) {
      const answer = await get(`/v3/config/cluster/${name}`)
      expect(answer.status, name).to.equal(404)
    }
    expect((await get('/v3/kafka/local.servers')).body).to.contain('"error":true,"message":"cluster module not found"')
  })

  it('is good at once, and ready when it is said to be', async () => {
    const good = await get('/burrow/admin')
    expect([good.status, good.body]).to.deep.equal([200, 'GOOD'])
    expect(good.headers).to.include({
      'content-type': 'text/plain; charset=utf-8',
      'access-control-allow-origin': corsOrigin
    })
    const starting = await get('/burrow/admin/ready')
    expect([starting.status, starting.body]).to.deep.equal([503, 'STARTING'])
    backend.ready = true
    const ready = await get('/burrow/admin/ready')
    expect([ready.status, ready.body]).to.deep.equal([200, 'READY'])
  })

  it('shows the state of the program without changing how Burrow answers beside it', async () => {
    const answer = await get('/burrow/admin/health')
    expect(answer.status).to.equal(200)
    expect(JSON.parse(answer.body)).to.deep.equal({ ready: false })
    expect((await get('/burrow/admin/')).headers.location).to.equal('/burrow/admin')
    const wrong = await rawRequest(address, 'PUT', '/burrow/admin/health')
    expect([wrong.status, wrong.headers.allow]).to.deep.equal([405, 'GET, OPTIONS'])
  })

  it('answers HEAD like GET, without the body', async () => {
    for (const target of [
      '/v3/kafka',
      '/v3/kafka/local/consumer/none/lag',
      '/burrow/admin',
      '/v3/kafka/',
      '/nowhere'
    ]) {
      const full = await get(target)
      const head = await rawRequest(address, 'HEAD', target)
      expect(head.status, target).to.equal(full.status)
      expect({ ...head.headers, date: '' }, target).to.deep.equal({ ...full.headers, date: '' })
    }
  })

  it('answers 503 with the code when another actor cannot be asked', async () => {
    backend.page = async () => ({ kind: 'error', code: 'STORAGE_UNAVAILABLE', message: 'no answer in 500 ms' })
    const said = await get('/v3/kafka/local/topic')
    expect(said.status).to.equal(503)
    expect(said.body).to.equal(
      '{"error":true,"message":"STORAGE_UNAVAILABLE: no answer in 500 ms","request":{"url":"/v3/kafka/local/topic","host":"vm"}}'
    )
    backend.page = async () => {
      throw new BurrowError('EVALUATOR_UNAVAILABLE', 'the pool is closed')
    }
    expect((await get('/v3/kafka/local/topic')).status).to.equal(503)
    backend.page = async () => {
      throw new TypeError('a secret of ours')
    }
    const broken = await get('/v3/kafka/local/topic')
    expect(broken.status).to.equal(500)
    expect(broken.body).to.not.contain('secret')
    expect(backend.logged.filter(record => record.level === 'error')).to.have.length(1)
  })

  it('sends no CORS header when there is none to send', async () => {
    const other = await startedServer(backend, { corsOrigin: '' })
    const answer = await rawRequest(other.address, 'GET', '/v3/kafka')
    await other.server.stop()
    expect(answer.headers).to.not.have.property('access-control-allow-origin')
  })

  const post = (body: string): Promise<RawAnswer> => rawRequest(address, 'POST', '/v3/admin/loglevel', [], body)
  const level = (): number => new Int32Array(backend.logLevel)[0]!

  it('sets the log level of all threads, and shows it', async () => {
    for (const [word, value, shown] of [
      ['trace', LogLevel.debug, 'debug'],
      ['Warning', LogLevel.warn, 'warn'],
      ['ERROR', LogLevel.error, 'error'],
      ['panic', LogLevel.panic, 'panic'], // not over HTTP in Burrow (spec 09, A8)
      ['fatal', LogLevel.fatal, 'fatal'],
      ['info', LogLevel.info, 'info']
    ] as const) {
      expect((await post(`{"level":"${word}"}`)).status).to.equal(200)
      expect(level()).to.equal(value)
      expect((await get('/v3/admin/loglevel')).body).to.equal(
        `{"error":false,"message":"log level returned","level":"${shown}","request":{"url":"/v3/admin/loglevel","host":"vm"}}`
      )
    }
  })

  it('refuses other bodies and leaves the level alone', async () => {
    for (const [body, status] of [
      ['null', 404],
      ['{"level":""}', 404],
      ['{"x":"}","level":"dpanic"}', 404],
      ['{"level":5}', 400],
      ['\xef\xbb\xbf{"level":"debug"}', 400],
      ['{"level":"debug"', 400],
      ['"debug"', 400],
      [`{"level":"debug","x":"${'x'.repeat(70_000)}"}`, 413]
    ] as const) {
      expect((await post(body)).status, body.slice(0, 40)).to.equal(status)
    }
    expect(level()).to.equal(LogLevel.info)
  })

  it('takes the last of several levels', async () => {
    await post('{"level":"debug","LEVEL":"error","Level":null}')
    expect(level()).to.equal(LogLevel.error)
  })
})
