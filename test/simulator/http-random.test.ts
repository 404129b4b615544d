import { METHODS } from 'node:http'
import { expect } from 'chai'
import fc from 'fast-check'
import { parseTarget } from '../../main/httpserver/request-target.ts'
import type { Simulator } from '../../main/simulator/simulator.ts'
import type { AppUnderTest } from '../support/app-under-test.ts'
import { hostileCluster, hostileGroups, hostileTopics, startHostileCluster } from '../support/hostile-names.ts'
import { type RawAnswer, RawHttp } from '../support/raw-http.ts'

interface RandomRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly string[]
  readonly body: string
}

const connectionsAtOnce = 16

/** The whole program, with groups on it whose names are as bad as the requests. */
describe('random requests to the whole program', function () {
  this.timeout(60_000)
  let simulator: Simulator
  let app: AppUnderTest
  const seed = Date.now() % 2 ** 31

  beforeEach(async () => {
    const started = await startHostileCluster()
    simulator = started.simulator
    app = started.app
  })
  afterEach(async () => {
    await answersNormally()
    await app.app.stop()
    await simulator.stop()
  })

  it('are answered with 2xx to 4xx, 6000 one after the other', async () => {
    const requests = fc.sample(request, { numRuns: 6000, seed })
    const statuses = await sendAll(requests, () => 1)
    expect([...statuses]).to.include.members([200, 301, 307, 400, 404, 405])
  })

  it('are answered in their order, 3000 sent without waiting', async () => {
    // What would end the connection has no place before others.
    const lasting = request.filter(({ method, headers }) => method !== 'CONNECT' && headers.length === 0)
    const requests = fc.sample(lasting, { numRuns: 3000, seed }).filter(({ target }) => isTakenByParser(target))
    await sendAll(requests, index => 1 + (index % 20))
  })

  it('do no harm as 2000 heaps of bytes', async () => {
    const heaps = fc.sample(heap, { numRuns: 2000, seed })
    const statuses = new Map<string, number>()
    await sideBySide(heaps, async bytes => {
      const client = new RawHttp(address())
      client.send(bytes)
      client.socket.end()
      const said = await client.untilClosed()
      for (const [, status] of said.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)) {
        statuses.set(status!, (statuses.get(status!) ?? 0) + 1)
        expect(Number(status), `seed ${seed}: ${JSON.stringify(bytes)}\n${said}`).to.be.within(100, 499)
      }
      return undefined
    })
    expect(statuses.get('400')).to.be.greaterThan(100)
    expect(statuses.get('200')).to.be.greaterThan(10)
  })

  /** Bursts of `burstSize(index)` requests, several connections side by side, each used until an answer ends it. */
  async function sendAll(requests: RandomRequest[], burstSize: (index: number) => number): Promise<Set<number>> {
    const statuses = new Set<number>()
    const bursts: RandomRequest[][] = []
    for (let from = 0; from < requests.length; from += bursts.at(-1)!.length) {
      bursts.push(requests.slice(from, from + burstSize(bursts.length)))
    }
    await sideBySide(bursts, async (burst, kept: RawHttp | undefined) => {
      const client = kept ?? new RawHttp(address())
      client.send(burst.map(bytesOf).join(''))
      let canBeKept = true
      for (const sent of burst) {
        const what = `seed ${seed}: ${JSON.stringify(sent)}`
        const { status, headers } = await finalAnswer(client, sent.method !== 'HEAD').catch((error: Error) => {
          throw new Error(`${error.message}; ${what}`)
        })
        statuses.add(status)
        expect(status, what).to.be.within(200, 499)
        if (headers.location !== undefined) expect(parseTarget(headers.location), what).to.not.equal(null)
        // What is left of a refused request would be taken for the next one.
        canBeKept = headers.connection !== 'close' && sent.headers.length === 0 && sent.method !== 'CONNECT'
        if (!canBeKept) break
      }
      if (canBeKept) return client
      client.close()
      return undefined
    })
    return statuses
  }

  async function answersNormally(): Promise<void> {
    const { clusters } = (await app.get('/v3/kafka')) as { clusters: string[] }
    expect(clusters).to.deep.equal([hostileCluster, 'local'])
    expect(await app.isReady()).to.equal(true)
    // Not among the random ones: beyond a number at once, pages of metrics are refused with 503.
    expect((await fetch(`http://${address()}/metrics`)).status).to.equal(200)
    expect(app.logged.filter(({ level }) => level === 'error')).to.deep.equal([])
  }

  function address(): string {
    return app.app.addresses[0]!
  }
})

/** Not the `100 Continue` before it. */
async function finalAnswer(client: RawHttp, hasBody: boolean): Promise<RawAnswer> {
  const answer = await client.answer(hasBody)
  return answer.status === 100 ? client.answer(hasBody) : answer
}

