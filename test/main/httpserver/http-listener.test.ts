import { expect } from 'chai'
import { waitingMax } from '../../../main/httpserver/connection-line.ts'
import { HttpCoordinator } from '../../../main/httpserver/http-coordinator.ts'
import { headerBytesMax } from '../../../main/httpserver/http-listener.ts'
import type { PageResult } from '../../../shared/actor/evaluator-tasks.ts'
import { Lender } from '../../../shared/actor/lent-memory.ts'
import { StorageRequestConstant } from '../../../shared/protocol/storage.ts'
import { RawHttp, rawRequest } from '../../support/raw-http.ts'
import { waitFor } from '../../support/wait-for.ts'
import { bytes, type FakeBackend, fakeBackend, fakeSources, startedServer } from './fake-sources.ts'

const detail = '/v3/kafka/local/consumer/g'
const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`

describe('HTTP listener', () => {
  let backend: FakeBackend
  let server: HttpCoordinator
  let address: string
  const clients: RawHttp[] = []

  beforeEach(async () => {
    backend = fakeBackend()
    ;({ server, address } = await startedServer(backend))
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    await server.stop()
  })

  const connect = (): RawHttp => {
    const client = new RawHttp(address)
    clients.push(client)
    return client
  }

  it('answers many requests sent at once in their order, one at a time', async () => {
    let running = 0
    let runningMost = 0
    backend.page = async request => {
      runningMost = Math.max(runningMost, ++running)
      await new Promise(resolve => setImmediate(resolve))
      running--
      return bytes(`"${'topic' in request ? request.topic : ''}"`)
    }
    const client = connect()
    const numbers = Array.from({ length: 500 }, (_, index) => index)
    client.send(numbers.map(number => get(`/v3/kafka/local/topic/${number}`)).join(''))
    for (const number of numbers) {
      expect((await client.answer()).body).to.contain(`"offsets":"${number}"`)
    }
    expect(runningMost).to.equal(1)
  })

  it('answers those beyond its bound with 503, in their order', async () => {
    const pages = heldPages(backend)
    const client = connect()
    client.send(get(detail).repeat(waitingMax + 3))
    await waitFor(() => server.stats().default!.requests === waitingMax + 3, 'all requests to arrive')
    backend.page = async () => bytes('{}')
    pages.release(bytes('{}'))
    const statuses: number[] = []
    for (let index = 0; index < waitingMax + 3; index++) statuses.push((await client.answer()).status)
    expect(statuses.indexOf(503)).to.equal(waitingMax + 1)
    expect(statuses.filter(status => status === 503)).to.have.length(2)
    expect(server.stats().default!.refusedBusy).to.equal(2)
  })

  it('keeps a connection for the next request', async () => {
    const client = connect()
    for (let index = 0; index < 3; index++) {
      client.send(get('/v3/kafka'))
      expect((await client.answer()).status).to.equal(200)
    }
  })

  it('sends megabytes whole to a client that reads late, and starts no other page for it before', async () => {
    const body = `"${'x'.repeat(24 * 1024 * 1024)}"`
    backend.page = async () => bytes(body)
    const client = connect()
    client.socket.pause()
    client.send(get(detail) + get(detail))
    await waitFor(() => backend.asked.length > 0, 'the first page')
    // Others are served while that one does not read.
    expect((await rawRequest(address, 'GET', '/v3/kafka')).status).to.equal(200)
    expect(backend.asked).to.have.length(1)
    client.socket.resume()
    for (let index = 0; index < 2; index++) {
      const answer = await client.answer()
      expect(answer.body.length).to.equal(Number(answer.headers['content-length']))
      expect(answer.body.slice(0, -100)).to.contain(body.slice(0, 1000))
      expect(answer.body.endsWith(`x","request":{"url":"${detail}","host":"vm"}}`)).to.equal(true)
    }
  })

  it('uses the memory of an answer again only when its client has all of it, or has left', async () => {
    const lender = new Lender()
    const length = 12_000_000 // more than the sockets' buffers take
    let asked = 0
    backend.page = async () => {
      const letter = String.fromCharCode(97 + (asked++ % 26))
      return { kind: 'bytes', body: lender.copy(Buffer.from(`"${letter.repeat(length)}"`)), status: -1 }
    }
    const letterOf = async (client: RawHttp) => {
      const { body } = await client.answer()
      const text = body.slice(body.indexOf(':"', body.indexOf('topics')) + 2, body.indexOf('","request"'))
      expect(text === text[0]!.repeat(length), 'one letter only').to.equal(true)
      return text[0]
    }
    const slow = connect()
    slow.socket.pause()
    slow.send(get(detail))
    await waitFor(() => asked === 1, 'the first page')
    const leaving = connect()
    leaving.send(get(detail))
    await waitFor(() => leaving.socket.bytesRead > 100_000, 'some of the second body')
    leaving.close()
    await waitFor(() => server.openRequests === 1, 'the second to be given up')
    for (const letter of 'cdef') {
      const quick = connect()
      quick.send(get(detail))
      expect(await letterOf(quick)).to.equal(letter)
      await waitFor(() => server.openRequests === 1, 'the answer to be over')
    }
    slow.socket.resume()
    expect(await letterOf(slow)).to.equal('a')
    expect(lender.byteLength).to.be.lessThan(40 * 2 ** 20) // for six answers of 12 MB
  })

  it('survives clients that leave before, during and after their answer', async () => {
    const pages = heldPages(backend)
    const early = connect()
    early.send(get(detail) + get(detail))
    await waitFor(() => backend.asked.length === 1, 'the question')
    early.close()
    await waitFor(() => server.openRequests === 0, 'the connection to be given up')
    pages.release(bytes('{}'))

    backend.page = async () => bytes(`"${'x'.repeat(24 * 1024 * 1024)}"`)
    const during = connect()
    during.send(get(detail))
    await waitFor(() => during.socket.bytesRead > 100_000, 'some of the body')
    during.close()
    await waitFor(() => server.openRequests === 0, 'the second connection to be given up')
    expect((await rawRequest(address, 'GET', '/v3/kafka')).status).to.equal(200)
    expect(backend.asked).to.have.length(2)
  })

  const refused: [what: string, bytes: string, status: number, body?: string][] = [
    ['two Host headers', 'GET /v3/kafka HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400, '400 Bad Request'],
    ['no Host header', 'GET /v3/kafka HTTP/1.1\r\n\r\n', 400],
    ['a bad Content-Length', 'GET /v3/kafka HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 400, '400 Bad Request'],
    ['HTTP/2.0', 'GET /v3/kafka HTTP/2.0\r\nHost: a\r\n\r\n', 400, '400 Bad Request'],
    ['an unknown method', 'BREW /v3/kafka HTTP/1.1\r\nHost: a\r\n\r\n', 400, '400 Bad Request'],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00', 400, '400 Bad Request'],
    ['bytes beyond ASCII in the target', 'GET /v3/kafka/\xc3\xbc HTTP/1.1\r\nHost: a\r\n\r\n', 400, '400 Bad Request'],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 404],
    ['a long target', get(`/${'a'.repeat(headerBytesMax)}`), 431, '431 Request Header Fields Too Large'],
    ['long headers', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(headerBytesMax)}\r\n\r\n`, 431]
  ]
  for (const [what, sent, status, body] of refused) {
    it(`refuses ${what} with ${status}`, async () => {
      const client = connect()
      client.send(sent)
      const answer = await client.answer()
      expect(answer.status).to.equal(status)
      if (body !== undefined) expect(answer.body).to.equal(body)
      expect((await rawRequest(address, 'GET', '/v3/kafka')).status).to.equal(200)
    })
  }

  it('answers what came before a malformed request first', async () => {
    const pages = heldPages(backend)
    const client = connect()
    client.send(`${get(detail)}${get('/v3/kafka')}nonsense\r\n\r\n`)
    await waitFor(() => server.stats().default!.clientErrors === 1, 'the parser to refuse')
    pages.release(bytes('{}'))
    expect((await client.answer()).status).to.equal(200)
    expect((await client.answer()).body).to.contain('cluster list')
    expect((await client.answer()).status).to.equal(400)
    await client.closed()
  })

  it('does not care about bodies, types and versions that a GET or DELETE brings', async () => {
    const headers = [
      'Content-Type: application/xml',
      'Accept-Version: 9.9',
      'Upgrade: websocket',
      'Connection: upgrade'
    ]
    expect((await rawRequest(address, 'GET', '/v3/kafka', headers, '{')).status).to.equal(200)
    expect((await rawRequest(address, 'DELETE', detail, headers, '{')).status).to.equal(200)
    expect(backend.told).to.deep.equal([{ type: StorageRequestConstant.SetDeleteGroup, cluster: 'local', group: 'g' }])
  })
})

describe('HTTP coordinator', () => {
  it('opens several listeners with the same routes and says where', async () => {
    const backend = fakeBackend()
    const listeners = [
      { name: 'a', address: '127.0.0.1:0', timeoutSeconds: 300 },
      { name: 'b', address: 'localhost:0', timeoutSeconds: 0 }
    ]
    const { server } = await startedServer(backend, { listeners })
    expect(server.addresses).to.have.length(2)
    for (const address of server.addresses) {
      expect((await rawRequest(address, 'GET', '/v3/kafka')).status).to.equal(200)
    }
    const started = backend.logged.filter(({ message }) => message === 'started listener')
    expect(started.map(({ fields }) => fields.listener)).to.deep.equal(server.addresses)
    expect(backend.logged.some(({ level }) => level === 'warn')).to.equal(false)
    await server.stop()
  })

  it('closes what is bound when another address is taken', async () => {
    const { server: taker, address: taken } = await startedServer(fakeBackend())
    const { server: probe, address: free } = await startedServer(fakeBackend())
    await probe.stop()
    const listeners = [free, taken].map((address, index) => ({ name: `l${index}`, address, timeoutSeconds: 300 }))
    const server = new HttpCoordinator({ ...fakeSources(fakeBackend()), listeners })
    server.configure()
    const error = await server.start().then(
      () => null,
      (reason: NodeJS.ErrnoException) => reason
    )
    expect(error?.code).to.equal('EADDRINUSE')
    const { server: next } = await startedServer(fakeBackend(), { listeners: [listeners[0]!] })
    await next.stop()
    await taker.stop()
  })

  it('refuses an address or a CORS value that cannot be, before anything is bound', () => {
    for (const address of ['', '8000', 'a:b', '::1:80', '1.2.3.4:99999']) {
      const listeners = [{ name: 'x', address, timeoutSeconds: 300 }]
      const server = new HttpCoordinator({ ...fakeSources(fakeBackend()), listeners })
      expect(() => server.configure(), address).to.throw('invalid HTTP server listener address')
    }
    const server = new HttpCoordinator({ ...fakeSources(fakeBackend()), corsOrigin: 'a\r\nX: y' })
    expect(() => server.configure()).to.throw('access-control-allow-origin')
  })

  it('stops although clients hold on: idle ones at once, the others past the deadline', async () => {
    const backend = fakeBackend()
    heldPages(backend)
    const { server, address } = await startedServer(backend)
    const [idle, waiting] = [new RawHttp(address), new RawHttp(address)]
    idle.send(get('/v3/kafka'))
    await idle.answer()
    waiting.send(get(detail))
    await waitFor(() => backend.asked.length === 1, 'the question')
    await server.stop(50)
    await idle.closed()
    await waiting.closed()
    const later = new RawHttp(address)
    await later.closed()
  })

  it('lets a request under way finish when it stops', async () => {
    const backend = fakeBackend()
    const pages = heldPages(backend)
    const { server, address } = await startedServer(backend)
    const client = new RawHttp(address)
    client.send(get(detail))
    await waitFor(() => backend.asked.length === 1, 'the question')
    const stopped = server.stop()
    pages.release(bytes('{}'))
    expect((await client.answer()).status).to.equal(200)
    client.close()
    await stopped
  })
})

/** Pages stay open until they are released. */
function heldPages(backend: FakeBackend): { release(result: PageResult): void } {
  const waiting: ((result: PageResult) => void)[] = []
  backend.page = () => new Promise<PageResult>(resolve => waiting.push(resolve))
  return {
    release: result => {
      for (const resolve of waiting.splice(0)) resolve(result)
    }
  }
}
