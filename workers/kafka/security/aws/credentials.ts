import { BurrowError } from '../../../../shared/errors.ts'

export interface AwsCredentials {
  readonly accessKeyId: string
  /** Secret. */
  readonly secretAccessKey: string
  /** '' = they are no temporary ones. */
  readonly sessionToken: string
  /** ms since the epoch, Infinity = never. */
  readonly expiresAtMs: number
}

/** What the sources of credentials see of their surroundings. */
export interface AwsWorld {
  readonly env: NodeJS.ProcessEnv
  readonly homeFolder: string
  readonly region: string
  nowMs(): number
}

export function unavailable(why: string, cause?: unknown): BurrowError {
  return new BurrowError('CREDENTIALS_UNAVAILABLE', `AWS credentials: ${why}`, {}, cause)
}

/**
 * Credentials from the JSON of a container or instance endpoint: AccessKeyId, SecretAccessKey, Token, Expiration.
 * Throws CREDENTIALS_UNAVAILABLE that names what is missing; the answer itself is secret and is not quoted.
 */
export function credentialsFromJson(body: string, where: string): AwsCredentials {
  let fields: Partial<Record<string, unknown>> = {}
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) fields = value as Record<string, unknown>
  } catch {
    throw unavailable(`${where}: the answer is no JSON`)
  }
  return credentialsFromFields(
    { id: fields.AccessKeyId, secret: fields.SecretAccessKey, token: fields.Token, expiration: fields.Expiration },
    where
  )
}

interface Fields {
  readonly id: unknown
  readonly secret: unknown
  readonly token: unknown
  /** ISO 8601. */
  readonly expiration: unknown
}

export function credentialsFromFields({ id, secret, token, expiration }: Fields, where: string): AwsCredentials {
  if (typeof id !== 'string' || id === '') throw unavailable(`${where}: no AccessKeyId in the answer`)
  if (typeof secret !== 'string' || secret === '') throw unavailable(`${where}: no SecretAccessKey in the answer`)
  const expiresAtMs = typeof expiration === 'string' ? Date.parse(expiration) : Number.POSITIVE_INFINITY
  if (Number.isNaN(expiresAtMs)) throw unavailable(`${where}: the Expiration in the answer is no time`)
  return { accessKeyId: id, secretAccessKey: secret, sessionToken: typeof token === 'string' ? token : '', expiresAtMs }
}
