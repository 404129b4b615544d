import { BurrowError, type ErrorCode, messageOf } from '../../../shared/errors.ts'

export interface LinkFailure {
  /** `host:port` */
  readonly broker: string
  /** What was being done. */
  readonly what: string
  readonly cause: unknown
  readonly tls: boolean
  /** Name of the mechanism, '' = no login. */
  readonly login: string
}

/**
 * What a failure of kafkajs means: TLS_FAILED and AUTHENTICATION_FAILED are for a person to repair, BROKER_UNREACHABLE may
 * pass by itself. Owners try again later in each case, as certificates and passwords can be repaired from either end.
 */
export function linkError({ broker, what, cause, tls, login }: LinkFailure): BurrowError {
  const { code, hint } = meaningOf(cause, tls, login)
  const facts = cause instanceof BurrowError ? cause.facts : {}
  return new BurrowError(code, `broker ${broker}: ${what}: ${messageOf(cause)}${hint}`, { ...facts, broker }, cause)
}

function meaningOf(cause: unknown, tls: boolean, login: string): { code: ErrorCode; hint: string } {
  if (cause instanceof BurrowError) return { code: cause.code, hint: '' }
  const { code, name, type, message } = factsOf(cause)
  if (type === 'UNSUPPORTED_SASL_MECHANISM') return { code: 'AUTHENTICATION_FAILED', hint: ` (${login})` }
  const isRefused = name === 'KafkaJSSASLAuthenticationError' && !lostConnection.test(message)
  if (isRefused || type === 'SASL_AUTHENTICATION_FAILED' || type === 'ILLEGAL_SASL_STATE')
    return { code: 'AUTHENTICATION_FAILED', hint: '' }
  const hint = tlsHints[code]
  if (hint !== undefined) return { code: 'TLS_FAILED', hint: ` (${hint})` }
  if (/^ERR_(TLS|SSL)_|^EPROTO$/.test(code)) return { code: 'TLS_FAILED', hint: ` (${code})` }
  if (tls && message.includes('before secure TLS connection')) return { code: 'TLS_FAILED', hint: ` (${noTls})` }
  if (!tls && message.includes(tlsAlertAnswer))
    return { code: 'TLS_FAILED', hint: ' (the broker speaks TLS on this port)' }
  if (!login && name === 'KafkaJSConnectionClosedError') return { code: 'BROKER_UNREACHABLE', hint: closedHint(tls) }
  return { code: 'BROKER_UNREACHABLE', hint: '' }
}

/** kafkajs says "authentication failed" of a socket that was lost meanwhile too. */
const lostConnection = /: (Closed connection|Connection error|Connection timeout|Not connected)/

/** A TLS alert (RFC 8446 section 6), `15 03 03 00`, read as the length of an answer. */
const tlsAlertAnswer = `answer of ${0x15030300} bytes`

const noTls = 'does the broker speak TLS on this port?'

function closedHint(tls: boolean): string {
  return tls ? '' : ' (does the broker want TLS or SASL on this port?)'
}

const trust = 'the broker is not signed by a root of cafile'
const tlsHints: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: trust,
  SELF_SIGNED_CERT_IN_CHAIN: trust,
  UNABLE_TO_GET_ISSUER_CERT: trust,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: trust,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: trust,
  CERT_SIGNATURE_FAILURE: trust,
  CERT_UNTRUSTED: trust,
  INVALID_CA: trust,
  CERT_HAS_EXPIRED: 'a certificate of the broker is too old',
  CERT_NOT_YET_VALID: 'a certificate of the broker is not valid yet, or the clock here is behind',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate of the broker is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'the broker wants a client certificate: certfile and keyfile',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the broker does not accept our certificate, or wants one: certfile and keyfile',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'the broker does not accept our certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the broker does not know who signed our certificate'
}

function factsOf(cause: unknown): { code: string; name: string; type: string; message: string } {
  const facts: Partial<Record<'code' | 'name' | 'type' | 'message', unknown>> =
    typeof cause === 'object' && cause !== null ? cause : {}
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return { code: text(facts.code), name: text(facts.name), type: text(facts.type), message: text(facts.message) }
}
