import { createServer, type Server } from 'node:net'
import { expect } from 'chai'
import { HttpLoad } from '../../bench/support/http-load.ts'

const body = 'x'.repeat(70_000) // more than the client reads at once
const head = 'HTTP/1.1 200 OK\r\n'
const answers = [
  `${head}Content-Length: ${body.length}\r\n\r\n${body}`,
  `${head}Transfer-Encoding: chunked\r\n\r\n2711\r\n${body.slice(0, 10_001)}\r\n3\r\nabc\r\n0\r\n\r\n`,
  `${head}Content-Length: 0\r\n\r\n`,
  `${head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`
]

/** What the benches count. */
describe('bench: the HTTP client', () => {
  let server: Server
  let load: HttpLoad
  let requests: number
  /** Answers every request in turn, each in pieces of so many bytes. */
  const serve = async (pieceBytes: number, lines = answers): Promise<string> => {
    requests = 0
    server = createServer({ noDelay: true }, socket => {
      let sent = Promise.resolve()
      socket.on('error', () => undefined)
      socket.on('data', chunk => {
        for (const _ of chunk.toString('latin1').matchAll(/\r\n\r\n/g)) {
          const answer = lines[requests++ % lines.length]!
          sent = sent.then(async () => {
            for (let at = 0; at < answer.length; at += pieceBytes) {
              socket.write(answer.slice(at, at + pieceBytes))
              await new Promise(resolve => setImmediate(resolve))
            }
          })
        }
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(server.address() as { port: number }).port}`
  }
  beforeEach(() => {
    load = new HttpLoad()
  })
  afterEach(async () => {
    await load.close()
    server.close()
  })
  const run = (address: string, pipelining: number) =>
    load.run({ address, paths: ['/'], connections: 2, pipelining, requestsPerSecond: null, durationMs: 200 })

  for (const pieceBytes of [1000, 4999, 100_000]) {
    for (const pipelining of [1, 8]) {
      it(`counts every answer once: pieces of ${pieceBytes} bytes, ${pipelining} requests open`, async () => {
        const { latenciesUs } = await run(await serve(pieceBytes), pipelining)
        expect(latenciesUs.length).to.equal(requests).and.to.be.greaterThan(0)
      })
    }
  }

  it('takes heads that come a few bytes at a time', async () => {
    const { latenciesUs } = await run(await serve(7, answers.slice(2)), 4)
    expect(latenciesUs.length).to.equal(requests).and.to.be.greaterThan(0)
  })

  it('fails for an answer that is not 200', async () => {
    const address = await serve(1000, ['HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n'])
    await run(address, 1).then(
      () => expect.fail('it did not'),
      (error: Error) => expect(error.message).to.match(/with a status other than 200/)
    )
  })
})
