import type { AwsCredentials } from './credentials.ts'
import { emptyHash, presignUrl } from './sigv4.ts'

/** A broker accepts a token for this long. */
export const mskTokenSeconds = 900
const userAgent = 'burrow-node'

/** The token of one login at MSK (spec 06 section 8): a presigned URL that nobody ever opens. */
export function mskToken(region: string, credentials: AwsCredentials, nowMs: number): string {
  const url = presignUrl(
    {
      method: 'GET',
      host: `kafka.${region}.amazonaws.com`,
      path: '/',
      query: { Action: 'kafka-cluster:Connect' },
      headers: {},
      payloadHash: emptyHash,
      service: 'kafka-cluster',
      region,
      nowMs
    },
    credentials,
    mskTokenSeconds
  )
  // After the signature: it is there to be read, not to be trusted.
  return Buffer.from(`${url}&User-Agent=${userAgent}`, 'utf8').toString('base64url')
}
