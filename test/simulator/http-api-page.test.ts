import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { configFromToml } from '../../main/config/load-config.ts'
import { rowsPerEventMax } from '../../main/feed/changed-rows.ts'
import { feedClientsMax } from '../../main/feed/feed.ts'
import { unreadMsMax, waitingBytesMax } from '../../main/feed/feed-client.ts'
import { waitingMax } from '../../main/httpserver/connection-line.ts'
import { connectionsMax, headerBytesMax, openRequestsMax } from '../../main/httpserver/http-listener.ts'
import { requestBodyBytesMax } from '../../main/httpserver/routes.ts'
import { handshakeTimeoutMs } from '../../main/httpserver/secure-server.ts'
import { scrapesMax } from '../../main/metrics/scraper.ts'
import type { Simulator } from '../../main/simulator/simulator.ts'
import { changeBytesMax } from '../../shared/actor/evaluator-tasks.ts'
import type { AppUnderTest } from '../support/app-under-test.ts'
import { startDocumentedApp } from '../support/documented-app.ts'
import { projectRoot } from '../support/paths.ts'
import { waitFor } from '../support/wait-for.ts'

const page = readFileSync(join(projectRoot, 'docs', 'http-api.md'), 'utf8')
const examples = [...page.matchAll(/```http\n(\S+) (\S+) ?(.*)\n(\d{3})\n([\s\S]*?)```/g)].map(
  ([, method, path, body, status, answer]) =>
    ({ method, path, body, status, answer }) as Readonly<Record<string, string>>
)

describe('docs/http-api.md', function () {
  this.timeout(60_000)
  let simulator: Simulator
  let app: AppUnderTest
  let url: string
  before(async () => {
    const started = await startDocumentedApp()
    simulator = started.simulator
    app = started.app
    url = `http://${app.app.addresses[0]}`
    await waitFor(
      async () => ((await app.get('/v3/kafka/local/consumer/billing')) as { error: boolean }).error === false,
      'the group'
    )
  })
  after(async () => {
    await app?.app.stop()
    await simulator?.stop()
  })

  it('has examples', () => expect(examples.length).to.be.greaterThan(12))

  for (const { method, path, body, status, answer } of examples) {
    it(`is right about ${method} ${path} ${body}`, async () => {
      const response = await fetch(url + path, { method: method!, redirect: 'manual', ...(body ? { body } : {}) })
      expect(response.status).to.equal(Number(status))
      expect(withoutChance(await response.json())).to.deep.equal(withoutChance(JSON.parse(answer!)))
    })
  }

  it('names every endpoint with the codes it has, and none that is not there', async () => {
    const rows = [...page.matchAll(/^\| (GET|POST|DELETE) \| `(\S+)` \|.*\| ([\d, ]+) \|$/gm)]
    expect(rows.length).to.be.greaterThan(15)
    for (const [, method, pattern, codes] of rows) {
      const path = pattern!
        .replace('CLUSTER', 'local')
        .replace('GROUP', 'nobody')
        .replace('TOPIC', 'orders')
        .replace('KIND', 'storage')
      const response = await fetch(url + path, { method: method! })
      expect(codes!.split(', ').map(Number), `${method} ${path}`).to.include(response.status)
      if (path === '/v3/events')
        await response.body?.cancel() // never ends
      else expect(await response.text(), path).to.not.contain('invalid request type')
    }
  })

  it('shows listeners that can be read', () => {
    const [, toml] = /```toml\n([\s\S]*?)```/.exec(page)!
    const read = () => configFromToml(toml!.replaceAll('/etc/burrow', '/nowhere'))
    // There are no such files here; nothing else is wrong with it.
    expect(read).to.throw(/^(tls\.web\.(cafile|certfile|keyfile): cannot read TLS.*there is no such file.*(\n|$)){3}$/)
  })

  it('gives the limits that hold', () => {
    const has = (text: string) => expect(page).to.contain(text)
    has(`| request line and headers | ${headerBytesMax / 1024} KB, else 431 |`)
    has(`| body | ${requestBodyBytesMax / 1024} KB for POST`)
    has(`| requests waiting on one connection | ${waitingMax}, then 503 |`)
    has(`| requests under way on one listener | ${openRequestsMax}, then 503 |`)
    has(`| pages of \`/metrics\` at once, all listeners | ${scrapesMax}, then 503 |`)
    has(
      `| clients of \`/v3/events\`, all listeners | ${feedClientsMax}, then 503; one that takes nothing for ${unreadMsMax / 1000} s is let go |`
    )
    has(`\`groups\` has up to ${rowsPerEventMax} rows and ${changeBytesMax / 1024} KB`)
    has(`A client with more than ${waitingBytesMax / 2 ** 20} MB waiting loses`)
    has(`| connections of one listener | ${connectionsMax.toLocaleString('en')}, then closed |`)
    has(`| TLS handshake | ${handshakeTimeoutMs / 1000} s |`)
  })
})

/** Without times, ports, paths of files and the name of the host. */
function withoutChance(value: unknown): unknown {
  const text = JSON.stringify(value, (key, each: unknown) => {
    if (typeof each === 'number' && each > 1e12) return 0
    if (key === 'host') return 'host'
    if (typeof each !== 'string') return each
    return each.replace(/^[\w.-]+:\d+$/, 'host:port').replace(/^\/.*\/open\.tmpl$/, 'open.tmpl')
  })
  return JSON.parse(text)
}
