import type { Clock } from '../../../shared/clock.ts'
import { BurrowError } from '../../../shared/errors.ts'
import { isSafeUrl } from '../../../shared/safe-url.ts'
import type { ClientCredentialsSource } from '../../../shared/settings.ts'
import { askHttp, type HttpAnswer } from './http-request.ts'
import { readPem } from './pem-file.ts'
import type { Expiring } from './renewed-value.ts'

export const tokenTimeoutMs = 10_000
/** When the endpoint does not say how long its token is good (RFC 6749 section 5.1 only recommends it). */
export const unsaidLifetimeMs = 300_000
const saidCharsMax = 200

/**
 * Asks a token endpoint for a token (RFC 6749 section 4.4), with the client's id and secret as Basic authentication (2.3.1).
 * Rejects with AUTHENTICATION_FAILED when the endpoint refuses (its error by name), CREDENTIALS_UNAVAILABLE when there is no
 * usable answer, CONFIG_INVALID for an endpoint that is no URL or would send the secret in the clear.
 */
export async function fetchClientToken(source: ClientCredentialsSource, clock: Clock): Promise<Expiring<string>> {
  const url = endpointOf(source.endpoint)
  const askedAtMs = clock.nowMs()
  const answer = await askHttp({
    url,
    method: 'POST',
    headers: {
      authorization: basic(source.clientId, source.clientSecret),
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json'
    },
    body: formOf({ grant_type: 'client_credentials', ...(source.scope === '' ? {} : { scope: source.scope }) }),
    timeoutMs: tokenTimeoutMs,
    ...(source.caFile === '' ? {} : { ca: readPem('cafile', source.caFile) })
  })
  return tokenOf(answer, url, askedAtMs)
}

function tokenOf({ status, body }: HttpAnswer, url: URL, askedAtMs: number): Expiring<string> {
  const where = `token endpoint ${url.origin}${url.pathname}`
  const fields = parse(body)
  if (status === 400 || status === 401 || status === 403) {
    const why = [fields.error, fields.error_description].filter(text => typeof text === 'string').join(': ')
    const message = `${where} refuses: ${(why || `status ${status}`).slice(0, saidCharsMax)}`
    throw new BurrowError('AUTHENTICATION_FAILED', message, { status })
  }
  const { access_token: token, token_type: type, expires_in: seconds } = fields
  if (status !== 200 || typeof token !== 'string' || token === '') {
    throw new BurrowError('CREDENTIALS_UNAVAILABLE', `${where}: status ${status} and no token`, { status })
  }
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer') {
    throw new BurrowError('CREDENTIALS_UNAVAILABLE', `${where}: the token is no bearer token`, { status })
  }
  const lifetimeMs = Number(seconds) > 0 ? Number(seconds) * 1000 : unsaidLifetimeMs
  return { value: token, expiresAtMs: askedAtMs + lifetimeMs }
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {} // the caller says that there is no token
  }
}

function endpointOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && isSafeUrl(url)) return url
  throw new BurrowError('CONFIG_INVALID', 'the token endpoint must be an https URL (http only to this machine)')
}

function basic(id: string, secret: string): string {
  const pair = `${formEncoded(id)}:${formEncoded(secret)}`
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}

function formOf(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString()
}
