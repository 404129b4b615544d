import { BurrowError } from '../../../../shared/errors.ts'
import { isSafeUrl } from '../../../../shared/safe-url.ts'
import { askHttp } from '../http-request.ts'
import { type AwsCredentials, type AwsWorld, credentialsFromFields, unavailable } from './credentials.ts'
import { sha256, signHeaders } from './sigv4.ts'

export const stsTimeoutMs = 10_000
const apiVersion = '2011-06-15'
const contentType = 'application/x-www-form-urlencoded; charset=utf-8'
const saidCharsMax = 300

export interface Role {
  readonly roleArn: string
  readonly sessionName: string
  readonly externalId?: string
}

/** STS AssumeRole, signed with `credentials`. Rejects with AUTHENTICATION_FAILED (STS refuses) or CREDENTIALS_UNAVAILABLE. */
export function assumeRole(role: Role, credentials: AwsCredentials, world: AwsWorld): Promise<AwsCredentials> {
  const external = role.externalId ? { ExternalId: role.externalId } : {}
  return ask(
    'AssumeRole',
    { RoleArn: role.roleArn, RoleSessionName: role.sessionName, ...external },
    world,
    credentials
  )
}

/** STS AssumeRoleWithWebIdentity; the token speaks for us, so nothing is signed. */
export function assumeRoleWithWebIdentity(role: Role, token: string, world: AwsWorld): Promise<AwsCredentials> {
  const fields = { RoleArn: role.roleArn, RoleSessionName: role.sessionName, WebIdentityToken: token }
  return ask('AssumeRoleWithWebIdentity', fields, world, null)
}

async function ask(
  action: string,
  fields: Readonly<Record<string, string>>,
  world: AwsWorld,
  signer: AwsCredentials | null
): Promise<AwsCredentials> {
  const url = stsUrl(world)
  const body = new URLSearchParams({ Action: action, Version: apiVersion, ...fields }).toString()
  const plain = { 'content-type': contentType }
  const headers = signer ? signed(url, plain, body, world, signer) : plain
  const answer = await askHttp({ url, method: 'POST', headers, body, timeoutMs: stsTimeoutMs })
  const where = `STS ${action} at ${url.host}`
  if (answer.status !== 200) throw refusal(where, fields.RoleArn ?? '', answer.status, answer.body)
  return credentialsFromFields(
    {
      id: element(answer.body, 'AccessKeyId'),
      secret: element(answer.body, 'SecretAccessKey'),
      token: element(answer.body, 'SessionToken'),
      expiration: element(answer.body, 'Expiration')
    },
    where
  )
}

function signed(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  { region, nowMs }: AwsWorld,
  signer: AwsCredentials
): Record<string, string> {
  const request = {
    method: 'POST',
    host: url.host,
    path: url.pathname,
    query: {},
    headers,
    payloadHash: sha256(body),
    service: 'sts',
    region,
    nowMs: nowMs()
  }
  return signHeaders(request, signer)
}

/** AWS_ENDPOINT_URL_STS is AWS's own variable, for private endpoints. */
function stsUrl({ env, region }: AwsWorld): URL {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const text = env.AWS_ENDPOINT_URL_STS || `https://sts.${region}.${suffix}/`
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && isSafeUrl(url)) return url
  throw unavailable('AWS_ENDPOINT_URL_STS must be an https URL (http only to this machine)')
}

function refusal(where: string, roleArn: string, status: number, body: string): BurrowError {
  const said = [element(body, 'Code'), element(body, 'Message')].filter(text => text !== undefined).join(': ')
  const message = `${where} for ${roleArn}: status ${status} ${said.slice(0, saidCharsMax)}`.trim()
  const isRefused = status === 400 || status === 403
  return new BurrowError(isRefused ? 'AUTHENTICATION_FAILED' : 'CREDENTIALS_UNAVAILABLE', message, { status })
}

/** The text of the first element of that name. What STS puts into those we read needs no unescaping. */
function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.trim()
}
