import { readFile } from 'node:fs/promises'
import { type AwsCredentials, type AwsWorld, unavailable } from './credentials.ts'
import { assumeRoleWithWebIdentity } from './sts.ts'

/** As EKS sets it up for a service account; null = the environment names no token file. */
export async function environmentWebIdentity(world: AwsWorld): Promise<AwsCredentials | null> {
  const {
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_ROLE_ARN: roleArn,
    AWS_ROLE_SESSION_NAME: sessionName
  } = world.env
  if (!tokenFile) return null
  if (!roleArn) throw unavailable('AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not')
  return webIdentity(tokenFile, { roleArn, sessionName: sessionName || 'burrow-session' }, world)
}

export async function webIdentity(
  tokenFile: string,
  role: { readonly roleArn: string; readonly sessionName: string },
  world: AwsWorld
): Promise<AwsCredentials> {
  let token: string
  try {
    token = (await readFile(tokenFile, 'utf8')).trim()
  } catch (error) {
    throw unavailable(`web identity token file ${tokenFile} cannot be read`, error)
  }
  return assumeRoleWithWebIdentity(role, token, world)
}
