import { askHttp, type HttpAnswer } from '../http-request.ts'
import { type AwsCredentials, credentialsFromJson, unavailable } from './credentials.ts'

/** Elsewhere than on EC2 nobody answers, and the program waits that long to know. */
export const instanceTimeoutMs = 1_000
const sessionSeconds = 60
const defaultEndpoint = 'http://169.254.169.254'
const rolePath = '/latest/meta-data/iam/security-credentials/'

/** Credentials of the instance's role, by version 2 of the metadata service. Rejects with CREDENTIALS_UNAVAILABLE. */
export async function instanceCredentials(env: NodeJS.ProcessEnv): Promise<AwsCredentials> {
  if (env.AWS_EC2_METADATA_DISABLED?.toLowerCase() === 'true') throw unavailable('AWS_EC2_METADATA_DISABLED is set')
  const endpoint = env.AWS_EC2_METADATA_SERVICE_ENDPOINT || defaultEndpoint
  if (!URL.canParse(endpoint)) throw unavailable('AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL')
  const ask = async (method: 'GET' | 'PUT', path: string, headers: Record<string, string>): Promise<string> => {
    const url = new URL(path, endpoint)
    return bodyOf(await askHttp({ url, method, headers, timeoutMs: instanceTimeoutMs }), url)
  }
  const token = await ask('PUT', '/latest/api/token', {
    'x-aws-ec2-metadata-token-ttl-seconds': String(sessionSeconds)
  })
  const headers = { 'x-aws-ec2-metadata-token': token }
  const role = (await ask('GET', rolePath, headers)).split('\n')[0]!.trim()
  if (role === '') throw unavailable('the instance has no role')
  const body = await ask('GET', rolePath + encodeURIComponent(role), headers)
  return credentialsFromJson(body, `instance role ${role}`)
}

function bodyOf({ status, body }: HttpAnswer, url: URL): string {
  if (status !== 200) throw unavailable(`instance metadata ${url.pathname}: status ${status}`)
  return body
}
