import { expect } from 'chai'
import type { HttpCoordinator } from '../../../main/httpserver/http-coordinator.ts'
import { bytesToText, encodePath, parseTarget, parseTargetOfNames } from '../../../main/httpserver/request-target.ts'
import type { PageRequest } from '../../../shared/actor/evaluator-tasks.ts'
import { Lender } from '../../../shared/actor/lent-memory.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { StorageRequestConstant } from '../../../shared/protocol/storage.ts'
import { type RawAnswer, rawRequest } from '../../support/raw-http.ts'
import { bytes, type FakeBackend, fakeBackend, startedServer } from './fake-sources.ts'

const nothingHere = '{"error":true,"message":"invalid request type","result":{}}\n'

describe('names with a slash', () => {
  let backend: FakeBackend
  let server: HttpCoordinator
  let address: string
  beforeEach(async () => {
    backend = fakeBackend()
    ;({ server, address } = await startedServer(backend))
  })
  afterEach(() => server.stop())

  const ask = (method: string, target: string): Promise<RawAnswer> => rawRequest(address, method, target)

  const reached: [target: string, request: PageRequest][] = [
    ['/v3/kafka/a%2Fb/topic', { page: 'topics', cluster: 'a/b' }],
    ['/v3/kafka/a%2fb/topic/%2F', { page: 'topic', cluster: 'a/b', topic: '/' }],
    ['/v3/kafka/c/topic/a%2Fb/consumers', { page: 'topic-consumers', cluster: 'c', topic: 'a/b' }],
    ['/v3/kafka/a%2Fb/consumer', { page: 'consumers', cluster: 'a/b' }],
    ['/v3/kafka/c/consumer/a%2Fb%2F%2Fc', { page: 'consumer', cluster: 'c', group: 'a/b//c' }],
    ['/v3/kafka/c/consumer/a%2Flag/status', { page: 'status', cluster: 'c', group: 'a/lag', showAll: false }],
    ['/v3/kafka/c/consumer/..%2F..%2F/lag', { page: 'status', cluster: 'c', group: '../../', showAll: true }]
  ]
  for (const [target, request] of reached) {
    it(`are reached by ${target}`, async () => {
      backend.page = async () => bytes('[]')
      const { status, body } = await ask('GET', target)
      expect(status).to.equal(200)
      expect(backend.asked).to.deep.equal([request])
      expect(body).to.contain(`"request":{"url":"${decodeURIComponent(target)}"`)
    })
  }

  it('are deleted by their name, whatever else the path could mean', async () => {
    for (const target of ['/v3/kafka/c/consumer/g%2Ftopic%2Ft', '/v3/kafka/c/consumer/g/topic/a%2Fb']) {
      expect((await ask('DELETE', target)).status).to.equal(200)
    }
    const type = StorageRequestConstant.SetDeleteGroup
    expect(backend.told).to.deep.equal([
      { type, cluster: 'c', group: 'g/topic/t' },
      { type, cluster: 'c', group: 'g', topic: 'a/b' }
    ])
  })

  it('that nobody has get the answer of Burrow, to which it is one more slash', async () => {
    expect((await ask('GET', '/v3/kafka/c/consumer/a%2Fb/lag')).body).to.equal(nothingHere)
    expect((await ask('GET', '/v3/kafka/c/topic/a%2Fb')).body).to.equal(nothingHere)
    backend.asked.length = 0
    const { body } = await ask('GET', '/v3/kafka/c/consumer/g%2Flag')
    expect(body).to.contain('"group":"g","status":"NOTFOUND"')
    expect(backend.asked).to.deep.equal([
      { page: 'consumer', cluster: 'c', group: 'g/lag' },
      { page: 'status', cluster: 'c', group: 'g', showAll: true }
    ])
    expect((await ask('GET', '/v3%2Fkafka')).body).to.contain('cluster list returned')
  })

  it('are redirected, refused and described as others are', async () => {
    const found = await ask('GET', '/V3/Kafka/c/consumer/a%2fB/lag/?x=%2F')
    expect([found.status, found.headers.location]).to.deep.equal([301, '/v3/kafka/c/consumer/a%2FB/lag?x=%2F'])
    const refused = await ask('POST', '/v3/kafka/c/consumer/a%2Fb')
    expect([refused.status, refused.headers.allow]).to.deep.equal([405, 'DELETE, GET, OPTIONS'])
    expect((await ask('OPTIONS', '/v3/kafka/c/consumer/a%2Fb/lag')).headers.allow).to.equal('GET, OPTIONS')
  })

  it('give back the memory of the page that is not shown', async () => {
    const lender = new Lender()
    backend.page = async () => ({
      kind: 'bytes',
      body: lender.copy(Buffer.alloc(1_000_000, 'x')),
      status: StatusConstant.NotFound
    })
    for (let index = 0; index < 20; index++) await ask('GET', '/v3/kafka/c/consumer/a%2Fb/lag')
    expect(backend.asked).to.have.length(20)
    expect(lender.byteLength).to.be.lessThan(4_000_000)
  })

  it('are read from the path only, and written as they were', () => {
    expect(parseTargetOfNames('/a/b?c=%2F')).to.equal(null)
    expect(parseTargetOfNames('/a%252Fb')).to.equal(null)
    const target = parseTargetOfNames('http://h/a%2Fb/%C3%BC?c=%2f')
    expect(target?.query).to.equal('?c=%2f')
    expect(bytesToText(target?.path ?? '')).to.equal('/a/b/ü')
    expect(encodePath(target?.path ?? '')).to.equal('/a%2Fb/%C3%BC')
    expect(parseTarget('/a%2Fb')?.path).to.equal('/a/b')
  })
})
