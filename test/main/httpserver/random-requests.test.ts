import { METHODS } from 'node:http'
import { expect } from 'chai'
import fc from 'fast-check'
import { parseTarget } from '../../../main/httpserver/request-target.ts'
import { RawHttp, rawRequest } from '../../support/raw-http.ts'
import { fakeBackend, startedServer } from './fake-sources.ts'

const words = ['v3', 'kafka', 'V3', 'local', 'topic', 'consumer', 'status', 'lag', 'admin', 'loglevel', '', '..', '.']
const escapes = [
  '%2F',
  '%2e',
  '%00',
  '%FF',
  '%C3%BC',
  '%',
  '%zz',
  '%25',
  '\xff',
  '"',
  '<',
  '?',
  '#',
  ' ',
  '*',
  ':',
  '\\'
]
const segment = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(...escapes),
  fc.string({ unit: 'binary', maxLength: 8 })
)
const nearRoute = fc
  .tuple(
    fc.constantFrom('', '/topic', '/consumer', '/topic/x/consumers', '/consumer/x', '/consumer/x/lag', '/topic/x'),
    segment,
    fc.constantFrom('', '/', '//', '?q', '/.')
  )
  .map(([rest, cluster, end]) => `/v3/kafka/${cluster}${rest}${end}`)
const knownRoute = fc
  .tuple(fc.constantFrom('/v3/kafka', '/V3/Kafka', '/burrow/admin', '/v3/admin/loglevel'), fc.constantFrom('', '/'))
  .map(parts => parts.join(''))
const target = fc.oneof(
  nearRoute,
  knownRoute,
  fc.array(segment, { maxLength: 9 }).map(parts => `/${parts.join('/')}`),
  fc.array(segment, { maxLength: 9 }).map(parts => `http://h/${parts.join('/')}`),
  fc.string({ unit: 'binary', maxLength: 20 })
)
const method = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS') },
  { weight: 1, arbitrary: fc.constantFrom(...METHODS) }
)
const request = fc.record({
  method,
  target,
  header: fc.oneof(fc.constant(''), fc.string({ maxLength: 20 })),
  body: fc.oneof(fc.constant(''), fc.string({ maxLength: 20 }))
})

describe('random requests', () => {
  it('never get a 5xx, and never harm the server', async () => {
    const backend = fakeBackend()
    backend.ready = true
    const { server, address } = await startedServer(backend)
    const statuses = new Map<number, number>()
    const requests = fc.sample(request, { numRuns: 3000, seed: 20_241_122 })
    // Some connections side by side, each used until the server closes it.
    const one = async (): Promise<void> => {
      let client = new RawHttp(address)
      for (let next = requests.pop(); next; next = requests.pop()) {
        const { method, target, header, body } = next
        client.send(`${method} ${target} HTTP/1.1\r\nHost: h\r\n${headerLine(header)}`)
        client.send(`Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`)
        const { status, headers } = await client.answer(method !== 'HEAD')
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        expect(status, JSON.stringify(next)).to.be.within(200, 499)
        if (headers.location !== undefined) expect(parseTarget(headers.location)).to.not.equal(null)
        if (status >= 400 || method === 'CONNECT' || headers.connection === 'close') {
          client.close() // what is left of a refused request would be taken for the next one
          client = new RawHttp(address)
        }
      }
      client.close()
    }
    await Promise.all(Array.from({ length: 16 }, one))
    expect((await rawRequest(address, 'GET', '/v3/kafka')).status).to.equal(200)
    expect([...statuses.keys()]).to.include.members([200, 301, 307, 400, 404, 405])
    expect(backend.logged.filter(({ level }) => level === 'error')).to.deep.equal([])
    await server.stop()
  })
})

function headerLine(value: string): string {
  return value === '' ? '' : `X-Header: ${value}\r\n`
}
