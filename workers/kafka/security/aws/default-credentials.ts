import { messageOf } from '../../../../shared/errors.ts'
import { containerCredentials } from './container-credentials.ts'
import { type AwsCredentials, type AwsWorld, unavailable } from './credentials.ts'
import { environmentCredentials } from './environment-credentials.ts'
import { instanceCredentials } from './instance-credentials.ts'
import { profileCredentials } from './profile-credentials.ts'
import { environmentWebIdentity } from './web-identity.ts'

/**
 * The first source that is configured (spec 06 section 8): environment, shared files, web identity, container, instance. A source that is configured and fails ends the search: with others' credentials one would be somebody else.
 */
export async function defaultCredentials(world: AwsWorld): Promise<AwsCredentials> {
  const { env } = world
  return (
    environmentCredentials(env) ??
    (await profileCredentials(env.AWS_PROFILE || 'default', world, env.AWS_PROFILE ? 'named' : 'assumed')) ??
    (await environmentWebIdentity(world)) ??
    (await containerCredentials(env)) ??
    (await lastResort(env))
  )
}

async function lastResort(env: NodeJS.ProcessEnv): Promise<AwsCredentials> {
  try {
    return await instanceCredentials(env)
  } catch (error) {
    const why = messageOf(error)
    throw unavailable(`none in environment, shared files, web identity or container, and none of the instance: ${why}`)
  }
}
