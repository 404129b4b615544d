import { homedir } from 'node:os'
import type { Clock } from '../../../../shared/clock.ts'
import { BurrowError } from '../../../../shared/errors.ts'
import type { IamSettings } from '../../../../shared/settings.ts'
import type { TokenSource } from '../bearer-token.ts'
import { RenewedValue } from '../renewed-value.ts'
import type { AwsCredentials, AwsWorld } from './credentials.ts'
import { defaultCredentials } from './default-credentials.ts'
import { mskToken } from './msk-token.ts'
import { profileCredentials } from './profile-credentials.ts'
import { assumeRole } from './sts.ts'

const sessionName = 'burrow-session'
/** Keys that never expire are looked for again after this long: their owner may have changed them. */
const lastingKeysKeptMs = 300_000

/** Temporary credentials are replaced when a fifth of their life is left, five minutes at most. */
function marginMs(lifetimeMs: number): number {
  return Math.min(lifetimeMs / 5, 300_000)
}

/** A fresh token for every login; the credentials it is signed with are kept as long as they are good. Throws CONFIG_INVALID. */
export function mskTokenSource(iam: IamSettings, clock: Clock, env: NodeJS.ProcessEnv = process.env): TokenSource {
  if (!/^[a-z0-9-]+$/.test(iam.region)) throw new BurrowError('CONFIG_INVALID', `iam.${iam.name}: region is required`)
  const world = { env, homeFolder: homedir(), region: iam.region, nowMs: () => clock.nowMs() }
  const fetch = async () => {
    const value = await credentialsFor(iam, world)
    const lasts = value.expiresAtMs === Number.POSITIVE_INFINITY
    return { value, expiresAtMs: lasts ? clock.nowMs() + lastingKeysKeptMs : value.expiresAtMs }
  }
  const credentials = new RenewedValue(fetch, marginMs, clock)
  return async () => mskToken(iam.region, await credentials.get(), clock.nowMs())
}

/** A role wins over a profile (spec 06 section 8). Rejects with CREDENTIALS_UNAVAILABLE or AUTHENTICATION_FAILED. */
export async function credentialsFor(iam: IamSettings, world: AwsWorld): Promise<AwsCredentials> {
  if (iam.roleArn !== '') {
    return assumeRole({ roleArn: iam.roleArn, sessionName }, await defaultCredentials(world), world)
  }
  if (iam.profile === '') return defaultCredentials(world)
  const found = await profileCredentials(iam.profile, world)
  if (found) return found
  throw new BurrowError('CREDENTIALS_UNAVAILABLE', `iam.${iam.name}: no AWS profile ${iam.profile} with credentials`)
}
