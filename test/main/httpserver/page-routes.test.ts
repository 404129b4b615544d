import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import type { HttpCoordinator, ListenerSettings } from '../../../main/httpserver/http-coordinator.ts'
import { rawRequest } from '../../support/raw-http.ts'
import { removeTempFolder, tempFolder } from '../../support/temp-folder.ts'
import { type FakeBackend, fakeBackend, startedServer } from './fake-sources.ts'

const index = '<!doctype html><title>Burrow</title>'
const script = 'console.log("ä")'

describe('page for browsers over HTTP', () => {
  let folder: string
  let backend: FakeBackend
  let server: HttpCoordinator
  before(async () => {
    const zlib = await import('node:zlib')
    folder = tempFolder('page')
    mkdirSync(folder, { recursive: true })
    for (const [name, text] of [
      ['index.html', index],
      ['page-ABCD1234.js', script],
      ['page-DEFG5678.css', 'a{}'],
      ['page-ABCD1234.js.map', '{}'],
      ['compiled.js', 'of the tests']
    ] as const) {
      writeFileSync(join(folder, name), text)
      writeFileSync(join(folder, `${name}.gz`), zlib.gzipSync(text))
      if (name !== 'page-DEFG5678.css') writeFileSync(join(folder, `${name}.br`), zlib.brotliCompressSync(text))
    }
  })
  after(() => removeTempFolder(folder))
  afterEach(() => server.stop())

  async function start(...pages: readonly (string | null)[]): Promise<void> {
    backend = fakeBackend()
    const listeners = pages.map(
      (pagePath, at): ListenerSettings => ({ name: `l${at}`, address: '127.0.0.1:0', timeoutSeconds: 300, pagePath })
    )
    server = (await startedServer(backend, { listeners, pageFolder: folder })).server
  }
  const ask = (path: string, headers: readonly string[] = [], method = 'GET', listener = 0) =>
    rawRequest(server.addresses[listener]!, method, path, headers)

  it('is at / with the rules that a browser is to keep', async () => {
    await start('/')
    const { status, headers, body } = await ask('/')
    expect([status, body]).to.deep.equal([200, index])
    expect(headers).to.include({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding'
    })
    expect(server.pages).to.deep.equal([`http://${server.addresses[0]}/`])
    expect((await ask('/?group=g')).status, 'state is in the query').to.equal(200)
  })

  it('has files that are kept for ever, by their names', async () => {
    await start('/')
    const { status, headers, body } = await ask('/page/page-ABCD1234.js')
    expect([status, Buffer.from(body, 'latin1').toString()]).to.deep.equal([200, script])
    expect(headers).to.include({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff'
    })
    expect((await ask('/page/page-DEFG5678.css')).headers['content-type']).to.equal('text/css; charset=utf-8')
    for (const path of [
      '/page/index.html',
      '/page/page-ABCD1234.js.map',
      '/page/page-ABCD1234.js.br',
      '/page/none',
      '/page/compiled.js',
      '/page/',
      '/page/..%2fcli.js',
      '/page/%2e%2e/index.html'
    ]) {
      expect((await ask(path)).status, path).to.equal(404)
    }
  })

  it('is sent in the form that the browser takes', async () => {
    await start('/')
    const forms: readonly [string, string | undefined, (bytes: Buffer) => Buffer][] = [
      ['gzip, deflate, br', 'br', bytes => brotliDecompressSync(bytes)],
      ['gzip', 'gzip', bytes => gunzipSync(bytes)],
      ['br;q=0, gzip;q=0.5', 'gzip', bytes => gunzipSync(bytes)],
      ['gzip;q=0', undefined, bytes => bytes],
      ['identity', undefined, bytes => bytes]
    ]
    for (const [accepted, coding, decode] of forms) {
      const { headers, body } = await ask('/page/page-ABCD1234.js', [`Accept-Encoding: ${accepted}`])
      expect(headers['content-encoding'], accepted).to.equal(coding)
      expect(decode(Buffer.from(body, 'latin1')).toString(), accepted).to.equal(script)
    }
    const { headers } = await ask('/page/page-DEFG5678.css', ['Accept-Encoding: br, gzip'])
    expect(headers['content-encoding'], 'the best form that there is').to.equal('gzip')
  })

  it('is not sent again to who has it', async () => {
    await start('/')
    const { etag = '' } = (await ask('/')).headers
    expect(etag).to.match(/^"[\w-]{22}"$/)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, headers, body } = await ask('/', [`If-None-Match: ${known}`])
      expect([status, body, headers.etag, headers['content-length']], known).to.deep.equal([304, '', etag, undefined])
    }
    expect((await ask('/', ['If-None-Match: "other"'])).status).to.equal(200)
  })

  it('has a head without a body', async () => {
    await start('/')
    const { status, headers, body } = await ask('/', [], 'HEAD')
    expect([status, headers['content-length'], body]).to.deep.equal([200, String(index.length), ''])
  })

  it('is where each listener has it, or nowhere; then / is as in Burrow', async () => {
    await start('/ops/Lag', null)
    expect((await ask('/ops/Lag')).body).to.equal(index)
    const nothing = await ask('/none')
    for (const [path, listener] of [
      ['/', 0],
      ['/', 1],
      ['/ops/Lag', 1],
      ['/page/page-ABCD1234.js', 1]
    ] as const) {
      const { status, body } = await ask(path, [], 'GET', listener)
      expect([status, body], `${path} of ${listener}`).to.deep.equal([404, nothing.body])
    }
    expect(server.pages).to.deep.equal([`http://${server.addresses[0]}/ops/Lag`])
  })

  it('that was not built is missed in the log, and nothing else is', async () => {
    backend = fakeBackend()
    const listeners = [{ name: 'l', address: '127.0.0.1:0', timeoutSeconds: 300, pagePath: '/' }]
    const started = await startedServer(backend, { listeners, pageFolder: join(folder, 'none') })
    server = started.server
    expect(backend.logged.map(({ message }) => message)).to.include('there is no page for browsers: it was not built')
    expect((await ask('/')).status).to.equal(404)
    expect((await ask('/burrow/admin')).status).to.equal(200)
    expect(server.pages).to.deep.equal([])
  })
})
