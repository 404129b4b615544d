import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { HttpCoordinator } from '../../../main/httpserver/http-coordinator.ts'
import { fixturesDir } from '../../support/paths.ts'
import { rawRequest } from '../../support/raw-http.ts'
import { removeTempFolder, tempFolder } from '../../support/temp-folder.ts'
import { fakeBackend, hostName, startedServer } from './fake-sources.ts'

interface Vector {
  readonly request: string
  readonly answer: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string | { readonly length: number; readonly starts: string; readonly ends: string }
  }
}

/** Cases that are not as in Burrow, and why. */
const otherwise: Readonly<Record<string, string>> = {
  'HEAD /v3/kafka': 'decided otherwise: HEAD answers like GET (spec 09, D3)',
  'GET /v3/config/storage/default.intervals': 'decided otherwise: no way into the configuration tree (spec 09, A5)',
  'POST /v3/admin/loglevel\tbody={"level":"panic"}': 'decided otherwise: the words of the file (spec 09, A8)'
}

const neverCompared = new Set(['date', 'content-length', 'transfer-encoding', 'connection', 'keep-alive'])

for (const page of [false, true]) {
  describe(`answers of Burrow 1.9.5 (http-vectors.json)${page ? ' with the page, but for /' : ''}`, () => {
    const vectors = (JSON.parse(readFileSync(join(fixturesDir, 'http-vectors.json'), 'utf8')) as { cases: Vector[] })
      .cases
    let server: HttpCoordinator
    let address: string

    let folder: string
    before(async () => {
      folder = tempFolder('page')
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'index.html'), 'the page')
      const listener = { name: 'default', address: '127.0.0.1:0', timeoutSeconds: 300, pagePath: page ? '/' : null }
      const started = await startedServer(fakeBackend(), { listeners: [listener], pageFolder: folder })
      server = started.server
      address = started.address
    })
    after(async () => {
      await server.stop()
      removeTempFolder(folder)
    })

    it(`has ${page ? 'the page' : 'nothing'} at /`, async () => {
      const { body } = await rawRequest(address, 'GET', '/', [])
      expect(body === 'the page').to.equal(page)
    })

    it('names only cases that exist as being otherwise', () => {
      const requests = new Set(vectors.map(vector => vector.request))
      expect(Object.keys(otherwise).filter(request => !requests.has(request))).to.deep.equal([])
    })

    for (const { request, answer } of vectors.filter(({ request }) => !isOtherwise(request, page))) {
      it(request, async () => {
        const [line = '', ...fields] = request.split('\t')
        const method = line.slice(0, line.indexOf(' '))
        const target = targetBytes(line.slice(line.indexOf(' ') + 1))
        const body = fields.find(field => field.startsWith('body='))?.slice('body='.length) ?? ''
        const headers = fields.filter(field => !field.startsWith('body='))
        const got = await rawRequest(address, method, target, headers, body.replaceAll('\\n', '\n'))

        expect(got.status).to.equal(answer.status)
        const compared = Object.entries(got.headers).filter(([name]) => !neverCompared.has(name))
        expect(Object.fromEntries(compared)).to.deep.equal(answer.headers)
        if (typeof answer.body === 'string') expect(got.body).to.equal(bodyBytes(answer.body))
        else {
          const { length, starts, ends } = answer.body
          expect(got.body.startsWith(bodyBytes(starts))).to.equal(true)
          expect(got.body.endsWith(bodyBytes(ends))).to.equal(true)
          // `length` counts characters with the placeholder for the host in place.
          const shown = Buffer.from(got.body, 'latin1').toString('utf8')
          expect(shown.length - hostName.length + '{host}'.length).to.equal(length)
        }
      })
    }
  })
}

function isOtherwise(request: string, page: boolean): boolean {
  return Object.hasOwn(otherwise, request) || (page && request.split(' ')[1] === '/')
}

/**
 * As a byte string: {rep:TEXT:N} is TEXT N times, `\xNN` is a byte. Such a byte goes out percent-encoded: Node's parser
 * refuses it bare (http-listener.test.ts), and the answer must be the same.
 */
function targetBytes(target: string): string {
  return target
    .replace(/\{rep:([^}]*):(\d+)\}/g, (_, text: string, count: string) => text.repeat(Number(count)))
    .replace(/\\x([0-9a-f]{2})/g, '%$1')
}

function bodyBytes(body: string): string {
  return Buffer.from(body.replaceAll('{host}', hostName)).toString('latin1')
}
