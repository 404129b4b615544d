import { createHash, createHmac } from 'node:crypto'
import type { AwsCredentials } from './credentials.ts'

/**
 * AWS Signature Version 4 (AWS reference "Signature Version 4 signing process"), in a header or in the query. Any thread.
 *
 *     canonical request = method \n path \n query, sorted \n headers, sorted \n their names \n hash of the payload
 *     string to sign    = AWS4-HMAC-SHA256 \n time \n day/region/service/aws4_request \n hash of the canonical request
 *     signature         = hmac(hmac(hmac(hmac(hmac("AWS4" + secret, day), region), service), "aws4_request"), string to sign)
 */
export interface SignedRequest {
  readonly method: string
  readonly host: string
  /** Encoded already, begins with a slash. */
  readonly path: string
  /** Not encoded. */
  readonly query: Readonly<Record<string, string>>
  /** Value by name in lower case, without `host`. */
  readonly headers: Readonly<Record<string, string>>
  /** Hex SHA-256 of the body, or what the service takes in its place. */
  readonly payloadHash: string
  readonly service: string
  readonly region: string
  readonly nowMs: number
}

type Keys = Omit<AwsCredentials, 'expiresAtMs'>

const algorithm = 'AWS4-HMAC-SHA256'
export const emptyHash = sha256('')

/** All headers to send, `host` among them: those given, time, session token and Authorization. */
export function signHeaders(request: SignedRequest, keys: Keys): Record<string, string> {
  const headers = {
    ...request.headers,
    host: request.host,
    'x-amz-date': amzTime(request.nowMs),
    ...(keys.sessionToken === '' ? {} : { 'x-amz-security-token': keys.sessionToken })
  }
  const signature = sign(request, headers, canonicalQuery(request.query), keys)
  const credential = `Credential=${keys.accessKeyId}/${scopeOf(request)}`
  const authorization = `${algorithm} ${credential}, SignedHeaders=${namesOf(headers)}, Signature=${signature}`
  return { ...headers, authorization }
}

/** The URL that is good for `expiresSeconds`; only `host` and `request.headers` are signed. */
export function presignUrl(request: SignedRequest, keys: Keys, expiresSeconds: number): string {
  const headers = { ...request.headers, host: request.host }
  const query = canonicalQuery({
    ...request.query,
    'X-Amz-Algorithm': algorithm,
    'X-Amz-Credential': `${keys.accessKeyId}/${scopeOf(request)}`,
    'X-Amz-Date': amzTime(request.nowMs),
    'X-Amz-Expires': String(expiresSeconds),
    ...(keys.sessionToken === '' ? {} : { 'X-Amz-Security-Token': keys.sessionToken }),
    'X-Amz-SignedHeaders': namesOf(headers)
  })
  return `https://${request.host}${request.path}?${query}&X-Amz-Signature=${sign(request, headers, query, keys)}`
}

function sign(request: SignedRequest, headers: Readonly<Record<string, string>>, query: string, keys: Keys): string {
  const lines = Object.keys(headers)
    .sort()
    .map(name => `${name}:${headers[name]!.trim().replace(/ +/g, ' ')}\n`)
  const { method, path, payloadHash, region, service, nowMs } = request
  const canonical = [method, path, query, lines.join(''), namesOf(headers), payloadHash].join('\n')
  const toSign = [algorithm, amzTime(nowMs), scopeOf(request), sha256(canonical)].join('\n')
  const key = [dayOf(nowMs), region, service, 'aws4_request'].reduce<Buffer | string>(
    (last, part) => hmac(last, part),
    `AWS4${keys.secretAccessKey}`
  )
  return hmac(key, toSign).toString('hex')
}

function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
}

/** All but RFC 3986's unreserved characters; encodeURIComponent leaves five more. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

function namesOf(headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers).sort().join(';')
}

function scopeOf({ nowMs, region, service }: SignedRequest): string {
  return `${dayOf(nowMs)}/${region}/${service}/aws4_request`
}

/** 20150830T123600Z */
export function amzTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

function dayOf(ms: number): string {
  return amzTime(ms).slice(0, 8)
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest()
}
