import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { expect } from 'chai'
import { HttpSender, type HttpSenderOptions } from '../../../../main/notifier/http/http-sender.ts'
import { waitFor } from '../../../support/wait-for.ts'
import { caPem } from '../../config/pem-samples.ts'
import { templateFile, webhookParts } from '../fake-parts.ts'
import { type LocalHttpServer, localHttpServer, ok } from '../local-http-server.ts'

const closers: (() => Promise<unknown> | unknown)[] = []

async function server(...parts: Parameters<typeof localHttpServer>): Promise<LocalHttpServer> {
  const made = await localHttpServer(...parts)
  closers.push(made.close)
  return made
}

function sender(changes: Partial<HttpSenderOptions> = {}): HttpSender {
  const made = new HttpSender({ ...webhookParts, hide: text => text, environment: {}, ...changes })
  closers.push(() => made.close())
  return made
}

const post = (url: string, body = '{"a":1}') => ({ method: 'POST', url, headers: {}, body })

/** Takes connections and never says anything, or ends them at once. */
async function deafServer(isRude: boolean): Promise<string> {
  const made = createTcpServer(socket => {
    socket.on('error', () => undefined)
    if (isRude) socket.once('data', () => socket.resetAndDestroy())
    else closers.push(() => socket.destroy())
  })
  await new Promise<void>(resolve => made.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise(resolve => made.close(resolve)))
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`
}

interface LocalProxy {
  readonly url: string
  readonly asked: string[]
  readonly logins: (string | undefined)[]
  /** That the client has not closed. */
  readonly tunnels: Set<Duplex>
}

/** Tells what it was asked for; tunnels lead to `target`. */
async function localProxy(target: string): Promise<LocalProxy> {
  const asked: string[] = []
  const tunnels = new Set<Duplex>()
  const logins: (string | undefined)[] = []
  const proxy: Server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    logins.push(request.headers['proxy-authorization'])
    response.end()
  })
  proxy.on('connect', (request, socket) => {
    asked.push(`${request.method} ${request.url}`)
    logins.push(request.headers['proxy-authorization'])
    if (target === '') {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    const there = connect(Number(new URL(target).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      there.pipe(socket).pipe(there)
    })
    tunnels.add(socket)
    socket.once('close', () => tunnels.delete(socket))
    there.once('close', () => socket.resume()) // so that it sees the client close
    for (const each of [there, socket]) {
      each.on('error', () => undefined)
      closers.push(() => each.destroy())
    }
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    proxy.closeAllConnections()
    return new Promise(resolve => proxy.close(resolve))
  })
  return { url: `http://me:pw@127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked, logins, tunnels }
}

