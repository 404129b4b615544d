import { writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { AskFailed } from '../../../../main/cli/ask/ask-failed.ts'
import { askGroups } from '../../../../main/cli/ask/ask-status.ts'
import { BurrowClient } from '../../../../main/cli/ask/burrow-client.ts'
import { findUrl, urlDefault } from '../../../../main/cli/ask/find-url.ts'
import { statusLines } from '../../../../main/cli/terminal/status-lines.ts'
import { freePort } from '../../../support/free-port.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

describe('where to ask', () => {
  it('flag, configuration, environment, default, in this order', () => {
    const folder = tempFolder('ask')
    writeFileSync(join(folder, 'burrow.toml'), '[httpserver.a]\naddress = ":8123"\n')
    const environment = { BURROW_URL: 'burrow.example:81/' }
    expect(findUrl({ url: 'https://x.example/sub/', configDir: folder }, environment)).to.equal('https://x.example/sub')
    expect(findUrl({ configDir: folder }, environment)).to.equal('http://127.0.0.1:8123')
    expect(findUrl({}, environment)).to.equal('http://burrow.example:81')
    expect(findUrl({}, {})).to.equal(urlDefault)
  })

  it('says what is wrong with it', () => {
    const folder = tempFolder('ask')
    expect(() => findUrl({ url: 'ftp://x' }, {})).to.throw(AskFailed, '--url is not the address of a listener: ftp://x')
    expect(() => findUrl({}, { BURROW_URL: 'http://' })).to.throw(AskFailed, 'BURROW_URL is not')
    expect(() => findUrl({ configDir: folder }, {})).to.throw(AskFailed, 'Not Found')
    writeFileSync(join(folder, 'burrow.toml'), '')
    expect(() => findUrl({ configDir: folder }, {})).to.throw(AskFailed, 'a port that is chosen at start')
  })
})

describe('asking', () => {
  let server: Server | null = null
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
    server = null
  })

  async function clientOf(answer: RequestListener, deadlineMs = 5000): Promise<BurrowClient> {
    server = createServer(answer)
    await new Promise<void>(resolve => server!.listen(0, '127.0.0.1', resolve))
    return new BurrowClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, deadlineMs)
  }

  async function failureOf(asked: Promise<unknown>): Promise<string> {
    try {
      await asked
    } catch (error) {
      expect(error).to.be.instanceOf(AskFailed)
      return (error as Error).message
    }
    throw new Error('it did not fail')
  }

  it('nothing listens', async () => {
    const client = new BurrowClient(`http://127.0.0.1:${await freePort()}`)
    expect(await failureOf(client.get('/v3/kafka', 'clusters'))).to.match(
      /^nothing listens at http:.*is Burrow running/
    )
  })

  it('nobody answers, something else answers, Burrow cannot answer', async () => {
    const silent = await clientOf(() => undefined, 50)
    expect(await failureOf(silent.get('/x', 'y'))).to.match(/did not answer within 0.05 s$/)
    server?.closeAllConnections()
    server?.close()
    for (const [status, body, words] of [
      [200, '<html>', 'is no Burrow that knows /x'],
      [200, '{"y":7}', 'is no Burrow that knows /x'],
      [404, '{"error":true,"message":"invalid request type","result":{}}', 'is no Burrow that knows /x'],
      [503, '{"error":true,"message":"QUEUE_FULL: too many"}', 'cannot answer: QUEUE_FULL: too many'],
      [302, '', 'cannot answer: HTTP 302']
    ] as const) {
      const client = await clientOf((_, response) => response.writeHead(status).end(body))
      expect(await failureOf(client.get('/x', 'y'))).to.contain(words)
      server?.close()
    }
    const missing = await clientOf((_, response) => response.writeHead(404).end('{"error":true,"request":{}}'))
    expect(await missing.get('/x', 'y')).to.equal(null)
  })

  it('puts clusters together, worst first, and the exit code is that of the worst, shown or not', async () => {
    const group = (name: string, status: string, totallag: number) => ({
      group: name,
      status,
      totallag,
      partition_count: 1,
      complete: 1,
      last_commit: null,
      since: null,
      maxlag: null
    })
    const asked: (string | undefined)[] = []
    const client = await clientOf((request, response) => {
      asked.push(request.url)
      const cluster = request.url!.includes('/a%2F1/') ? 'a/1' : 'b'
      const groups = cluster === 'b' ? [group('x\x1b', 'ERR', 5)] : [group('y', 'ERR', 9), group('z', 'OK', 99)]
      const counts = cluster === 'b' ? { OK: 0, WARN: 0, ERR: 1 } : { OK: 70, WARN: 1, ERR: 1 }
      const status = { cluster, evaluated_at: 0, counts, matched: counts.OK + counts.WARN + counts.ERR, groups }
      response.end(JSON.stringify(request.url === '/v3/kafka' ? { clusters: ['a/1', 'b'] } : { status }))
    })
    const answer = await askGroups(client, { limit: 2 })
    expect(asked).to.deep.equal(['/v3/kafka', '/v3/kafka/a%2F1/status?limit=2', '/v3/kafka/b/status?limit=2'])
    expect(answer.groups.map(each => each.group)).to.deep.equal(['y', 'x\x1b'])
    expect(answer).to.deep.include({ exitCode: 2, matched: 73, counts: { OK: 70, WARN: 1, ERR: 2 } })
    const lines = statusLines(answer, { colours: false, width: null })
    expect(lines[0]).to.equal('BURROW ERR - 73 groups: 2 ERR, 1 WARN, 70 OK')
    expect(lines[4]).to.match(/^ERR {5}x\\x1b {2}b /)
    expect(lines.at(-1)).to.equal('71 more groups; --limit shows more')
  })
})
