import { expect } from 'chai'
import { profileJson } from '../../../main/httpserver/cluster-detail.ts'
import { plainJson } from '../../../main/httpserver/plain-json.ts'
import { saslJson } from '../../../main/httpserver/sasl-detail.ts'
import type { BearerSource } from '../../../shared/settings.ts'

describe('client profile in cluster and consumer detail', () => {
  it('shows TLS and SASL as the original does, without the password', () => {
    const json = profileJson({
      name: 'p',
      clientId: 'c',
      kafkaVersion: '2.8.0',
      dialTimeoutMs: 1,
      readTimeoutMs: 1,
      tls: { name: 't', certFile: '', keyFile: '', caFile: '/ca.pem', noVerify: true },
      sasl: { name: 's', mechanism: 'PLAIN', handshakeFirst: false, username: 'u', password: 'secret' },
      iam: null
    })
    expect(Buffer.from(plainJson(json)).toString()).to.equal(
      '{"name":"p","client-id":"c","kafka-version":"2.8.0",' +
        '"tls":{"name":"t","noverify":true,"certfile":"","keyfile":"","cafile":"/ca.pem"},' +
        '"sasl":{"name":"s","handshake-first":false,"username":"u"}}'
    )
  })

  it('shows where the token of OAUTHBEARER comes from, and of secrets that there are some', () => {
    const shown = (source: BearerSource) => {
      const sasl = { name: 's', mechanism: 'OAUTHBEARER', source, extensions: { pool: 'geheim', Cluster: '' } } as const
      return Buffer.from(plainJson(saslJson(sasl))).toString()
    }
    const head = '{"name":"s","handshake-first":true,"username":"","mechanism":"OAUTHBEARER",'
    const tail = '"extensions":{"Cluster":"***","pool":"***"}}'
    expect(shown({ kind: 'token', token: 'geheim' })).to.equal(`${head}"token":"***",${tail}`)
    expect(shown({ kind: 'file', path: '/run/token' })).to.equal(`${head}"token-file":"/run/token",${tail}`)
    const endpoint = 'https://idp.example/token?key=geheim'
    const client = { clientId: 'c', clientSecret: 'geheim', scope: 'kafka', caFile: '/ca.pem' }
    expect(shown({ kind: 'client-credentials', endpoint, ...client })).to.equal(
      `${head}"token-endpoint":"https://idp.example/token?***","client-id":"c","client-secret":"***",` +
        `"scope":"kafka","token-endpoint-cafile":"/ca.pem",${tail}`
    )
  })
})
