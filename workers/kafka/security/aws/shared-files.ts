import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AwsWorld, unavailable } from './credentials.ts'
import { type IniSections, parseIni } from './ini-file.ts'

/** What both files say of a profile. */
export type ProfileKeys = ReadonlyMap<string, string>

/**
 * One profile of `~/.aws/config` and `~/.aws/credentials`, the latter winning; null = neither knows it. A file that is not there is
 * empty; one that cannot be read is CREDENTIALS_UNAVAILABLE with its path.
 */
export async function readProfile(name: string, { env, homeFolder }: AwsWorld): Promise<ProfileKeys | null> {
  const folder = join(homeFolder, '.aws')
  const config = await sectionsOf(env.AWS_CONFIG_FILE || join(folder, 'config'))
  const credentials = await sectionsOf(env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'))
  const inConfig = config.get(`profile ${name}`) ?? (name === 'default' ? config.get('default') : undefined)
  const inCredentials = credentials.get(name)
  if (!inConfig && !inCredentials) return null
  return new Map([...(inConfig ?? []), ...(inCredentials ?? [])])
}

async function sectionsOf(path: string): Promise<IniSections> {
  try {
    return parseIni(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map()
    throw unavailable(`${path} cannot be read`, error)
  }
}
