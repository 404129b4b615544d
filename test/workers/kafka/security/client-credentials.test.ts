import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { BurrowError } from '../../../../shared/errors.ts'
import { fetchClientToken, unsaidLifetimeMs } from '../../../../workers/kafka/security/client-credentials.ts'
import { answerCharsMax, askHttp } from '../../../../workers/kafka/security/http-request.ts'

describe('workers/kafka/security: token endpoints', () => {
  let server: Server
  let origin: string
  let answer: { readonly status: number; readonly body: string } | null
  const clock = { nowMs: () => 1_000_000 }
  before(async () => {
    server = createServer((request, response) => {
      request.resume()
      if (answer?.body === 'cut') response.write('{', () => response.destroy())
      else if (answer) response.writeHead(answer.status, { location: 'http://127.0.0.1:1/' }).end(answer.body)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(done => {
    server.closeAllConnections()
    server.close(done)
  })

  const source = (endpoint: string) =>
    ({ kind: 'client-credentials', endpoint, clientId: 'c', clientSecret: 'hush', scope: '', caFile: '' }) as const
  const fetched = () => fetchClientToken(source(`${origin}/token?x=1`), clock)
  const failure = async (work: Promise<unknown>) => {
    const error = await work.catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(BurrowError)
    expect((error as BurrowError).message).to.not.contain('hush')
    return error as BurrowError
  }

  it('a token with and without a lifetime', async () => {
    answer = { status: 200, body: '{"access_token":"t","token_type":"Bearer","expires_in":60}' }
    expect(await fetched()).to.deep.equal({ value: 't', expiresAtMs: 1_060_000 })
    answer = { status: 200, body: '{"access_token":"t"}' }
    expect(await fetched()).to.deep.equal({ value: 't', expiresAtMs: 1_000_000 + unsaidLifetimeMs })
  })

  it('answers that are no token', async () => {
    const wrong: readonly [number, string, string, RegExp][] = [
      [400, '{"error":"invalid_scope"}', 'AUTHENTICATION_FAILED', /token refuses: invalid_scope$/],
      [401, 'no', 'AUTHENTICATION_FAILED', /status 401/],
      [200, '{}', 'CREDENTIALS_UNAVAILABLE', /no token/],
      [200, '[', 'CREDENTIALS_UNAVAILABLE', /no token/],
      [200, '{"access_token":"t","token_type":"mac"}', 'CREDENTIALS_UNAVAILABLE', /no bearer token/],
      [302, '', 'CREDENTIALS_UNAVAILABLE', /status 302/],
      [503, 'x', 'CREDENTIALS_UNAVAILABLE', /status 503/],
      [200, 'x'.repeat(answerCharsMax + 1), 'CREDENTIALS_UNAVAILABLE', /more than \d+ characters/]
    ]
    for (const [status, body, code, says] of wrong) {
      answer = { status, body }
      const error = await failure(fetched())
      expect(error).to.include({ code })
      expect(error.message).to.match(says)
    }
  })

  it('an endpoint that does not answer, stops halfway or is not there', async () => {
    answer = { status: 200, body: 'cut' }
    expect(await failure(fetched())).to.include({ code: 'CREDENTIALS_UNAVAILABLE' })
    answer = null
    const url = new URL(origin)
    const late = await failure(askHttp({ url, method: 'GET', headers: {}, timeoutMs: 30 }))
    expect(late.message).to.equal(`${origin}: no answer within 30 ms`)
    expect((await failure(fetchClientToken(source('http://127.0.0.1:1/'), clock))).code).to.equal(
      'CREDENTIALS_UNAVAILABLE'
    )
  })

  it('a secret does not leave this machine in the clear', async () => {
    for (const endpoint of ['http://idp.example/token', 'ftp://127.0.0.1/', 'idp', 'http://127.0.0.1.example/']) {
      expect(await failure(fetchClientToken(source(endpoint), clock))).to.include({ code: 'CONFIG_INVALID' })
    }
  })
})
