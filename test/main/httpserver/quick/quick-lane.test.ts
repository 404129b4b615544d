import { expect } from 'chai'
import type { HttpCoordinator } from '../../../../main/httpserver/http-coordinator.ts'
import { readyAnswerBytesMax } from '../../../../main/httpserver/quick/ready-answers.ts'
import type { PageResult } from '../../../../shared/actor/evaluator-tasks.ts'
import { Lender } from '../../../../shared/actor/lent-memory.ts'
import { StatusConstant } from '../../../../shared/protocol/status.ts'
import { RawHttp, rawRequest } from '../../../support/raw-http.ts'
import { waitFor } from '../../../support/wait-for.ts'
import { bytes, type FakeBackend, fakeBackend, fakeSources, startedServer } from '../fake-sources.ts'

const status = '/v3/kafka/local/consumer/g/status'
const headers = 'Host: a\r\nUser-Agent: test\r\n'
const get = (target: string): string => `GET ${target} HTTP/1.1\r\n${headers}\r\n`

describe('quick lane', () => {
  let backend: FakeBackend
  let server: HttpCoordinator
  let address: string
  let nowMs: number
  const clients: RawHttp[] = []
  const servers: HttpCoordinator[] = []
  const clock = { nowMs: () => nowMs }

  beforeEach(async () => {
    nowMs = 1_000_000
    backend = fakeBackend()
    backend.page = async () => verdict('{"a":1}')
    ;({ server, address } = await started({}))
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    for (const one of servers.splice(0)) await one.stop(50)
  })

  const started = async (changes: Parameters<typeof startedServer>[1]) => {
    const one = await startedServer(backend, { clock, ...changes })
    servers.push(one.server)
    return one
  }
  const connect = (to = address): RawHttp => {
    const client = new RawHttp(to)
    clients.push(client)
    return client
  }
  /** May be given for ten seconds. */
  const verdict = (json: string): PageResult =>
    ({ ...(bytes(json) as PageResult & object), validToMs: nowMs + 10_000 }) as PageResult

  it('writes the bytes that the long way writes', async () => {
    const answers: [what: string, page: () => Promise<PageResult>][] = [
      ['a verdict', async () => verdict('{"status":"OK"}')],
      ['a group that is not there', async () => ({ ...verdict('{}'), status: StatusConstant.NotFound }) as PageResult],
      ['a verdict that is not kept', async () => bytes('{"x":"\\u003c"}')],
      ['a large one', async () => verdict(`"${'y'.repeat(readyAnswerBytesMax)}"`)],
      ['megabytes', async () => bytes(`"${'y'.repeat(3_000_000)}"`)],
      ['a failure', async () => ({ kind: 'error', code: 'STORAGE_UNAVAILABLE', message: 'away' })],
      ['a mistake', async () => Promise.reject(new Error('bug'))]
    ]
    for (const timeoutSeconds of [0, 300]) {
      for (const corsOrigin of ['', '*']) {
        const listeners = [{ name: 'default', address: '127.0.0.1:0', timeoutSeconds }]
        const { clock: _none, ...slow } = fakeSources(backend)
        const quickAddress = (await started({ listeners, corsOrigin })).address
        const slowServer = new (server.constructor as typeof HttpCoordinator)({ ...slow, listeners, corsOrigin })
        slowServer.configure()
        await slowServer.start()
        servers.push(slowServer)
        for (const [index, [what, page]] of answers.entries()) {
          backend.page = page
          const target = `/v3/kafka/local/consumer/g${index}/lag`
          const [quick, long] = [connect(quickAddress), connect(slowServer.addresses[0])]
          // Twice: as it was made, and ready.
          for (const time of ['first', 'second']) {
            quick.send(get(target))
            long.send(get(target))
            const [mine, nodes] = [await quick.answer(), await long.answer()]
            const date = (line: string) => line.replace(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/, 'Date')
            expect(mine.head.map(date), `${what}, ${time}`).to.deep.equal(nodes.head.map(date))
            expect(mine.head.map(date)).to.include('Date')
            expect(mine.body === nodes.body, `${what}, ${time}: body`).to.equal(true)
          }
        }
      }
    }
  })

  it('asks once for what may be given again, then anew', async () => {
    const client = connect()
    const ask = async () => {
      client.send(get(status))
      return (await client.answer()).body
    }
    const first = await ask()
    backend.page = async () => verdict('{"a":2}')
    nowMs += 10_000
    expect(await ask()).to.equal(first)
    expect(backend.asked).to.have.length(1)
    nowMs += 1
    expect(await ask()).to.contain('{"a":2}')
    expect(backend.asked).to.have.length(2)
    expect(server.stats().default).to.include({ requests: 3, ready: 1 })
  })

  it('does not take one group, page or path for another', async () => {
    backend.page = async request => verdict(JSON.stringify(request))
    const client = connect()
    const targets = ['local', 'other'].flatMap(cluster =>
      ['g', 'G', 'g.'].flatMap(group => ['status', 'lag'].map(page => `/v3/kafka/${cluster}/consumer/${group}/${page}`))
    )
    for (let time = 0; time < 2; time++) {
      for (const target of targets) {
        client.send(get(target))
        const { body } = await client.answer()
        const [, , , cluster, , group, page] = target.split('/')
        const request = { page: 'status', cluster, group, showAll: page === 'lag' }
        expect(JSON.parse(body)).to.deep.include({ status: request })
        expect(JSON.parse(body).request.url).to.equal(target)
      }
    }
    expect(backend.asked).to.have.length(targets.length)
  })

  it('shows the time of the answer', async () => {
    const client = connect()
    const dates = new Set<string>()
    const ask = async () => {
      const before = Math.floor(Date.now() / 1000)
      client.send(get(status))
      const { headers: fields, body } = await client.answer()
      expect(JSON.parse(body).status).to.deep.equal({ a: 1 })
      expect(Date.parse(fields.date!) / 1000).to.be.within(before, Math.floor(Date.now() / 1000))
      dates.add(fields.date!)
      return dates.size > 1
    }
    await waitFor(ask, 'two different seconds')
    expect(backend.asked).to.have.length(1)
  })

  it('answers requests that come together or in pieces in their order, one question at a time', async () => {
    let open = 0
    backend.page = async request => {
      expect(++open).to.equal(1)
      await new Promise(resolve => setImmediate(resolve))
      open--
      return verdict(`"${'group' in request ? request.group : ''}"`)
    }
    const names = Array.from({ length: 200 }, (_, index) => `g${index % 50}`)
    const all = names.map(name => get(`/v3/kafka/local/consumer/${name}/status`)).join('')
    for (const pieces of [1, 7]) {
      const client = connect()
      const size = Math.ceil(all.length / pieces)
      for (let at = 0; at < all.length; at += size) {
        client.send(all.slice(at, at + size))
        await new Promise(resolve => setImmediate(resolve))
      }
      for (const name of names) expect(JSON.parse((await client.answer()).body).status).to.equal(name)
    }
  })

  it('gives a connection to Node with the first request that is not plain, whole and in order', async () => {
    const client = connect()
    const post = 'POST /v3/kafka HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello'
    client.send(get(status) + get(status) + post + get(status) + get('/v3/kafka'))
    for (const expected of [200, 200, 405, 200, 200]) expect((await client.answer()).status).to.equal(expected)
    client.send(`${get(status).slice(0, 30)}`)
    await new Promise(resolve => setImmediate(resolve))
    client.send(get(status).slice(30))
    expect((await client.answer()).status).to.equal(200)
    client.send(`GET ${status} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`)
    expect((await client.answer()).headers.connection).to.equal('close')
    await client.closed()
    expect(server.stats().default).to.include({ requests: 7, clientErrors: 0 })
  })

  it('lets Node refuse what is malformed, behind an answer that is under way', async () => {
    let release: (result: PageResult) => void = () => undefined
    backend.page = () => new Promise(resolve => (release = resolve))
    const client = connect()
    client.send(`${get(status)}nonsense\r\n\r\n`)
    await waitFor(() => backend.asked.length === 1, 'the question')
    release(verdict('{}'))
    expect((await client.answer()).status).to.equal(200)
    expect((await client.answer()).status).to.equal(400)
    await client.closed()
    expect(server.stats().default!.clientErrors).to.equal(1)
  })

  it('asks no further question for a client that does not read, and uses its memory no sooner', async () => {
    const lender = new Lender()
    const length = 12_000_000
    backend.page = async () => {
      const letter = String.fromCharCode(97 + ((backend.asked.length - 1) % 26))
      return { kind: 'bytes', body: lender.copy(Buffer.from(`"${letter.repeat(length)}"`)), status: -1 }
    }
    const slow = connect()
    slow.socket.pause()
    slow.send(get(status) + get(status))
    await waitFor(() => backend.asked.length === 1, 'the first question')
    for (const letter of 'bc') {
      const other = connect()
      other.send(get(status))
      expect(JSON.parse((await other.answer()).body).status[0]).to.equal(letter)
      other.close()
    }
    expect(backend.asked).to.have.length(3)
    slow.socket.resume()
    for (const letter of 'ad')
      expect(JSON.parse((await slow.answer()).body).status === letter.repeat(length)).to.equal(true)
    expect(lender.byteLength).to.be.lessThan(40 * 2 ** 20)
  })

  it('waits for a client that reads ready answers late', async () => {
    backend.page = async () => verdict(`"${'x'.repeat(60_000)}"`)
    const client = connect()
    client.socket.pause()
    const count = 400
    client.send(get(status).repeat(count))
    await waitFor(() => server.stats().default!.requests > 10, 'some answers')
    expect((await rawRequest(address, 'GET', '/v3/kafka')).status).to.equal(200)
    expect(server.stats().default!.requests, 'more than the sockets hold').to.be.lessThan(count)
    client.socket.resume()
    for (let index = 0; index < count; index++) expect((await client.answer()).body.length).to.be.greaterThan(60_000)
  })

  it('forgets clients that leave before and during their answer', async () => {
    let release: (result: PageResult) => void = () => undefined
    backend.page = () => new Promise(resolve => (release = resolve))
    const early = connect()
    early.send(get(status) + get(status))
    await waitFor(() => backend.asked.length === 1, 'the question')
    early.close()
    release(verdict('{}'))
    await waitFor(() => server.openRequests === 0, 'the first to be given up')
    backend.page = async () => bytes(`"${'x'.repeat(24_000_000)}"`)
    const during = connect()
    during.send(get('/v3/kafka/local/consumer/h/lag'))
    await waitFor(() => during.socket.bytesRead > 100_000, 'some of the body')
    during.close()
    await waitFor(() => server.openRequests === 0, 'the second to be given up')
    expect((await rawRequest(address, 'GET', status)).status).to.equal(200)
  })

  it('closes connections that were idle for too long', async () => {
    const listeners = [{ name: 'default', address: '127.0.0.1:0', timeoutSeconds: 0.1 }]
    const short = (await started({ listeners })).address
    const [silent, used] = [connect(short), connect(short)]
    used.send(get(status))
    expect((await used.answer()).status).to.equal(200)
    await silent.closed()
    await used.closed()
  })

  it('ends with its client, and when the server stops', async () => {
    const ending = connect()
    ending.send(get(status))
    await ending.answer()
    ending.socket.end()
    await ending.closed()
    const [idle, waiting] = [connect(), connect()]
    idle.send(get(status))
    await idle.answer()
    let release: (result: PageResult) => void = () => undefined
    backend.page = () => new Promise(resolve => (release = resolve))
    waiting.send(get('/v3/kafka/local/consumer/other/status'))
    await waitFor(() => server.openRequests === 1, 'the question')
    const stopped = server.stop()
    await idle.closed()
    release(verdict('{}'))
    expect((await waiting.answer()).status).to.equal(200)
    await waiting.closed()
    await stopped
  })
})
