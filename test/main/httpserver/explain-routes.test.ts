import { expect } from 'chai'
import type { ClusterListRequest } from '../../../main/evaluator/cluster-lists.ts'
import type { HttpCoordinator } from '../../../main/httpserver/http-coordinator.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { StatusConstant } from '../../../shared/protocol/status.ts'
import { rawRequest } from '../../support/raw-http.ts'
import { bytes, type FakeBackend, fakeBackend, startedServer } from './fake-sources.ts'

describe('explain and the list of a cluster over HTTP', () => {
  let backend: FakeBackend
  let server: HttpCoordinator
  let address: string
  let list: (request: ClusterListRequest) => Promise<ReturnType<typeof bytes>>
  const listed: ClusterListRequest[] = []

  beforeEach(async () => {
    backend = fakeBackend()
    listed.length = 0
    list = async () => bytes('{"groups":[]}')
    const groupLists = {
      list: (request: ClusterListRequest) => {
        listed.push(request)
        return list(request)
      }
    }
    const started = await startedServer(backend, { groupLists })
    server = started.server
    address = started.address
  })
  afterEach(() => server.stop())

  const get = (target: string) => rawRequest(address, 'GET', target)

  it('a group and one partition, in the envelope of their neighbours', async () => {
    backend.page = async () => bytes('{"status":"OK"}', StatusConstant.OK)
    const group = await get('/v3/kafka/local/consumer/g%C3%BC/explain')
    expect(group.status).to.equal(200)
    expect(Buffer.from(group.body, 'latin1').toString()).to.equal(
      '{"error":false,"message":"consumer status explained","explanation":{"status":"OK"},"request":{"url":"/v3/kafka/local/consumer/gü/explain","host":"vm"}}'
    )
    expect((await get('/v3/kafka/local/consumer/g/explain/a.b/17')).status).to.equal(200)
    const common = { page: 'explain', cluster: 'local', endOffsetSeconds: 1 }
    expect(backend.asked).to.deep.equal([
      { ...common, group: 'gü', only: null },
      { ...common, group: 'g', only: { topic: 'a.b', partition: 17 } }
    ])
  })

  it('says what is not found, and asks nobody about a cluster that is not there', async () => {
    const group = await get('/v3/kafka/local/consumer/none/explain')
    expect([group.status, group.body]).to.deep.equal([
      404,
      '{"error":true,"message":"cluster or consumer not found","request":{"url":"/v3/kafka/local/consumer/none/explain","host":"vm"}}'
    ])
    expect(backend.asked).to.have.length(1)
    for (const target of [
      '/v3/kafka/none/consumer/g/explain',
      '/v3/kafka/local/consumer/g/explain/t/x',
      '/v3/kafka/local/consumer/g/explain/t/-1',
      '/v3/kafka/local/consumer/g/explain/t/1234567890'
    ]) {
      const { status, body } = await get(target)
      expect(status, target).to.equal(404)
      expect(body).to.contain('not found"')
    }
    expect(backend.asked).to.have.length(1)
  })

  it('is 405 for other methods, and leaves the redirects and 404s of its neighbours alone', async () => {
    const post = await rawRequest(address, 'POST', '/v3/kafka/local/consumer/g/explain')
    expect([post.status, post.headers.allow]).to.deep.equal([405, 'GET, OPTIONS'])
    for (const target of [
      '/v3/kafka/local/',
      '/v3/kafka/local/consumer/g/explain/',
      '/v3/kafka/local/consumer/g/explain/t'
    ]) {
      expect((await get(target)).status, target).to.equal(404)
    }
    expect((await get('/v3/kafka/local/topic/x/')).status).to.equal(301)
  })

  it('a list: limits, filters, and their defaults', async () => {
    const answer = await get('/v3/kafka/local/status')
    expect(answer.body).to.match(
      /^\{"error":false,"message":"cluster status returned","status":\{"groups":\[\]\},"request"/
    )
    await get('/v3/kafka/local/status?limit=10000&offset=7&status=WARN&search=a%20b%2F%C3%BC')
    await get('/v3/kafka/local/status?sort=worst&limit=0')
    await get('/v3/kafka/local/status?sort=commit&limit=0')
    expect(listed).to.deep.equal([
      { cluster: 'local', limit: 100, offset: 0, filter: { search: '', worseOrEqual: StatusConstant.OK } },
      { cluster: 'local', limit: 10_000, offset: 7, filter: { search: 'a b/ü', worseOrEqual: StatusConstant.Warning } },
      { cluster: 'local', limit: 0, offset: 0, filter: { search: '', worseOrEqual: StatusConstant.OK } },
      { cluster: 'local', limit: 0, offset: 0, filter: { search: '', worseOrEqual: StatusConstant.OK, sort: 'commit' } }
    ])
  })

  it('a list: refuses what it does not understand', async () => {
    for (const query of [
      'limit=x',
      'limit=10001',
      'offset=-1',
      'status=bad',
      'limt=5',
      'limit=1&limit=2',
      'sort=worse'
    ]) {
      const { status, body } = await get(`/v3/kafka/local/status?${query}`)
      expect(status, query).to.equal(400)
      expect(body).to.match(/^\{"error":true,"message":"(limit|offset|status|sort|unknown parameter)/)
    }
    expect(listed).to.deep.equal([])
    list = async () => {
      throw new BurrowError('QUEUE_FULL', 'too many lists')
    }
    expect((await get('/v3/kafka/local/status')).status).to.equal(503)
    list = async () => ({ kind: 'not-found' })
    expect((await get('/v3/kafka/none/status')).status).to.equal(404)
  })
})
