import { expect } from 'chai'
import { takesCoding } from '../../../main/httpserver/accept-encoding.ts'
import type { HttpCoordinator } from '../../../main/httpserver/http-coordinator.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { RawHttp, rawRequest } from '../../support/raw-http.ts'
import { waitFor } from '../../support/wait-for.ts'
import { fakeBackend, startedServer } from './fake-sources.ts'

const get = 'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n'
/** What is sent here is not compressed, whatever the client would take. */
const plain = { headers: { 'Accept-Encoding': 'identity' } }
const contentType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores'

describe('HTTP: /metrics', () => {
  let server: HttpCoordinator
  let address: string
  let made: number
  let closed: boolean[]
  let begin: (request: { gzip: boolean; isGone(): boolean }) => Promise<AsyncIterable<Uint8Array> | null>
  let deadlineMs: number
  beforeEach(async () => {
    made = 0
    closed = []
    deadlineMs = 10_000
    begin = async () => chunks(3, 5)
    const metrics = {
      begin: async (request: { gzip: boolean; isGone(): boolean }) => {
        const made = await begin(request)
        return made && { chunks: made, deadlineMs, close: (complete: boolean) => closed.push(complete) }
      }
    }
    ;({ server, address } = await startedServer(fakeBackend(), { metrics }))
  })
  afterEach(() => server.stop(50))

  async function* chunks(count: number, bytes: number): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < count; index++) {
      made++
      yield Buffer.alloc(bytes, `${index % 10}`)
    }
  }

  it('sends what is made, as text, with no CORS header', async () => {
    const response = await fetch(`http://${address}/metrics`, plain)
    expect(await response.text()).to.equal('000001111122222')
    expect(response.status).to.equal(200)
    expect(response.headers.get('content-type')).to.equal(contentType)
    expect(response.headers.get('access-control-allow-origin')).to.equal(null)
    expect(closed).to.deep.equal([true])
  })

  it('asks for gzip when the client takes it', async () => {
    const asked: boolean[] = []
    begin = async ({ gzip }) => {
      asked.push(gzip)
      return chunks(1, 1)
    }
    const text = await rawRequest(address, 'GET', '/metrics', ['Accept-Encoding: identity'])
    const gzip = await rawRequest(address, 'GET', '/metrics', ['Accept-Encoding: deflate, gzip;q=0.5'])
    expect(asked).to.deep.equal([false, true])
    expect([text.headers['content-encoding'], gzip.headers['content-encoding']]).to.deep.equal([undefined, 'gzip'])
  })

  const encodings: readonly (readonly [string, boolean])[] = [
    ['', false],
    ['gzip', true],
    ['GZip', true],
    ['br, gzip;q=0.1, *;q=0', true],
    ['gzip;q=0', false],
    ['gzip;q=0.000', false],
    ['x-gzip', false],
    ['identity, deflate', false]
  ]
  for (const [header, taken] of encodings) {
    it(`"${header}" ${taken ? 'takes' : 'does not take'} gzip`, () =>
      expect(takesCoding(header, 'gzip')).to.equal(taken))
  }

  it('HEAD has the headers and no body, and nothing is made for it', async () => {
    const answer = await rawRequest(address, 'HEAD', '/metrics')
    expect(answer).to.deep.include({ status: 200, body: '' })
    expect(answer.headers['content-type']).to.equal(contentType)
    await waitFor(() => closed.length === 1, 'the page to be closed')
    expect([made, closed]).to.deep.equal([0, [true]])
  })

  it('is in the tree of routes as in Burrow: other methods, a slash', async () => {
    const post = await rawRequest(address, 'POST', '/metrics')
    expect([post.status, post.headers.allow]).to.deep.equal([405, 'GET, OPTIONS'])
    const slash = await rawRequest(address, 'GET', '/metrics/')
    expect([slash.status, slash.headers.location]).to.deep.equal([301, '/metrics'])
  })

  it('503 with the code when there can be no page', async () => {
    begin = async () => {
      throw new BurrowError('QUEUE_FULL', 'too many')
    }
    const answer = await rawRequest(address, 'GET', '/metrics')
    expect(answer.status).to.equal(503)
    expect(answer.body).to.contain('QUEUE_FULL: too many')
  })

  it('makes no more than a client takes that does not read, and serves others', async () => {
    begin = async () => chunks(10_000, 256 * 1024)
    const slow = new RawHttp(address)
    slow.socket.pause()
    slow.send(get)
    let before = -1
    await waitFor(() => {
      const still = before === made && made > 0
      before = made
      return still
    }, 'the page to stand still')
    expect(made * 256 * 1024).to.be.lessThan(64 * 1024 * 1024) // what sockets hold
    expect((await rawRequest(address, 'GET', '/v3/kafka')).status).to.equal(200)
    slow.close()
    await waitFor(() => closed.length === 1, 'the page to be closed')
    expect(closed).to.deep.equal([false])
    expect(made).to.be.lessThan(10_000)
  })

  it('cuts the connection of a client that takes too long', async () => {
    deadlineMs = 100
    begin = async () => chunks(10_000, 256 * 1024)
    const slow = new RawHttp(address)
    slow.socket.pause()
    slow.send(get)
    await waitFor(() => closed.length === 1, 'the page to be given up')
    expect(closed).to.deep.equal([false])
    slow.close()
  })

  it('cuts the connection when the page breaks, so that nobody takes it for whole', async () => {
    begin = async () => broken()
    const error = await fetch(`http://${address}/metrics`, plain)
      .then(response => response.text())
      .catch((reason: Error) => reason)
    expect(error).to.be.instanceOf(Error)
    expect(closed).to.deep.equal([false])
  })

  it('knows when the client has left while the page is begun', async () => {
    let gone: (() => boolean) | null = null
    let left: () => void = () => undefined
    begin = async ({ isGone }) => {
      gone = isGone
      await new Promise<void>(resolve => {
        left = resolve
      })
      return chunks(1, 1)
    }
    const client = new RawHttp(address)
    client.send(get)
    await waitFor(() => gone !== null, 'the request')
    expect(gone!()).to.equal(false)
    client.close()
    await waitFor(() => gone!(), 'the client to be missed')
    left()
    await waitFor(() => closed.length === 1, 'the page to be closed')
    expect([made, closed]).to.deep.equal([0, [false]])
  })
})

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('burrow_')
  throw new Error('a part is missing')
}
