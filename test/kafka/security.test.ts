import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { fetchApi } from '../../shared/kafka-api/fetch.ts'
import type { BearerSource, ClientProfile } from '../../shared/settings.ts'
import { openLink } from '../../workers/kafka/transport.ts'
import { KafkaClient } from '../support/kafka-client.ts'
import {
  askEndOffset,
  bearer,
  endOffsetOf,
  failureOf,
  profile,
  scramLogin,
  tlsOf,
  unsecuredToken
} from '../support/kafka-security-client.ts'
import {
  type ListenerName,
  login,
  type SecureKafka,
  shortSessionMs,
  startSecureKafka
} from '../support/kafka-security-cluster.ts'
import { CountingProxy } from '../support/kafka-security-proxy.ts'
import { TokenEndpoint } from '../support/kafka-security-token-endpoint.ts'
import { clusterSettings, consumerSettings, KafkaFixture, silentLogger } from '../support/kafka-thread-fixture.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/wait-for.ts'
import { needKafka, suiteBoundMs } from './suite.ts'

const topic = 'orders'
const records = 7

describe('a Kafka that keeps its listeners safe', function () {
  this.timeout(suiteBoundMs)
  this.slow(60_000)
  let secure: SecureKafka
  const server = (listener: ListenerName, host = 'localhost') => `${host}:${secure.kafka.nodes[0]!.port(listener)}`
  const trusted = () => tlsOf({ caFile: secure.authority.caFile })
  const plain = { name: 's', mechanism: 'PLAIN', handshakeFirst: true, ...login } as const

  before(async function () {
    await needKafka(this, '4.2.0')
    secure = await startSecureKafka()
    const client = new KafkaClient(secure.kafka.servers)
    await client.createTopic(topic)
    await client.produce(topic, 0, records)
    await client.close()
  })
  after(() => secure?.kafka.destroy())

  describe('metadata and end offsets arrive', () => {
    const expectAnswers = async (listener: ListenerName, with_: ClientProfile, host?: string) =>
      expect(await endOffsetOf(server(listener, host), with_, topic)).to.equal(records)

    it('with TLS', () => expectAnswers('TLS', profile({ tls: trusted() })))
    it('with TLS to an address that the certificate names', () =>
      expectAnswers('TLS', profile({ tls: trusted() }), '127.0.0.1'))
    it('with TLS and noverify, whoever signed', () =>
      expectAnswers('TLS', profile({ tls: tlsOf({ caFile: secure.stranger.caFile, noVerify: true }) })))
    it('with TLS and noverify, whatever the name', () =>
      expectAnswers('ELSEWHERE', profile({ tls: tlsOf({ caFile: secure.authority.caFile, noVerify: true }) })))
    it('with a client certificate', () => {
      const { certFile, keyFile } = secure.client
      return expectAnswers('MTLS', profile({ tls: tlsOf({ caFile: secure.authority.caFile, certFile, keyFile }) }))
    })
    it('with a client certificate and no cafile', () => {
      const { certFile, keyFile } = secure.client
      return expectAnswers('MTLS', profile({ tls: tlsOf({ certFile, keyFile, noVerify: true }) }))
    })
    it('with PLAIN, a password of all sorts of characters', () =>
      expectAnswers('PLAIN', profile({ tls: trusted(), sasl: plain })))
    it('with SCRAM-SHA-256', () => expectAnswers('SCRAM256', profile({ sasl: scramLogin('SCRAM-SHA-256') })))
    it('with SCRAM-SHA-512', () =>
      expectAnswers('SCRAM512', profile({ tls: trusted(), sasl: scramLogin('SCRAM-SHA-512') })))
    it('with OAUTHBEARER and a token', () =>
      expectAnswers('BEARER', profile({ tls: trusted(), sasl: bearer({ kind: 'token', token: unsecuredToken() }) })))
  })

  describe('OAUTHBEARER with a token endpoint', () => {
    let endpoint: TokenEndpoint
    before(async () => {
      endpoint = await new TokenEndpoint().start()
    })
    after(() => endpoint.stop())

    it('one token serves all links, and the endpoint is told who asks', async () => {
      const with_ = profile({ tls: trusted(), sasl: bearer(endpoint.source()) })
      const ends = await Promise.all([1, 2, 3].map(() => endOffsetOf(server('BEARER'), with_, topic)))
      expect(ends).to.deep.equal([records, records, records])
      expect(endpoint.requests.map(({ headers, body }) => [headers.authorization, body])).to.deep.equal([
        [endpoint.expectedAuthorization, 'grant_type=client_credentials&scope=kafka']
      ])
    })

    it('a session ends with its token, and goes on with a newer one', async () => {
      endpoint.requests.length = 0
      endpoint.lifetimeSeconds = 3
      const port = secure.kafka.nodes[0]!.port('BEARER')
      const with_ = profile({ tls: trusted(), sasl: bearer(endpoint.source()) })
      const link = await openLink('localhost', port, with_, silentLogger)
      const asked = async () => {
        expect(await askEndOffset(link, topic)).to.equal(records)
        return endpoint.requests.length >= 4
      }
      await waitFor(asked, 'four tokens', 20_000)
      expect(link.isOpen).to.equal(true)
      link.close()
      endpoint.lifetimeSeconds = 600
    })

    it('an endpoint that refuses is named with its error', async () => {
      const source: BearerSource = { ...endpoint.source(), clientSecret: 'wrong' }
      const error = await failureOf(server('BEARER'), profile({ tls: trusted(), sasl: bearer(source) }))
      expect(error.code).to.equal('AUTHENTICATION_FAILED')
      expect(error.message).to.contain(endpoint.origin).and.to.contain('invalid_client').and.not.to.contain('wrong')
    })
  })

  describe('what is wrong is said', () => {
    const wrong: readonly {
      readonly name: string
      readonly listener: ListenerName
      readonly with_: () => ClientProfile
      readonly code: string
      readonly says: RegExp
    }[] = [
      {
        name: 'a broker that another authority signed',
        listener: 'TLS',
        with_: () => profile({ tls: tlsOf({ caFile: secure.stranger.caFile }) }),
        code: 'TLS_FAILED',
        says: /localhost:\d+: connecting: .*not signed by a root of cafile/
      },
      {
        name: 'a broker that the system does not know, without cafile',
        listener: 'TLS',
        with_: () => profile({ tls: tlsOf({}) }),
        code: 'TLS_FAILED',
        says: /not signed by a root/
      },
      {
        name: 'a certificate for another name',
        listener: 'ELSEWHERE',
        with_: () => profile({ tls: trusted() }),
        code: 'TLS_FAILED',
        says: /elsewhere\.example.*another name/
      },
      {
        name: 'no client certificate where one is wanted',
        listener: 'MTLS',
        with_: () => profile({ tls: trusted() }),
        code: 'TLS_FAILED',
        says: /certfile and keyfile/
      },
      {
        name: 'a client certificate that the broker does not trust',
        listener: 'MTLS',
        with_: () => {
          const { certFile, keyFile } = secure.strangerClient
          return profile({ tls: tlsOf({ caFile: secure.authority.caFile, certFile, keyFile }) })
        },
        code: 'TLS_FAILED',
        says: /our certificate/
      },
      {
        name: 'no TLS on a port that speaks it',
        listener: 'TLS',
        with_: () => profile({}),
        code: 'TLS_FAILED',
        says: /the broker speaks TLS/
      },
      {
        name: 'TLS on a port that does not speak it',
        listener: 'SCRAM256',
        with_: () => profile({ tls: trusted(), sasl: scramLogin('SCRAM-SHA-256') }),
        code: 'TLS_FAILED',
        says: /does the broker speak TLS/
      },
      {
        name: 'no login where one is wanted',
        listener: 'SCRAM256',
        with_: () => profile({}),
        code: 'BROKER_UNREACHABLE',
        says: /want TLS or SASL/
      },
      {
        name: 'a wrong password, PLAIN',
        listener: 'PLAIN',
        with_: () => profile({ tls: trusted(), sasl: { ...plain, password: 'not-this' } }),
        code: 'AUTHENTICATION_FAILED',
        says: /PLAIN authentication failed: Authentication failed: Invalid username or password/
      },
      {
        name: 'a wrong password, SCRAM',
        listener: 'SCRAM256',
        with_: () => profile({ sasl: { ...scramLogin('SCRAM-SHA-256'), password: 'not-this' } }),
        code: 'AUTHENTICATION_FAILED',
        says: /SCRAM SHA256 authentication failed: .*invalid credentials/
      },
      {
        name: 'a mechanism that the broker does not offer',
        listener: 'PLAIN',
        with_: () => profile({ tls: trusted(), sasl: scramLogin('SCRAM-SHA-512') }),
        code: 'AUTHENTICATION_FAILED',
        says: /SCRAM-SHA-512/
      },
      {
        name: 'a token that has ended',
        listener: 'BEARER',
        with_: () =>
          profile({ tls: trusted(), sasl: bearer({ kind: 'token', token: unsecuredToken(Date.now() - 60_000) }) }),
        code: 'AUTHENTICATION_FAILED',
        says: /refuses the token: .*invalid_token/
      }
    ]
    for (const { name, listener, with_, code, says } of wrong) {
      it(name, async () => {
        const error = await failureOf(server(listener), with_())
        expect(error).to.include({ code })
        expect(error.message).to.match(says).and.not.to.contain('not-this')
      })
    }
  })

  it('a certificate that was renewed is used at the next connection', async () => {
    const folder = tempFolder('renewed')
    const caFile = join(folder, 'ca.pem')
    copyFileSync(secure.stranger.caFile, caFile)
    const with_ = profile({ tls: tlsOf({ caFile }) })
    expect((await failureOf(server('TLS'), with_)).code).to.equal('TLS_FAILED')
    copyFileSync(secure.authority.caFile, caFile)
    expect(await endOffsetOf(server('TLS'), with_, topic)).to.equal(records)
  })

  it('a link is used while its second socket is still shaking hands', async () => {
    const link = await openLink('localhost', secure.kafka.nodes[0]!.port('PLAIN'), plainProfile(), silentLogger)
    const fetched = link.send(fetchApi, 4, emptyFetch(), 10_000)
    expect(await askEndOffset(link, topic)).to.equal(records)
    expect((await fetched).length).to.equal(8) // throttle and no topics
    expect(link.isOpen).to.equal(true)
    link.close()
  })

  it('sessions are renewed on the same link (KIP-368)', async () => {
    const port = secure.kafka.nodes[0]!.port('SCRAMSHORT')
    const link = await openLink('localhost', port, profile({ sasl: scramLogin('SCRAM-SHA-256') }), silentLogger)
    const endMs = Date.now() + 3.5 * shortSessionMs
    let answers = 0
    const asked = async () => {
      const [end, fetched] = await Promise.all([
        askEndOffset(link, topic),
        link.send(fetchApi, 4, emptyFetch(), 10_000)
      ])
      expect({ end, fetched: fetched.length }).to.deep.equal({ end: records, fetched: 8 })
      answers++
      return Date.now() > endMs
    }
    await waitFor(asked, 'four sessions to pass', 6 * shortSessionMs)
    expect(link.isOpen).to.equal(true)
    expect(answers).to.be.above(10)
    link.close()
  })

  it('a login that is refused is not tried again and again, and says why', async () => {
    const proxy = await CountingProxy.start(secure.kafka.nodes[0]!.port('SCRAM256'))
    const with_ = clientProfile({ sasl: { ...scramLogin('SCRAM-SHA-256'), password: 'not-this' } })
    const fixture = new KafkaFixture({
      clusters: [clusterSettings([proxy.server], { profile: with_ })],
      consumers: [consumerSettings([proxy.server], { profile: with_ })]
    })
    try {
      const startMs = Date.now()
      await waitFor(() => proxy.connections >= 6, 'some tries', 15_000)
      expect(proxy.connections / ((Date.now() - startMs) / 1000)).to.be.below(20) // a loop without back-off makes hundreds
      const said = fixture.consumerStates().at(-1)
      expect(said).to.include({ state: 'connecting' })
      expect(said?.error).to.contain('authentication failed').and.not.to.contain('not-this')
    } finally {
      fixture.stop()
      await proxy.stop()
    }
  })

  it('commits and end offsets arrive through a whole kafka thread with TLS and SCRAM', async () => {
    const client = new KafkaClient(secure.kafka.servers)
    const with_ = clientProfile({ tls: trusted(), sasl: scramLogin('SCRAM-SHA-512') })
    const servers = [server('SCRAM512')]
    const fixture = new KafkaFixture({
      clusters: [clusterSettings(servers, { profile: with_ })],
      consumers: [consumerSettings(servers, { profile: with_ })]
    })
    try {
      await client.commitOffset('readers', topic, 0, 5)
      await waitFor(() => fixture.commits.some(commit => commit.group === 'readers'), 'the commit', 20_000)
    } finally {
      fixture.stop()
      await client.close()
    }
  })

  function plainProfile(): ClientProfile {
    return profile({ tls: trusted(), sasl: plain })
  }

  function clientProfile(more: Partial<ClientProfile>): ClientProfile {
    return { ...profile({}), ...more }
  }
})

/** Fetch version 4 for nothing at all: replica, wait, bytes at least and at most, isolation, no topics. */
function emptyFetch(): Uint8Array {
  const body = Buffer.alloc(21)
  body.writeInt32BE(-1, 0)
  body.writeInt32BE(1000, 12)
  return body
}
