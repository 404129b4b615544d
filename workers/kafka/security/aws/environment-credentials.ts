import type { AwsCredentials } from './credentials.ts'

/** AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN if they are temporary; null = not both are set. */
export function environmentCredentials(env: NodeJS.ProcessEnv): AwsCredentials | null {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env
  if (!id || !secret) return null
  return {
    accessKeyId: id,
    secretAccessKey: secret,
    sessionToken: token ?? '',
    expiresAtMs: Number.POSITIVE_INFINITY
  }
}