describe('main/notifier/http/http-sender', () => {
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  it('sends method, path, headers and body, and keeps its connection', async () => {
    const { url, received } = await server()
    const one = sender({ username: 'me', password: 'pw', headers: { Token: 'testtoken' } })
    expect(await one.send(post(`${url}/path?id=x#fragment`))).to.deep.equal({ ok: true, note: '200' })
    await one.send({ ...post(`${url}/`), method: 'DELETE' })
    expect(received[0]).to.deep.include({ method: 'POST', url: '/path?id=x', body: '{"a":1}' })
    expect(received[0]!.headers).to.include({
      'content-type': 'application/json',
      'content-length': '7',
      token: 'testtoken',
      authorization: 'Basic bWU6cHc='
    })
    expect(received[1]).to.deep.include({ method: 'DELETE', body: '{"a":1}' })
    expect(received[1]!.clientPort).to.equal(received[0]!.clientPort)
  })

  it('opens a connection for each request with disable-http-keepalive', async () => {
    const { url, received } = await server()
    const one = sender({ disableHttpKeepalive: true })
    await one.send(post(url))
    await one.send(post(url))
    expect(received[1]!.clientPort).not.to.equal(received[0]!.clientPort)
    expect(received[0]!.headers.connection).to.equal('close')
  })

  it('lets the configured headers win', async () => {
    const { url, received } = await server()
    await sender({ headers: { 'Content-Type': 'text/plain' } }).send(post(url))
    expect(received[0]!.headers['content-type']).to.equal('text/plain')
  })

  it('logs in with what stands in the URL, unless a header does', async () => {
    const { url, received } = await server()
    const withUser = url.replace('//', '//u%40x:p@')
    await sender().send(post(withUser))
    await sender({ headers: { Authorization: 'Bearer b' } }).send(post(withUser))
    expect(received.map(({ headers }) => headers.authorization)).to.deep.equal([
      `Basic ${Buffer.from('u@x:p').toString('base64')}`,
      'Bearer b'
    ])
  })

  for (const [status, retry] of [
    [500, true],
    [503, true],
    [429, true],
    [408, true],
    [400, false],
    [401, false],
    [404, false],
    [304, false]
  ] as const) {
    it(`takes ${status} for a failure that ${retry ? 'may pass' : 'stays'}`, async () => {
      const { url } = await server(response => {
        response.writeHead(status).end(status === 304 ? '' : 'no\n  service')
      })
      const reason = status === 304 ? 'answer 304' : `answer ${status}: no service`
      expect(await sender().send(post(url))).to.deep.equal({ ok: false, retry, reason })
    })
  }

  it('hears how long it should wait, and hides what must not be seen', async () => {
    const { url } = await server(response => response.writeHead(429, { 'retry-after': '7' }).end('not you, sesame!'))
    const outcome = await sender({ hide: text => text.replaceAll('sesame', '***') }).send(post(url))
    expect(outcome).to.deep.equal({ ok: false, retry: true, reason: 'answer 429: not you, ***!', retryAfterMs: 7000 })
  })

  it('gives up on a server that says nothing, drips, or talks for ever', async () => {
    const impatient = sender({ timeoutSeconds: 0.1 })
    const timeout = { ok: false, retry: true, reason: 'timeout' }
    expect(await impatient.send(post(await deafServer(false)))).to.deep.equal(timeout)
    const drips = await server(response => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('x'), 10)
      response.once('close', () => clearInterval(drip))
    })
    expect(await impatient.send(post(drips.url))).to.deep.equal(timeout)
    const talks = await server(response => {
      const megabyte = Buffer.alloc(1 << 20)
      const more = () => {
        while (!response.destroyed && response.write(megabyte));
      }
      response.on('drain', more)
      more()
    })
    expect(await sender().send(post(talks.url))).to.deep.equal({ ok: true, note: '200' })
  })

  it('says what the network did', async () => {
    const reset = await sender().send(post(await deafServer(true)))
    expect(reset).to.deep.include({ ok: false, retry: true })
    expect(reset)
      .to.have.property('reason')
      .that.matches(/ECONNRESET|socket hang up/)
    const { url, close } = await localHttpServer()
    await close()
    const refused = await sender().send(post(url))
    expect(refused).to.have.property('reason').that.contains('ECONNREFUSED')
    const short = await server(response => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half', () => response.destroy())
    })
    expect(await sender().send(post(short.url))).to.deep.include({ ok: false, retry: true })
  })

  it('does not try URLs that cannot be', async () => {
    for (const url of ['nonsense', 'ftp://x/', '']) {
      const outcome = await sender().send(post(url))
      expect(outcome).to.deep.equal({ ok: false, retry: false, reason: 'the URL is not one of http or https' })
    }
  })

  it('follows 307 with the message, elsewhere without the login, and never in circles', async () => {
    const target = await server()
    const hop = await server((response, { url }) =>
      response.writeHead(307, { location: url === '/away' ? `${target.url}/there` : '/away' }).end()
    )
    const circle = await server(response => response.writeHead(308, { location: '/again' }).end())
    const one = sender({ username: 'me', password: 'pw' })
    expect(await one.send(post(`${hop.url}/start`))).to.deep.include({ ok: true })
    expect(hop.received.map(({ url }) => url)).to.deep.equal(['/start', '/away'])
    expect(hop.received[1]!.headers).to.have.property('authorization')
    expect(target.received[0]).to.deep.include({ method: 'POST', url: '/there', body: '{"a":1}' })
    expect(target.received[0]!.headers).not.to.have.property('authorization')
    expect(await one.send(post(circle.url))).to.deep.include({ ok: false, retry: false })
    expect(circle.received.length).to.equal(11)
  })

  it('takes a redirect that would lose the message for a failure', async () => {
    const target = await server()
    const { url } = await server(response => response.writeHead(302, { location: target.url }).end())
    expect(await sender().send(post(url))).to.deep.equal({ ok: false, retry: false, reason: 'answer 302' })
    expect(target.received.length).to.equal(0)
  })

  it('believes only certificates it should', async () => {
    const { url, received } = await server(ok, true)
    const refused = await sender().send(post(url))
    expect(refused).to.deep.include({ ok: false, retry: true })
    expect(received.length).to.equal(0)
    expect(await sender({ extraCa: templateFile(caPem) }).send(post(url))).to.deep.include({ ok: true })
    expect(await sender({ noVerify: true, extraCa: '/not/there' }).send(post(url))).to.deep.include({ ok: true })
    expect(() => sender({ extraCa: '/not/there' })).to.throw('cannot read the CA file')
  })

  it('goes through a proxy', async () => {
    const proxy = await localProxy('')
    const one = sender({ environment: { http_proxy: proxy.url }, headers: { Token: 't' } })
    expect(await one.send(post('http://burrow.invalid:81/x?y'))).to.deep.include({ ok: true })
    expect(proxy.asked).to.deep.equal(['POST http://burrow.invalid:81/x?y'])
    expect(proxy.logins).to.deep.equal(['Basic bWU6cHc='])
  })

  it('goes through a proxy to a server with TLS, whose name it checks', async () => {
    const target = await server(ok, true)
    const proxy = await localProxy(target.url)
    const environment = { HTTPS_PROXY: proxy.url }
    const extraCa = templateFile(caPem)
    const wrong = await sender({ environment, extraCa }).send(post('https://burrow.invalid/x'))
    expect(wrong).to.have.property('reason').that.contains('burrow.invalid')
    expect(await sender({ environment, noVerify: true }).send(post('https://burrow.invalid/x'))).to.deep.include({
      ok: true
    })
    expect(target.received.map(({ url }) => url)).to.deep.equal(['/x'])
    expect(target.received[0]!.headers).not.to.have.property('proxy-authorization')
    expect(proxy.asked).to.deep.equal(['CONNECT burrow.invalid:443', 'CONNECT burrow.invalid:443'])
    expect(proxy.logins[0]).to.equal('Basic bWU6cHc=')
    await waitFor(() => proxy.tunnels.size === 0, 'the end of all tunnels')
  })

  it('says that the proxy refuses, and gives up on one that is silent', async () => {
    const proxy = await localProxy('')
    const outcome = await sender({ environment: { HTTPS_PROXY: proxy.url } }).send(post('https://burrow.invalid/'))
    expect(outcome).to.deep.equal({ ok: false, retry: true, reason: 'the proxy answered 403' })
    const environment = { HTTPS_PROXY: await deafServer(false) }
    expect(await sender({ environment, timeoutSeconds: 0.1 }).send(post('https://burrow.invalid/'))).to.deep.equal({
      ok: false,
      retry: true,
      reason: 'timeout'
    })
  })
})