/** `one` gets what it returned for the item before, of its own line. */
async function sideBySide<T, K>(
  all: readonly T[],
  one: (item: T, kept: K | undefined) => Promise<K | undefined>
): Promise<void> {
  const left = all.values()
  const worker = async () => {
    let kept: K | undefined
    for (const item of left) kept = await one(item, kept)
  }
  await Promise.all(Array.from({ length: connectionsAtOnce }, worker))
}

function bytesOf({ method, target, headers, body }: RandomRequest): string {
  const fields = ['Host: h', ...headers, `Content-Length: ${Buffer.byteLength(body, 'latin1')}`]
  return `${method} ${target} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n${body}`
}

/** What Node's parser refuses ends the connection. */
function isTakenByParser(target: string): boolean {
  return /^(\/|http:\/\/h\/)[\x21-\x7e]*$/.test(target) && parseTarget(target) !== null
}

const words = ['v3', 'kafka', 'V3', 'Kafka', 'topic', 'consumer', 'consumers', 'status', 'lag', 'explain', 'config', '']
const oddities = [
  '%2F',
  '%2e%2e',
  '%00',
  '%FF',
  '%C3',
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
  fc.constantFrom(...oddities),
  fc
    .constantFrom(...hostileGroups.filter(({ length }) => length < 100), ...hostileTopics, hostileCluster)
    .map(encodeURIComponent),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 8 }).map(encodeURIComponent)
)
const cluster = fc.oneof({ weight: 4, arbitrary: fc.constant(encodeURIComponent(hostileCluster)) }, segment)
const patterns = [
  '/v3/kafka/C',
  '/v3/kafka/C/topic',
  '/v3/kafka/C/topic/S',
  '/v3/kafka/C/topic/S/consumers',
  '/v3/kafka/C/consumer',
  '/v3/kafka/C/consumer/S',
  '/v3/kafka/C/consumer/S/status',
  '/v3/kafka/C/consumer/S/lag',
  '/v3/kafka/C/consumer/S/S',
  '/v3/kafka/C/consumer/S/topic/S',
  '/v3/config/S/S',
  '/v3/config/S',
  '/v3/S',
  '/burrow/S',
  '/burrow/admin/S'
]
const fixed = [
  '/',
  '/v3/kafka',
  '/burrow/admin',
  '/burrow/admin/ready',
  '/burrow/admin/health',
  '/v3/config',
  '/v3/admin/loglevel'
]
const nearRoute = fc
  .tuple(
    fc.constantFrom(...patterns),
    cluster,
    segment,
    segment,
    fc.constantFrom('', '', '', '/', '//', '?a=/%2F', '/.')
  )
  .map(([pattern, where, first, second, end]) => {
    const names = [first, second]
    return pattern.replace('C', () => where).replace(/S/g, () => names.shift()!) + end
  })
const target = fc.oneof(
  { weight: 6, arbitrary: nearRoute },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...fixed), fc.constantFrom('', '', '/', '//')).map(parts => parts.join(''))
  },
  { weight: 1, arbitrary: fc.array(segment, { maxLength: 9 }).map(parts => `/${parts.join('/')}`) },
  { weight: 1, arbitrary: fc.array(segment, { maxLength: 9 }).map(parts => `http://h/${parts.join('/')}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) }
)
const method = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS') },
  { weight: 1, arbitrary: fc.constantFrom(...METHODS) }
)
const headers = fc.oneof(
  { weight: 6, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.oneof(
        fc.constantFrom(
          'Host: other',
          'Connection: close',
          'Connection: upgrade\r\nUpgrade: h2c',
          'Expect: 100-continue',
          'Expect: nonsense',
          'Transfer-Encoding: chunked',
          'Transfer-Encoding: gzip',
          'Accept-Encoding: gzip',
          'Content-Type: text/x;;',
          'Range: bytes=0-0',
          'Content-Length: -1'
        ),
        fc.tuple(fc.string({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 20 })).map(pair => pair.join(': '))
      ),
      { minLength: 1, maxLength: 3 }
    )
  }
)
const body = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  fc.constantFrom('{"level":"info"}', '{"level":5}', 'null', '{', '[]', '\xef\xbb\xbf{}', '{"level":"none"}'),
  fc.string({ unit: 'binary', maxLength: 40 }).map(text => Buffer.from(text).toString('latin1'))
)
const request: fc.Arbitrary<RandomRequest> = fc.record({
  method,
  target: target.map(text => Buffer.from(text).toString('latin1')),
  headers,
  body
})

/** Requests with some bytes of them changed, left out or put in; or nothing of the kind. */
const heap = fc.oneof(
  fc
    .tuple(
      fc.array(request, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.nat(255)), { maxLength: 4 })
    )
    .map(([requests, changes]) => {
      let bytes = requests.map(bytesOf).join('')
      for (const [place, removed, byte] of changes) {
        const at = place % bytes.length
        bytes = bytes.slice(0, at) + String.fromCharCode(byte) + bytes.slice(at + removed)
      }
      return bytes
    }),
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map(bytes => Buffer.from(bytes).toString('latin1')),
  fc.string({ minLength: 1, maxLength: 200 })
)
