import { readFile } from 'node:fs/promises'
import { isLoopbackName } from '../../../../shared/safe-url.ts'
import { askHttp } from '../http-request.ts'
import { type AwsCredentials, credentialsFromJson, unavailable } from './credentials.ts'

export const containerTimeoutMs = 2_000
const ecsOrigin = 'http://169.254.170.2'
/** ECS, and EKS Pod Identity on IPv4 and IPv6: addresses that only the host itself answers. */
const hostAddresses = ['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]']

/** What ECS or EKS Pod Identity offers to this container; null = the environment names no endpoint. */
export async function containerCredentials(env: NodeJS.ProcessEnv): Promise<AwsCredentials | null> {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = env
  if (!relative && !full) return null
  const text = relative ? `${ecsOrigin}${relative}` : full!
  if (!URL.canParse(text)) throw unavailable('the container endpoint in the environment is no URL')
  const url = new URL(text)
  const isNear = isLoopbackName(url.hostname) || hostAddresses.includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isNear)) {
    throw unavailable(`the container endpoint ${url.origin} is neither https nor of this host`)
  }
  const token = await authorizationToken(env)
  const headers = token === '' ? {} : { authorization: token }
  const { status, body } = await askHttp({ url, method: 'GET', headers, timeoutMs: containerTimeoutMs })
  if (status !== 200) throw unavailable(`container endpoint ${url.origin}: status ${status}`)
  return credentialsFromJson(body, `container endpoint ${url.origin}`)
}

/** The file is renewed by its owner, so it is read each time; it goes before the plain value. */
async function authorizationToken(env: NodeJS.ProcessEnv): Promise<string> {
  const path = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
  if (!path) return env.AWS_CONTAINER_AUTHORIZATION_TOKEN ?? ''
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    throw unavailable(`AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ${path} cannot be read`, error)
  }
}
