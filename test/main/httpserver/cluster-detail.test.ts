import { expect } from 'chai'
import { profileJson } from '../../../main/httpserver/cluster-detail.ts'
import { plainJson } from '../../../main/httpserver/plain-json.ts'

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
})
