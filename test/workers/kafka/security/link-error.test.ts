import { createRequire } from 'node:module'
import { expect } from 'chai'
import { BurrowError } from '../../../../shared/errors.ts'
import { linkError } from '../../../../workers/kafka/security/link-error.ts'

type ErrorName = 'KafkaJSConnectionError' | 'KafkaJSProtocolError' | 'KafkaJSSASLAuthenticationError'

/** As kafkajs makes them inside; its published types leave most of it out. */
const { KafkaJSConnectionError, KafkaJSProtocolError, KafkaJSSASLAuthenticationError } = createRequire(import.meta.url)(
  'kafkajs/src/errors.js'
) as Record<ErrorName, new (message: string | object, facts?: object) => Error>

describe('workers/kafka/security: what a failure of kafkajs means', () => {
  const meaning = (cause: unknown, more: { readonly tls?: boolean; readonly login?: string } = {}) => {
    const error = linkError({ broker: 'k:1', what: 'connecting', cause, tls: false, login: '', ...more })
    expect(error.facts).to.include({ broker: 'k:1' })
    return `${error.code} ${error.message}`
  }

  it('TLS, login and network are told apart', () => {
    const expired = new KafkaJSConnectionError('Connection error: x', { code: 'CERT_HAS_EXPIRED' })
    expect(meaning(expired, { tls: true })).to.match(/^TLS_FAILED broker k:1: connecting: .*too old/)
    const strange = new KafkaJSConnectionError('Connection error: x', { code: 'ERR_SSL_NO_CIPHER_MATCH' })
    expect(meaning(strange, { tls: true })).to.match(/^TLS_FAILED .*ERR_SSL_NO_CIPHER_MATCH/)
    const refused = new KafkaJSConnectionError('Connection error: x', { code: 'ECONNREFUSED' })
    expect(meaning(refused, { tls: true })).to.match(/^BROKER_UNREACHABLE/)
    const wrong = new KafkaJSSASLAuthenticationError('SASL PLAIN authentication failed: bad')
    expect(meaning(wrong, { login: 'PLAIN' })).to.match(/^AUTHENTICATION_FAILED .*bad$/)
    const lost = new KafkaJSSASLAuthenticationError('SASL PLAIN authentication failed: Closed connection')
    expect(meaning(lost, { login: 'PLAIN' })).to.match(/^BROKER_UNREACHABLE/)
    const unknown = new KafkaJSProtocolError({ message: 'x', type: 'UNSUPPORTED_SASL_MECHANISM', code: 33 })
    expect(meaning(unknown, { login: 'SCRAM-SHA-256' })).to.match(/^AUTHENTICATION_FAILED .*SCRAM-SHA-256/)
  })

  it('an error of ours keeps code and facts; what is no error becomes text', () => {
    const ours = new BurrowError('TLS_FAILED', 'cafile /x: cannot be read', { path: '/x' })
    const error = linkError({ broker: 'k:1', what: 'connecting', cause: ours, tls: true, login: '' })
    expect(error).to.include({ code: 'TLS_FAILED', message: 'broker k:1: connecting: cafile /x: cannot be read' })
    expect(error.facts).to.deep.equal({ path: '/x', broker: 'k:1' })
    expect(meaning('boo')).to.equal('BROKER_UNREACHABLE broker k:1: connecting: boo')
    expect(meaning(null)).to.equal('BROKER_UNREACHABLE broker k:1: connecting: null')
  })
})
