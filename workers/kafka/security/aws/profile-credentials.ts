import { containerCredentials } from './container-credentials.ts'
import { type AwsCredentials, type AwsWorld, unavailable } from './credentials.ts'
import { environmentCredentials } from './environment-credentials.ts'
import { instanceCredentials } from './instance-credentials.ts'
import { type ProfileKeys, readProfile } from './shared-files.ts'
import { assumeRole, type Role } from './sts.ts'
import { webIdentity } from './web-identity.ts'

/** Roles that are assumed one after the other, at most. */
export const roleChainMax = 5

/**
 * Credentials of a profile of the shared files: keys, or a role that is assumed with a web identity or with other credentials.
 * null = there is no such profile and nobody has `named` it, or it holds nothing about credentials. Rejects with
 * CREDENTIALS_UNAVAILABLE for kinds that only AWS's own tools know (sso, credential_process).
 */
export async function profileCredentials(
  name: string,
  world: AwsWorld,
  how: 'named' | 'assumed' = 'named'
): Promise<AwsCredentials | null> {
  const profile = await readProfile(name, world)
  if (!profile && how === 'named') throw unavailable(`no profile ${name} in the shared files`)
  return profile ? resolve(name, profile, world, [name]) : null
}

async function resolve(
  name: string,
  profile: ProfileKeys,
  world: AwsWorld,
  chain: readonly string[]
): Promise<AwsCredentials | null> {
  const role = roleOf(profile)
  const tokenFile = profile.get('web_identity_token_file')
  if (role && tokenFile) return webIdentity(tokenFile, role, world)
  const source = profile.get('source_profile')
  if (role && source) return assumeRole(role, await sourceCredentials(source, profile, world, chain), world)
  const kind = profile.get('credential_source')
  if (role && kind) return assumeRole(role, await credentialsOfKind(kind, name, world), world)
  const keys = staticKeys(profile)
  if (keys) return keys
  for (const key of ['sso_session', 'sso_start_url', 'credential_process']) {
    if (profile.has(key)) throw unavailable(`profile ${name}: ${key} is not supported`)
  }
  if (role) throw unavailable(`profile ${name}: role_arn without source_profile, credential_source or web identity`)
  return null
}

async function sourceCredentials(
  source: string,
  profile: ProfileKeys,
  world: AwsWorld,
  chain: readonly string[]
): Promise<AwsCredentials> {
  const own = source === chain.at(-1) ? staticKeys(profile) : null // a role that is assumed with the profile's own keys
  if (own) return own
  const path = [...chain, source].join(' -> ')
  if (chain.includes(source)) throw unavailable(`profiles ${path}: a circle`)
  if (chain.length >= roleChainMax) throw unavailable(`profiles ${path}: more than ${roleChainMax}`)
  const next = await readProfile(source, world)
  const found = next && (await resolve(source, next, world, [...chain, source]))
  if (!found) throw unavailable(`profiles ${path}: the last one has no credentials`)
  return found
}

async function credentialsOfKind(kind: string, name: string, { env }: AwsWorld): Promise<AwsCredentials> {
  const found =
    kind === 'Environment'
      ? environmentCredentials(env)
      : kind === 'EcsContainer'
        ? await containerCredentials(env)
        : kind === 'Ec2InstanceMetadata'
          ? await instanceCredentials(env)
          : null
  if (!found) throw unavailable(`profile ${name}: credential_source ${kind} has none`)
  return found
}

function staticKeys(profile: ProfileKeys): AwsCredentials | null {
  const accessKeyId = profile.get('aws_access_key_id')
  const secretAccessKey = profile.get('aws_secret_access_key')
  if (!accessKeyId || !secretAccessKey) return null
  const sessionToken = profile.get('aws_session_token') ?? ''
  return { accessKeyId, secretAccessKey, sessionToken, expiresAtMs: Number.POSITIVE_INFINITY }
}

function roleOf(profile: ProfileKeys): Role | null {
  const roleArn = profile.get('role_arn')
  if (!roleArn) return null
  const externalId = profile.get('external_id')
  return {
    roleArn,
    sessionName: profile.get('role_session_name') || 'burrow-session',
    ...(externalId ? { externalId } : {})
  }
}
